-- How records stand: corrected by a revision, withdrawn up to one, and entries on lists that are
-- over. Each is a state of its own, beside the others; the record itself stays as it came.

-- The document of the record whose standing a statement changes.
ALTER TABLE district.record ADD COLUMN about_key bytea;

-- Up to which revision a record is withdrawn. A statement may come before the record it is about.
CREATE TABLE district.withdrawal (
    document_key  bytea PRIMARY KEY,
    revision      integer NOT NULL,  -- the newest that is withdrawn, and with it every older one
    cause         text NOT NULL,
    explanation   text NOT NULL,
    decided_on    date NOT NULL,
    event_id      text NOT NULL REFERENCES district.record,
    said_revision integer NOT NULL  -- of the statement itself
);

-- By which revision a record was corrected.
CREATE TABLE district.correction (
    document_key  bytea NOT NULL,
    revision      integer NOT NULL,
    cause         text NOT NULL,
    explanation   text NOT NULL,
    corrected_on  date NOT NULL,
    event_id      text NOT NULL REFERENCES district.record,
    said_revision integer NOT NULL,
    PRIMARY KEY (document_key, revision)
);

-- Which entries on lists are over, in all their revisions.
CREATE TABLE district.removal (
    document_key  bytea PRIMARY KEY,
    cause         text NOT NULL,
    removed_on    date NOT NULL,
    event_id      text NOT NULL REFERENCES district.record,
    said_revision integer NOT NULL
);

-- A withdrawn record is not current; one that was corrected names the newest correction up to its
-- revision.
ALTER TABLE district.current_record ADD COLUMN corrected_by text REFERENCES district.record;
COMMENT ON TABLE district.current_record IS
    'the newest revision of each document, unless it is withdrawn';

-- What the register says of a subject stands over what others wrote of it.
ALTER TABLE district.legal_person ADD COLUMN from_register boolean NOT NULL DEFAULT false;

CREATE VIEW district.listing AS
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
       entry.event_id
  FROM district.current_record AS entry
  LEFT JOIN district.removal ON removal.document_key = entry.document_key
 CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS day) AS today
 WHERE entry.type = 'listing.entered';

CREATE VIEW district.registration AS
SELECT subject_key AS uscc,
       provider AS registered_by,
       body #>> '{subject,name}' AS name,
       body #>> '{subject,category}' AS category,
       body #>> '{subject,registration_number}' AS registration_number,
       body #>> '{subject,organisation_code}' AS organisation_code,
       body #>> '{subject,representative_name}' AS representative_name,
       body ->> 'kind' AS kind,
       (body ->> 'capital_10k')::numeric(18, 6) AS capital_10k,
       body ->> 'currency' AS currency,
       (body ->> 'established_on')::date AS established_on,
       (body ->> 'term_from')::date AS term_from,
       (body ->> 'term_to')::date AS term_to,
       body ->> 'authority_name' AS authority_name,
       body ->> 'state' AS state,
       body ->> 'scope' AS scope,
       body ->> 'seat' AS seat,
       body ->> 'industry_code' AS industry_code,
       (body ->> 'recorded_on')::date AS recorded_on,
       corrected_by,
       revision,
       event_id
  FROM district.current_record
 WHERE type = 'subject.registered';
