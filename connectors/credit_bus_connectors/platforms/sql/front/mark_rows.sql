-- Rows that the province has not taken say whether they are disputed: of records in the batch, and of
-- records whose objections, or the decisions on them, are in the batch. Of 2016 当前状态 says it, too,
-- where it said 0: no record comes with 2.
WITH touched AS (
    SELECT document_key FROM front.delivery WHERE event_id = ANY (%(ids)s)
     UNION
    SELECT document_key FROM front.objection WHERE event_id = ANY (%(ids)s)
     UNION
    SELECT objection.document_key
      FROM front.objection_decision JOIN front.objection USING (objection_key)
     WHERE objection_decision.event_id = ANY (%(ids)s)
), marked AS (
    SELECT delivery.recid,
           EXISTS (SELECT FROM front.open_objection
                    WHERE open_objection.document_key = delivery.document_key) AS disputed
      FROM touched
      JOIN front.delivery USING (document_key)
     WHERE EXISTS (SELECT FROM front.objection
                    WHERE objection.document_key = delivery.document_key)
), licences AS (
    UPDATE front.l_gz_xzxk AS line SET disputed = marked.disputed
      FROM marked WHERE line.recid = marked.recid AND line.state NOT IN (1, 2)
                    AND line.disputed <> marked.disputed
), penalties AS (
    UPDATE front.l_gz_xzcf AS line SET disputed = marked.disputed
      FROM marked WHERE line.recid = marked.recid AND line.state NOT IN (1, 2)
                    AND line.disputed <> marked.disputed
), licences_2016 AS (
    UPDATE front.l_gz_xzxk_2016 AS line
       SET disputed = marked.disputed,
           xk_zt = CASE WHEN marked.disputed AND xk_zt = '0' THEN '2'
                        WHEN NOT marked.disputed AND xk_zt = '2' THEN '0'
                        ELSE xk_zt END
      FROM marked WHERE line.recid = marked.recid AND line.state NOT IN (1, 2)
                    AND line.disputed <> marked.disputed
)
UPDATE front.l_gz_xzcf_2016 AS line
   SET disputed = marked.disputed,
       cf_zt = CASE WHEN marked.disputed AND cf_zt = '0' THEN '2'
                    WHEN NOT marked.disputed AND cf_zt = '2' THEN '0'
                    ELSE cf_zt END
  FROM marked WHERE line.recid = marked.recid AND line.state NOT IN (1, 2)
                AND line.disputed <> marked.disputed
