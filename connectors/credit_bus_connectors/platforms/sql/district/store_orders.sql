-- The measures that the newest revision of each action orders.
INSERT INTO district.measure_order AS held (action_id, measure, revision)
SELECT action.action_id, ordered.measure, action.revision
  FROM district.action
  JOIN district.record ON record.event_id = action.event_id
 CROSS JOIN LATERAL jsonb_array_elements_text(record.body -> 'measures') AS ordered (measure)
 WHERE action.event_id = ANY (%(ids)s)
    ON CONFLICT (action_id, measure) DO UPDATE SET revision = excluded.revision
 WHERE held.revision < excluded.revision
