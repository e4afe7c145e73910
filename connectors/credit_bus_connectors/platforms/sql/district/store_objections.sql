-- Each objection about a record in its first revision, whichever comes first.
INSERT INTO district.objection AS held (raised_by, number, subject_key, document_key, event_id,
                                        said_revision, said_at)
SELECT DISTINCT ON (provider, document, subject_key)
       provider, document, subject_key, about_key, event_id, revision, said_at
  FROM district.record
 WHERE event_id = ANY (%(ids)s) AND type = 'objection.raised' AND about_key IS NOT NULL
 ORDER BY provider, document, subject_key, revision
    ON CONFLICT (raised_by, number, subject_key) DO UPDATE
   SET document_key = excluded.document_key, event_id = excluded.event_id,
       said_revision = excluded.said_revision, said_at = excluded.said_at
 WHERE excluded.said_revision < held.said_revision
