INSERT INTO district.measure_execution AS held (action_id, measure, department, outcome,
                                                executed_on, result, amount_10k, batch_number,
                                                operator, revision, event_id)
SELECT DISTINCT ON (document_key)
       body ->> 'action_id', body ->> 'measure', provider, body ->> 'outcome',
       (body ->> 'executed_on')::date, body ->> 'result', (body ->> 'amount_10k')::numeric(18, 6),
       body ->> 'batch_number', body ->> 'operator', revision, event_id
  FROM district.record
 WHERE event_id = ANY (%(ids)s) AND type = 'measure.executed'
 ORDER BY document_key, revision DESC
    ON CONFLICT (action_id, measure, department) DO UPDATE
   SET outcome = excluded.outcome, executed_on = excluded.executed_on, result = excluded.result,
       amount_10k = excluded.amount_10k, batch_number = excluded.batch_number,
       operator = excluded.operator, revision = excluded.revision, event_id = excluded.event_id
 WHERE held.revision < excluded.revision
