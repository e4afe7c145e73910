SELECT beside.kind, beside.name, beside.subject, beside.due_on, beside.state
  FROM casework.row AS beside
 WHERE beside.subject = COALESCE(
         %(subject)s::text,
         (SELECT named.subject
            FROM casework.row AS named
           WHERE named.kind = ANY (%(kinds)b::text[])
             AND named.name >= %(first)s AND named.name < %(after)s
           LIMIT 1))
