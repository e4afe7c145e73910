-- What the province's exchange does with rows of the table of withdrawals: takes them in order.
UPDATE front.l_gz_xycx AS line
   SET marked_at = now(), state = 1
  FROM (SELECT recid
          FROM front.l_gz_xycx
         WHERE state = 0
         ORDER BY sequence
         LIMIT %(rows_max)s
           FOR UPDATE SKIP LOCKED) AS waiting
 WHERE line.recid = waiting.recid
