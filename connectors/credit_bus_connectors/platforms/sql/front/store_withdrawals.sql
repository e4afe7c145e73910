-- Every withdrawal once.
INSERT INTO front.withdrawal (event_id, document_key, revision, cx_xdr_mc, cx_xdr_shxym, cx_wsh,
                              cx_yy, cx_sm, cx_yjwh, cx_rq)
SELECT event_id, decode(about_key, 'hex'), up_to, cx_xdr_mc, cx_xdr_shxym, cx_wsh, cx_yy, cx_sm,
       cx_yjwh, cx_rq
  FROM jsonb_to_recordset(%(lines)s)
       AS line (event_id text, about_key text, up_to integer, cx_xdr_mc text, cx_xdr_shxym text,
                cx_wsh text, cx_yy text, cx_sm text, cx_yjwh text, cx_rq text)
    ON CONFLICT (event_id) DO NOTHING
