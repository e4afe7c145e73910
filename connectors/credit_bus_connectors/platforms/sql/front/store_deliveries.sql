-- Every revision once, also one that comes after a newer one: it gets no row for the province.
INSERT INTO front.delivery (recid, event_id, type, document_key, revision, provider, subject_key,
                            correlation_id, traceparent)
SELECT recid, event_id, type, decode(document_key, 'hex'), revision, provider, subject_key,
       correlation_id, traceparent
  FROM jsonb_to_recordset(%(deliveries)s)
       AS told (recid text, event_id text, type text, document_key text, revision integer,
               provider text, subject_key text, correlation_id text, traceparent text)
    ON CONFLICT (recid) DO NOTHING
