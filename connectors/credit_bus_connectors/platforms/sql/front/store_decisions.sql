-- Which objections are decided; what is decided once stays so.
INSERT INTO front.objection_decision (objection_key, event_id, yy_rq)
SELECT DISTINCT ON (objection_key) decode(objection_key, 'hex'), event_id, yy_rq
  FROM jsonb_to_recordset(%(lines)s)
       AS line (objection_key text, said_revision integer, event_id text, yy_rq text)
 ORDER BY objection_key, said_revision
    ON CONFLICT (objection_key) DO NOTHING
