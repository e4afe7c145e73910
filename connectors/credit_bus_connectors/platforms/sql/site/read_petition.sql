SELECT kind, state, received_at, answered_at, answer
  FROM site.petition
 WHERE receipt_digest = %(receipt_digest)s
