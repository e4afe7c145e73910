SELECT trace, event_id, state, reasons, judged_at, rule_version
  FROM intake.statement
 WHERE party = %(party)s AND key = %(key)s
