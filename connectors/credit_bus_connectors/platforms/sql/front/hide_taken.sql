-- For each row that the province took and whose publicity is over, a row in the table of 停止公示, in
-- the words of the first end. A statement of its own, after hide_rows: a row that was taken meanwhile
-- is seen here.
INSERT INTO front.l_gz_tzgs (recid, tz_xdr_mc, tz_xdr_shxym, tz_wsh, tz_yy, tz_gz, tz_rq)
SELECT taken.recid, tz_xdr_mc, tz_xdr_shxym, tz_wsh, tz_yy, tz_gz, tz_rq
  FROM front.publicity_end AS ended
  JOIN front.delivery ON delivery.document_key = ended.document_key
                     AND delivery.revision <= ended.revision
  JOIN (SELECT recid FROM front.l_gz_xzxk WHERE state = 1
         UNION ALL SELECT recid FROM front.l_gz_xzcf WHERE state = 1
         UNION ALL SELECT recid FROM front.l_gz_xzxk_2016 WHERE state = 1
         UNION ALL SELECT recid FROM front.l_gz_xzcf_2016 WHERE state = 1) AS taken
    ON taken.recid = delivery.recid
 WHERE ended.event_id = ANY (%(ids)s)
 ORDER BY ended.revision, taken.recid
    ON CONFLICT (recid) DO NOTHING
