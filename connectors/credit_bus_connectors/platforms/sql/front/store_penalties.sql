-- Rows for the province, in order, but none of a revision that is behind the newest delivered, or
-- that is withdrawn.
INSERT INTO front.l_gz_xzcf
       (recid, cf_xdr_mc, cf_xdr_lb, cf_xdr_shxym, cf_xdr_gszc, cf_xdr_zzjg, cf_xdr_swdj,
        cf_xdr_sydw, cf_xdr_shzz, cf_frdb, cf_fr_zjlx, cf_fr_zjhm, cf_xdr_zjlx, cf_xdr_zjhm,
        cf_wsh, cf_wfxw, cf_sy, cf_yj, cf_cflb, cf_nr, cf_nr_fk, cf_nr_wfff, cf_nr_zkdx,
        cf_jdrq, cf_yxq, cf_gsjzq, cf_cfjg, cf_cfjgdm, cf_sjly, cf_sjlydm, bz)
SELECT line.recid, line.cf_xdr_mc, line.cf_xdr_lb, line.cf_xdr_shxym, line.cf_xdr_gszc,
       line.cf_xdr_zzjg, line.cf_xdr_swdj, line.cf_xdr_sydw, line.cf_xdr_shzz, line.cf_frdb,
       line.cf_fr_zjlx, line.cf_fr_zjhm, line.cf_xdr_zjlx, line.cf_xdr_zjhm, line.cf_wsh,
       line.cf_wfxw, line.cf_sy, line.cf_yj, line.cf_cflb, line.cf_nr, line.cf_nr_fk,
       line.cf_nr_wfff, line.cf_nr_zkdx, line.cf_jdrq, line.cf_yxq, line.cf_gsjzq, line.cf_cfjg,
       line.cf_cfjgdm, line.cf_sjly, line.cf_sjlydm, line.bz
  FROM jsonb_populate_recordset(NULL::front.l_gz_xzcf, %(lines)s) WITH ORDINALITY
       AS line
  JOIN front.delivery ON delivery.recid = line.recid
 WHERE delivery.revision = (SELECT max(newest.revision) FROM front.delivery AS newest
                             WHERE newest.document_key = delivery.document_key)
   AND NOT EXISTS (SELECT FROM front.withdrawal
                    WHERE withdrawal.document_key = delivery.document_key
                      AND withdrawal.revision >= delivery.revision)
 ORDER BY line.ordinality
    ON CONFLICT (recid) DO NOTHING
