-- 标注异议: which records are disputed. An objection and its decision change nothing of how a record
-- stands; while one about it is not decided, whoever shows it says so. Both are case events, too.

-- Objections about records, each as it was said first; a newer revision is the same objection.
CREATE TABLE district.objection (
    raised_by     text NOT NULL,
    number        text NOT NULL,
    subject_key   text NOT NULL,
    document_key  bytea NOT NULL,  -- of the record, which may come later
    event_id      text NOT NULL REFERENCES district.record,
    said_revision integer NOT NULL,
    said_at       timestamptz NOT NULL,
    PRIMARY KEY (raised_by, number, subject_key)
);
CREATE INDEX objection_of_document ON district.objection (document_key);

-- Which of them are decided. A decision may come before the objection that it answers; one about
-- another record answers it not, for whoever may decide on that may not decide on this.
CREATE TABLE district.objection_decision (
    raised_by    text NOT NULL,
    number       text NOT NULL,
    subject_key  text NOT NULL,
    document_key bytea NOT NULL,
    event_id     text NOT NULL REFERENCES district.record,
    PRIMARY KEY (raised_by, number, subject_key, document_key)
);

CREATE VIEW district.open_objection AS
SELECT objection.document_key, objection.event_id, objection.said_at
  FROM district.objection
 WHERE NOT EXISTS (SELECT FROM district.objection_decision AS decided
                    WHERE (decided.raised_by, decided.number, decided.subject_key,
                           decided.document_key)
                        = (objection.raised_by, objection.number, objection.subject_key,
                           objection.document_key));

ALTER TABLE district.current_record ADD COLUMN disputed_by text REFERENCES district.record;
COMMENT ON COLUMN district.current_record.disputed_by IS
    'the earliest objection about it that is not decided: a record with one is shown as 异议';
COMMENT ON COLUMN district.record.about_key IS
    'the document of the record that a statement changes, disputes or decides about';

-- As before, with the objection at the end.
CREATE OR REPLACE VIEW district.listing AS
SELECT entry.document_key,
       entry.subject_key,
       entry.body ->> 'list' AS list,
       entry.body #>> '{subject,name}' AS name,
       entry.provider AS entered_by,
       entry.document AS document_number,
       (entry.body #>> '{term,begins_on}')::date AS begins_on,
       (entry.body #>> '{term,ends_on}')::date AS ends_on,
       (entry.body ->> 'publish')::boolean AS publish,
       entry.corrected_by,
       removal.removed_on,
       removal.cause AS removal_cause,
       removal.document_key IS NULL
           AND (entry.body #>> '{term,begins_on}')::date <= today.day
           AND coalesce((entry.body #>> '{term,ends_on}')::date, 'infinity') >= today.day
           AS in_force,
       entry.revision,
       entry.event_id,
       entry.publicity_ended_by,
       entry.disputed_by
  FROM district.current_record AS entry
  LEFT JOIN district.removal ON removal.document_key = entry.document_key
 CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS day) AS today
 WHERE entry.type = 'listing.entered';
