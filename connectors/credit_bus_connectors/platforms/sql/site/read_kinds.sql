-- Each kind by itself, so that it is read in the order of its index.
SELECT publication.*
  FROM unnest(%(kinds)s::text[]) AS wanted (kind)
 CROSS JOIN LATERAL (
       SELECT *
         FROM site.publication AS one
        WHERE one.kind = wanted.kind
          AND (%(title)s::text IS NULL OR title = %(title)s)
          AND state = 'shown' AND shown_from <= %(day)s AND coalesce(shown_until >= %(day)s, true)
        ORDER BY decided_on DESC, document_key
        LIMIT %(limit)s + %(offset)s) AS publication
 ORDER BY decided_on DESC, document_key
 LIMIT %(limit)s OFFSET %(offset)s
