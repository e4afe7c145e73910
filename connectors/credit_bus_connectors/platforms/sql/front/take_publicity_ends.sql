-- What the province's exchange does with rows of the table of 停止公示: takes them in order.
UPDATE front.l_gz_tzgs AS line
   SET marked_at = now(), state = 1
  FROM (SELECT recid
          FROM front.l_gz_tzgs
         WHERE state = 0
         ORDER BY sequence
         LIMIT %(rows_max)s
           FOR UPDATE SKIP LOCKED) AS waiting
 WHERE line.recid = waiting.recid
