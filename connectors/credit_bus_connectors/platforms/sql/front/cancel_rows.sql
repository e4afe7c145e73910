-- Rows that the province has not taken and that no longer stand.
WITH gone AS (
    SELECT delivery.recid
      FROM front.withdrawal
      JOIN front.delivery ON delivery.document_key = withdrawal.document_key
                         AND delivery.revision <= withdrawal.revision
     WHERE withdrawal.event_id = ANY (%(ids)s)
), licences AS (
    UPDATE front.l_gz_xzxk AS line SET state = 4, marked_at = now()
      FROM gone WHERE line.recid = gone.recid AND line.state IN (0, 5)
), penalties AS (
    UPDATE front.l_gz_xzcf AS line SET state = 4, marked_at = now()
      FROM gone WHERE line.recid = gone.recid AND line.state IN (0, 5)
), licences_2016 AS (
    UPDATE front.l_gz_xzxk_2016 AS line SET state = 4, marked_at = now()
      FROM gone WHERE line.recid = gone.recid AND line.state IN (0, 5)
)
UPDATE front.l_gz_xzcf_2016 AS line SET state = 4, marked_at = now()
  FROM gone WHERE line.recid = gone.recid AND line.state IN (0, 5)
