-- The newest revision of each document in the batch, unless a newer one is here already or it is
-- withdrawn.
INSERT INTO district.current_record AS held (document_key, event_id, type, provider, subject_key,
                                             document, revision, said_at, body)
SELECT DISTINCT ON (document_key)
       document_key, event_id, type, provider, subject_key, document, revision, said_at, body
  FROM district.record
 WHERE event_id = ANY (%(ids)s)
   AND NOT EXISTS (SELECT FROM district.withdrawal
                    WHERE withdrawal.document_key = record.document_key
                      AND withdrawal.revision >= record.revision)
 ORDER BY document_key, revision DESC
    ON CONFLICT (document_key) DO UPDATE
   SET event_id = excluded.event_id, revision = excluded.revision,
       said_at = excluded.said_at, body = excluded.body, corrected_by = NULL,
       publicity_ended_by = NULL
 WHERE held.revision < excluded.revision
