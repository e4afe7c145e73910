-- Every revision once. A duplicate changes nothing.
INSERT INTO district.record (event_id, type, provider, subject_key, document_key, document,
                             revision, action_id, causation_id, said_at, about_key, body)
SELECT event_id, type, provider, subject_key, decode(document_key, 'hex'), document,
       revision, action_id, causation_id, said_at, decode(about_key, 'hex'), body
  FROM jsonb_to_recordset(%(batch)s)
       AS event (place integer, event_id text, type text, provider text, subject_key text,
                 document_key text, document text, revision integer, action_id text,
                 causation_id text, said_at timestamptz, about_key text, body jsonb)
 ORDER BY place
    ON CONFLICT (event_id) DO NOTHING
