-- Every end of publicity once.
INSERT INTO front.publicity_end (event_id, document_key, revision, tz_xdr_mc, tz_xdr_shxym, tz_wsh,
                                 tz_yy, tz_gz, tz_rq)
SELECT event_id, decode(about_key, 'hex'), up_to, tz_xdr_mc, tz_xdr_shxym, tz_wsh, tz_yy, tz_gz,
       tz_rq
  FROM jsonb_to_recordset(%(lines)s)
       AS line (event_id text, about_key text, up_to integer, tz_xdr_mc text, tz_xdr_shxym text,
                tz_wsh text, tz_yy text, tz_gz text, tz_rq text)
    ON CONFLICT (event_id) DO NOTHING
