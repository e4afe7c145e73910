SELECT *
  FROM site.publication
 WHERE change_number > %(after)s
 ORDER BY change_number
 LIMIT %(limit)s
