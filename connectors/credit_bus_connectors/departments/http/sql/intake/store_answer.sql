UPDATE intake.request
   SET status = %(status)s, answer = %(answer)s, answered_at = now()
 WHERE party = %(party)s AND key = %(key)s
