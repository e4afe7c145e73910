SELECT kind, name, subject
  FROM casework.row
 WHERE lane = %(lane)s AND due_on <= %(today)s
 ORDER BY due_on, kind, name
 LIMIT %(most)s
