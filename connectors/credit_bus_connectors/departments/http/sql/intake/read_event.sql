SELECT trace, event_id, state, reasons, judged_at, rule_version
  FROM intake.statement
  JOIN intake.request USING (party, key)
 WHERE event_id = %(event_id)s AND party = %(party)s
 ORDER BY state IN ('accepted', 'duplicate') DESC, received_at DESC, position DESC
 LIMIT 1
