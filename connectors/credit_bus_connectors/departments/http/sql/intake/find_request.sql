SELECT digest, items, said_at IS NOT NULL, status, answer
  FROM intake.request
 WHERE party = %(party)s AND key = %(key)s
