-- Rows for the province, in order, but none of a revision that is behind the newest delivered, or
-- that is withdrawn.
INSERT INTO front.l_gz_xzcf_2016
       (recid, cf_wsh, cf_cfmc, cf_cflb1, cf_cflb2, cf_sy, cf_yj, cf_xdr_mc, cf_xdr_shxym,
        cf_xdr_zdm, cf_xdr_gsdj, cf_xdr_swdj, cf_xdr_sfz, cf_fr, cf_jg, cf_jdrq, cf_xzjg, cf_zt,
        dfbm, sjc, bz, cf_bm, cf_syfw, cf_sxyzcd, cf_jzq, cf_gsjzq)
SELECT line.recid, line.cf_wsh, line.cf_cfmc, line.cf_cflb1, line.cf_cflb2, line.cf_sy,
       line.cf_yj, line.cf_xdr_mc, line.cf_xdr_shxym, line.cf_xdr_zdm, line.cf_xdr_gsdj,
       line.cf_xdr_swdj, line.cf_xdr_sfz, line.cf_fr, line.cf_jg, line.cf_jdrq, line.cf_xzjg,
       line.cf_zt, line.dfbm, line.sjc, line.bz, line.cf_bm, line.cf_syfw, line.cf_sxyzcd,
       line.cf_jzq, line.cf_gsjzq
  FROM jsonb_populate_recordset(NULL::front.l_gz_xzcf_2016, %(lines)s) WITH ORDINALITY
       AS line
  JOIN front.delivery ON delivery.recid = line.recid
 WHERE delivery.revision = (SELECT max(newest.revision) FROM front.delivery AS newest
                             WHERE newest.document_key = delivery.document_key)
   AND NOT EXISTS (SELECT FROM front.withdrawal
                    WHERE withdrawal.document_key = delivery.document_key
                      AND withdrawal.revision >= delivery.revision)
 ORDER BY line.ordinality
    ON CONFLICT (recid) DO NOTHING
