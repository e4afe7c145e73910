SELECT *
  FROM site.publication
 WHERE document_key = %(key)s
   AND state = 'shown' AND shown_from <= %(day)s AND coalesce(shown_until >= %(day)s, true)
