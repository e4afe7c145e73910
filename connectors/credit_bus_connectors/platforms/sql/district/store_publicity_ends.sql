-- The furthest end of publicity of each record, whichever came first.
INSERT INTO district.publicity_end AS held (document_key, revision, cause, because_of, rule, ended_on,
                                            event_id, said_revision)
SELECT DISTINCT ON (about_key)
       about_key, (body ->> 'record_revision')::integer, body ->> 'cause', body ->> 'because_of',
       body ->> 'rule', (body ->> 'ended_on')::date, event_id, revision
  FROM district.record
 WHERE event_id = ANY (%(ids)s) AND type = 'publicity.ended'
 ORDER BY about_key, (body ->> 'record_revision')::integer DESC, revision DESC
    ON CONFLICT (document_key) DO UPDATE
   SET revision = excluded.revision, cause = excluded.cause, because_of = excluded.because_of,
       rule = excluded.rule, ended_on = excluded.ended_on, event_id = excluded.event_id,
       said_revision = excluded.said_revision
 WHERE (held.revision, held.said_revision) < (excluded.revision, excluded.said_revision)
