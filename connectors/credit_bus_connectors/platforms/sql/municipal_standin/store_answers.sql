-- An accepted key is answered for ever; a refused one is judged anew, but keeps its first refusal.
INSERT INTO municipal_standin.answer AS given (key, digest, result, reasons, item)
SELECT key, digest, result, reasons, item
  FROM jsonb_to_recordset(%(judged)s)
       AS judged (place integer, key text, digest text, result text, reasons jsonb, item jsonb)
 ORDER BY place
    ON CONFLICT (key) DO UPDATE
   SET result = excluded.result, reasons = excluded.reasons, answered_at = now()
 WHERE given.result = 'refused' AND excluded.result = 'accepted'
       AND given.digest = excluded.digest
