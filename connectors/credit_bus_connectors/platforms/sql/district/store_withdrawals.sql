-- The furthest withdrawal of each record, whichever came first.
INSERT INTO district.withdrawal AS held (document_key, revision, cause, explanation, decided_on,
                                         event_id, said_revision)
SELECT DISTINCT ON (about_key)
       about_key, (body ->> 'record_revision')::integer, body ->> 'cause', body ->> 'explanation',
       (body ->> 'decided_on')::date, event_id, revision
  FROM district.record
 WHERE event_id = ANY (%(ids)s) AND type = 'record.withdrawn'
 ORDER BY about_key, (body ->> 'record_revision')::integer DESC, revision DESC
    ON CONFLICT (document_key) DO UPDATE
   SET revision = excluded.revision, cause = excluded.cause, explanation = excluded.explanation,
       decided_on = excluded.decided_on, event_id = excluded.event_id,
       said_revision = excluded.said_revision
 WHERE (held.revision, held.said_revision) < (excluded.revision, excluded.said_revision)
