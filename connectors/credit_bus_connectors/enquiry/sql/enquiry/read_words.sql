SELECT action_id, 'ordered', measure, NULL, NULL, revision
  FROM district.measure_order WHERE action_id = ANY (%(actions)s)
 UNION ALL
SELECT action_id, 'responded', measure, department, decision, revision
  FROM district.measure_response WHERE action_id = ANY (%(actions)s)
 UNION ALL
SELECT action_id, 'executed', measure, department, outcome, revision
  FROM district.measure_execution WHERE action_id = ANY (%(actions)s)
 UNION ALL
SELECT action_id, 'lifted', measure, department, NULL, revision
  FROM district.measure_lifting WHERE action_id = ANY (%(actions)s)
 UNION ALL
SELECT action_id, type, NULL, said_by, reference, revision
  FROM district.case_event
 WHERE action_id = ANY (%(actions)s)
   AND type IN ('action.suspended', 'action.resumed', 'action.ended')
