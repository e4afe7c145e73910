-- What the province's exchange does with rows of the table of 异议标记: takes them in order.
UPDATE front.l_gz_yybj AS line
   SET marked_at = now(), state = 1
  FROM (SELECT sequence
          FROM front.l_gz_yybj
         WHERE state = 0
         ORDER BY sequence
         LIMIT %(rows_max)s
           FOR UPDATE SKIP LOCKED) AS waiting
 WHERE line.sequence = waiting.sequence
