-- For each row that the province took and that no longer stands, a row in the table of withdrawals,
-- in the words of the first withdrawal. A statement of its own, after cancel_rows: a row that was
-- taken meanwhile is seen here.
INSERT INTO front.l_gz_xycx (recid, cx_xdr_mc, cx_xdr_shxym, cx_wsh, cx_yy, cx_sm, cx_yjwh, cx_rq)
SELECT taken.recid, cx_xdr_mc, cx_xdr_shxym, cx_wsh, cx_yy, cx_sm, cx_yjwh, cx_rq
  FROM front.withdrawal
  JOIN front.delivery ON delivery.document_key = withdrawal.document_key
                     AND delivery.revision <= withdrawal.revision
  JOIN (SELECT recid FROM front.l_gz_xzxk WHERE state = 1
         UNION ALL SELECT recid FROM front.l_gz_xzcf WHERE state = 1
         UNION ALL SELECT recid FROM front.l_gz_xzxk_2016 WHERE state = 1
         UNION ALL SELECT recid FROM front.l_gz_xzcf_2016 WHERE state = 1) AS taken
    ON taken.recid = delivery.recid
 WHERE withdrawal.event_id = ANY (%(ids)s)
 ORDER BY withdrawal.revision, taken.recid
    ON CONFLICT (recid) DO NOTHING
