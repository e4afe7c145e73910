-- What the province refused and nobody was told of, the longest known first.
SELECT delivery.event_id, delivery.type, delivery.provider, delivery.subject_key, delivery.revision,
       delivery.correlation_id, delivery.traceparent, line.error_text, line.marked_at
  FROM (SELECT recid, error_text, marked_at FROM front.l_gz_xzxk WHERE state = 2
         UNION ALL SELECT recid, error_text, marked_at FROM front.l_gz_xzcf WHERE state = 2
         UNION ALL SELECT recid, error_text, marked_at FROM front.l_gz_xzxk_2016 WHERE state = 2
         UNION ALL SELECT recid, error_text, marked_at FROM front.l_gz_xzcf_2016 WHERE state = 2
       ) AS line
  JOIN front.delivery USING (recid)
 WHERE delivery.refusal_told_at IS NULL AND delivery.provider IS NOT NULL
 ORDER BY line.marked_at, delivery.recid
 LIMIT %(most)s
