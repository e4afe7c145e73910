-- Every objection in its first revision, whichever comes first.
INSERT INTO front.objection AS held (objection_key, document_key, revision, event_id, yy_xdr_mc,
                                     yy_xdr_shxym, yy_wsh, yy_rq)
SELECT DISTINCT ON (objection_key)
       decode(objection_key, 'hex'), decode(about_key, 'hex'), said_revision, event_id, yy_xdr_mc,
       yy_xdr_shxym, yy_wsh, yy_rq
  FROM jsonb_to_recordset(%(lines)s)
       AS line (objection_key text, about_key text, said_revision integer, event_id text,
                yy_xdr_mc text, yy_xdr_shxym text, yy_wsh text, yy_rq text)
 ORDER BY objection_key, said_revision
    ON CONFLICT (objection_key) DO UPDATE
   SET document_key = excluded.document_key, revision = excluded.revision,
       event_id = excluded.event_id, yy_xdr_mc = excluded.yy_xdr_mc,
       yy_xdr_shxym = excluded.yy_xdr_shxym, yy_wsh = excluded.yy_wsh, yy_rq = excluded.yy_rq
 WHERE excluded.revision < held.revision
