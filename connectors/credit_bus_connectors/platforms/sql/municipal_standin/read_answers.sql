SELECT key, digest, result, reasons, acknowledgement, answered_at
  FROM municipal_standin.answer
 WHERE key = ANY (%(keys)s)
