SELECT day, party, what, sum(n)::bigint
  FROM casework.count
 WHERE day BETWEEN %(first)s AND %(last)s
 GROUP BY day, party, what
