-- Rows that the province has not taken and whose publicity is over: of records in the batch, whose end
-- came first, and of ends in the batch. (`state + 0`: by their names, not by the index of new rows, which
-- may be long.)
WITH hidden AS (
    SELECT delivery.recid
      FROM front.delivery
      JOIN front.publicity_end AS ended ON ended.document_key = delivery.document_key
                                       AND ended.revision >= delivery.revision
     WHERE delivery.event_id = ANY (%(ids)s)
     UNION
    SELECT delivery.recid
      FROM front.publicity_end AS ended
      JOIN front.delivery ON delivery.document_key = ended.document_key
                         AND delivery.revision <= ended.revision
     WHERE ended.event_id = ANY (%(ids)s)
), licences AS (
    UPDATE front.l_gz_xzxk SET state = 5, marked_at = now()
     WHERE recid = ANY (ARRAY(SELECT recid FROM hidden)) AND state + 0 = 0
), penalties AS (
    UPDATE front.l_gz_xzcf SET state = 5, marked_at = now()
     WHERE recid = ANY (ARRAY(SELECT recid FROM hidden)) AND state + 0 = 0
), licences_2016 AS (
    UPDATE front.l_gz_xzxk_2016 SET state = 5, marked_at = now()
     WHERE recid = ANY (ARRAY(SELECT recid FROM hidden)) AND state + 0 = 0
)
UPDATE front.l_gz_xzcf_2016 SET state = 5, marked_at = now()
 WHERE recid = ANY (ARRAY(SELECT recid FROM hidden)) AND state + 0 = 0
