-- Every correction of each record, each in its newest wording.
INSERT INTO district.correction AS held (document_key, revision, cause, explanation, corrected_on,
                                         event_id, said_revision)
SELECT DISTINCT ON (about_key, (body ->> 'record_revision')::integer)
       about_key, (body ->> 'record_revision')::integer, body ->> 'cause', body ->> 'explanation',
       (body ->> 'corrected_on')::date, event_id, revision
  FROM district.record
 WHERE event_id = ANY (%(ids)s) AND type = 'record.corrected'
 ORDER BY about_key, (body ->> 'record_revision')::integer, revision DESC
    ON CONFLICT (document_key, revision) DO UPDATE
   SET cause = excluded.cause, explanation = excluded.explanation,
       corrected_on = excluded.corrected_on, event_id = excluded.event_id,
       said_revision = excluded.said_revision
 WHERE held.said_revision < excluded.said_revision
