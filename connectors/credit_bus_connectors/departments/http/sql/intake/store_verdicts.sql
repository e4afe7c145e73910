UPDATE intake.statement AS statement
   SET state = told.state, reasons = told.reasons, judged_at = told.judged_at,
       rule_version = told.rule_version
  FROM jsonb_to_recordset(%(verdicts)s)
       AS told (trace text, state text, reasons jsonb, judged_at timestamptz, rule_version text)
 WHERE statement.trace = told.trace AND statement.state = 'pending'
