INSERT INTO district.measure_lifting AS held (action_id, measure, department, because_of, lifted_on,
                                              result, document_number, operator, revision,
                                              event_id)
SELECT DISTINCT ON (document_key)
       body ->> 'action_id', body ->> 'measure', provider, body ->> 'because_of',
       (body ->> 'lifted_on')::date, body ->> 'result', body ->> 'document_number',
       body ->> 'operator', revision, event_id
  FROM district.record
 WHERE event_id = ANY (%(ids)s) AND type = 'measure.lifted'
 ORDER BY document_key, revision DESC
    ON CONFLICT (action_id, measure, department) DO UPDATE
   SET because_of = excluded.because_of, lifted_on = excluded.lifted_on, result = excluded.result,
       document_number = excluded.document_number, operator = excluded.operator,
       revision = excluded.revision, event_id = excluded.event_id
 WHERE held.revision < excluded.revision
