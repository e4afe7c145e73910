INSERT INTO district.measure_response AS held (action_id, measure, department, decision,
                                               refusal_reason, refusal_basis, responded_on,
                                               revision, event_id)
SELECT DISTINCT ON (document_key)
       body ->> 'action_id', body ->> 'measure', provider, body ->> 'decision',
       body ->> 'refusal_reason', body ->> 'refusal_basis', (body ->> 'responded_on')::date,
       revision, event_id
  FROM district.record
 WHERE event_id = ANY (%(ids)s) AND type = 'measure.responded'
 ORDER BY document_key, revision DESC
    ON CONFLICT (action_id, measure, department) DO UPDATE
   SET decision = excluded.decision, refusal_reason = excluded.refusal_reason,
       refusal_basis = excluded.refusal_basis, responded_on = excluded.responded_on,
       revision = excluded.revision, event_id = excluded.event_id
 WHERE held.revision < excluded.revision
