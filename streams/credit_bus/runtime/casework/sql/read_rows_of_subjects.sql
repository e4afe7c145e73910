SELECT kind, name, subject, due_on, state
  FROM casework.row
 WHERE subject = ANY (%(subjects)s::text[]) AND lane = %(lane)s
