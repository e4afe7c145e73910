-- Rows for the province, in order, but none of a revision that is behind the newest delivered, or
-- that is withdrawn.
INSERT INTO front.l_gz_xzxk
       (recid, xk_xdr_mc, xk_xdr_lb, xk_xdr_shxym, xk_xdr_gszc, xk_xdr_zzjg, xk_xdr_swdj,
        xk_xdr_sydw, xk_xdr_shzz, xk_frdb, xk_fr_zjlx, xk_fr_zjhm, xk_xdr_zjlx, xk_xdr_zjhm,
        xk_xkws, xk_wsh, xk_xklb, xk_xkzs, xk_xkbh, xk_nr, xk_jdrq, xk_yxqz, xk_yxqzi, xk_xkjg,
        xk_xkjgdm, xk_zt, xk_lydw, xk_lydwdm, bz)
SELECT line.recid, line.xk_xdr_mc, line.xk_xdr_lb, line.xk_xdr_shxym, line.xk_xdr_gszc,
       line.xk_xdr_zzjg, line.xk_xdr_swdj, line.xk_xdr_sydw, line.xk_xdr_shzz, line.xk_frdb,
       line.xk_fr_zjlx, line.xk_fr_zjhm, line.xk_xdr_zjlx, line.xk_xdr_zjhm, line.xk_xkws,
       line.xk_wsh, line.xk_xklb, line.xk_xkzs, line.xk_xkbh, line.xk_nr, line.xk_jdrq,
       line.xk_yxqz, line.xk_yxqzi, line.xk_xkjg, line.xk_xkjgdm, line.xk_zt, line.xk_lydw,
       line.xk_lydwdm, line.bz
  FROM jsonb_populate_recordset(NULL::front.l_gz_xzxk, %(lines)s) WITH ORDINALITY
       AS line
  JOIN front.delivery ON delivery.recid = line.recid
 WHERE delivery.revision = (SELECT max(newest.revision) FROM front.delivery AS newest
                             WHERE newest.document_key = delivery.document_key)
   AND NOT EXISTS (SELECT FROM front.withdrawal
                    WHERE withdrawal.document_key = delivery.document_key
                      AND withdrawal.revision >= delivery.revision)
 ORDER BY line.ordinality
    ON CONFLICT (recid) DO NOTHING
