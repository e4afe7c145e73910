SELECT kind, name, subject, due_on, state
  FROM casework.row
 WHERE subject = ANY (%(subjects)b::text[]) AND lane = %(lane)s
