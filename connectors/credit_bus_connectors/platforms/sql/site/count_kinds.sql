SELECT kind, count(*) AS shown
  FROM site.publication
 WHERE state = 'shown' AND shown_from <= %(day)s AND coalesce(shown_until >= %(day)s, true)
 GROUP BY kind
