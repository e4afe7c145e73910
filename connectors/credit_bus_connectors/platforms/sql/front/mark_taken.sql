-- For each row that the province took and that it was told otherwise of, by the row itself or by the
-- last mark, a row in the table of marks. A statement of its own, after mark_rows: a row that was
-- taken meanwhile is seen here.
INSERT INTO front.l_gz_yybj (recid, yy_xdr_mc, yy_xdr_shxym, yy_wsh, yy_bj, yy_rq)
SELECT taken.recid, dispute.yy_xdr_mc, dispute.yy_xdr_shxym, dispute.yy_wsh,
       CASE WHEN dispute.disputed THEN '1' ELSE '0' END, dispute.yy_rq
  FROM (SELECT document_key FROM front.objection WHERE event_id = ANY (%(ids)s)
         UNION
        SELECT objection.document_key
          FROM front.objection_decision JOIN front.objection USING (objection_key)
         WHERE objection_decision.event_id = ANY (%(ids)s)) AS touched
  CROSS JOIN LATERAL (
        -- The earliest open objection, or, when all are decided, the one that was decided last.
        SELECT yy_xdr_mc, yy_xdr_shxym, yy_wsh, decided.objection_key IS NULL AS disputed,
               coalesce(decided.yy_rq, objection.yy_rq) AS yy_rq
          FROM front.objection
          LEFT JOIN front.objection_decision AS decided USING (objection_key)
         WHERE objection.document_key = touched.document_key
         ORDER BY decided.yy_rq DESC NULLS FIRST, objection.yy_rq, objection.event_id
         LIMIT 1) AS dispute
  JOIN front.delivery USING (document_key)
  JOIN (SELECT recid, disputed FROM front.l_gz_xzxk WHERE state = 1
         UNION ALL SELECT recid, disputed FROM front.l_gz_xzcf WHERE state = 1
         UNION ALL SELECT recid, disputed FROM front.l_gz_xzxk_2016 WHERE state = 1
         UNION ALL SELECT recid, disputed FROM front.l_gz_xzcf_2016 WHERE state = 1) AS taken
    ON taken.recid = delivery.recid
  LEFT JOIN LATERAL (SELECT yy_bj FROM front.l_gz_yybj AS told
                      WHERE told.recid = taken.recid
                      ORDER BY sequence DESC LIMIT 1) AS told ON true
 WHERE dispute.disputed <> coalesce(told.yy_bj = '1', taken.disputed)
 ORDER BY delivery.revision, taken.recid
