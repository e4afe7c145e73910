-- Whose public display is over: a state of its own, beside how a record stands. The record stays.

-- Up to which revision a record is shown no more. A statement may come before the record it is about.
CREATE TABLE district.publicity_end (
    document_key  bytea PRIMARY KEY,
    revision      integer NOT NULL,  -- the newest that is shown no more, and with it every older one
    cause         text NOT NULL,
    because_of    text,  -- the event that granted the repair
    rule          text NOT NULL,
    ended_on      date NOT NULL,
    event_id      text NOT NULL REFERENCES district.record,
    said_revision integer NOT NULL  -- of the statement itself
);

ALTER TABLE district.current_record ADD COLUMN publicity_ended_by text REFERENCES district.record;
COMMENT ON COLUMN district.current_record.publicity_ended_by IS
    'the statement that ended its publicity: a record with one is kept and shown to nobody in public';

-- As before, with the end of publicity at the end.
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
       entry.publicity_ended_by
  FROM district.current_record AS entry
  LEFT JOIN district.removal ON removal.document_key = entry.document_key
 CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS day) AS today
 WHERE entry.type = 'listing.entered';
