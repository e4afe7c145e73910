-- Rows are locked by trace, as store_verdicts locks them: receipts may come while this runs.
WITH said AS (
    UPDATE intake.request SET said_at = now() WHERE party = %(party)s AND key = %(key)s
), held AS (
    SELECT trace FROM intake.statement
     WHERE party = %(party)s AND key = %(key)s
     ORDER BY trace
       FOR UPDATE
)
UPDATE intake.statement AS statement SET headers = NULL, value = NULL
  FROM held
 WHERE statement.trace = held.trace
