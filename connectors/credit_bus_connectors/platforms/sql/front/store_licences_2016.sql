-- Rows for the province, in order, but none of a revision that is behind the newest delivered, or
-- that is withdrawn.
INSERT INTO front.l_gz_xzxk_2016
       (recid, xk_wsh, xk_xmmc, xk_splb, xk_nr, xk_xdr, xk_xdr_shxym, xk_xdr_zdm, xk_xdr_gsdj,
        xk_xdr_swdj, xk_xdr_sfz, xk_fr, xk_jdrq, xk_jzq, xk_xzjg, xk_zt, dfbm, sjc, bz, xk_bm,
        xk_syfw)
SELECT line.recid, line.xk_wsh, line.xk_xmmc, line.xk_splb, line.xk_nr, line.xk_xdr,
       line.xk_xdr_shxym, line.xk_xdr_zdm, line.xk_xdr_gsdj, line.xk_xdr_swdj, line.xk_xdr_sfz,
       line.xk_fr, line.xk_jdrq, line.xk_jzq, line.xk_xzjg, line.xk_zt, line.dfbm, line.sjc,
       line.bz, line.xk_bm, line.xk_syfw
  FROM jsonb_populate_recordset(NULL::front.l_gz_xzxk_2016, %(lines)s) WITH ORDINALITY
       AS line
  JOIN front.delivery ON delivery.recid = line.recid
 WHERE delivery.revision = (SELECT max(newest.revision) FROM front.delivery AS newest
                             WHERE newest.document_key = delivery.document_key)
   AND NOT EXISTS (SELECT FROM front.withdrawal
                    WHERE withdrawal.document_key = delivery.document_key
                      AND withdrawal.revision >= delivery.revision)
 ORDER BY line.ordinality
    ON CONFLICT (recid) DO NOTHING
