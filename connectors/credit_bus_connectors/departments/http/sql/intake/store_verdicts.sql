-- The first verdict on each statement. Rows are locked by trace, as mark_said locks them.
WITH told AS (
    SELECT * FROM jsonb_to_recordset(%(verdicts)s)
           AS told (trace text, state text, reasons jsonb, judged_at timestamptz, rule_version text)
), held AS (
    SELECT statement.trace FROM intake.statement
     WHERE statement.trace IN (SELECT trace FROM told) AND statement.state = 'pending'
     ORDER BY statement.trace
       FOR UPDATE
)
UPDATE intake.statement AS statement
   SET state = told.state, reasons = told.reasons, judged_at = told.judged_at,
       rule_version = told.rule_version
  FROM told JOIN held USING (trace)
 WHERE statement.trace = told.trace
