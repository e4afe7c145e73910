SELECT *
  FROM site.publication
 WHERE uscc = %(uscc)s
   AND state = 'shown' AND shown_from <= %(day)s AND coalesce(shown_until >= %(day)s, true)
 ORDER BY decided_on DESC, document_key
 LIMIT %(limit)s OFFSET %(offset)s
