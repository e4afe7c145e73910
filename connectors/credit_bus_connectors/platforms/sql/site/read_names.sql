-- By the name under which each was published last; whoever has no code is not looked for.
SELECT uscc, (array_agg(name ORDER BY decided_on DESC, document_key))[1] AS name,
       count(*) AS records
  FROM site.publication
 WHERE strpos(sought, %(text)s) > 0
   AND state = 'shown' AND shown_from <= %(day)s AND coalesce(shown_until >= %(day)s, true)
 GROUP BY uscc
 ORDER BY bool_or(starts_with(sought, %(text)s)) DESC, 2, uscc
 LIMIT %(limit)s
