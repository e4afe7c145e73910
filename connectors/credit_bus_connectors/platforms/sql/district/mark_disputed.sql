-- What is current names the earliest open objection about it, whichever came first.
UPDATE district.current_record AS held
   SET disputed_by = marked.event_id
  FROM (SELECT document_key,
               (SELECT event_id FROM district.open_objection
                 WHERE open_objection.document_key = touched.document_key
                 ORDER BY said_at, event_id LIMIT 1) AS event_id
          FROM (SELECT coalesce(about_key, document_key) AS document_key
                  FROM district.record WHERE event_id = ANY (%(ids)s)
                 UNION
                SELECT objection.document_key
                  FROM district.objection
                  JOIN district.record AS said
                    ON (objection.raised_by, objection.number, objection.subject_key)
                     = (said.body ->> 'raised_by', said.body ->> 'objection_number',
                        said.subject_key)
                 WHERE said.event_id = ANY (%(ids)s) AND said.type = 'objection.decided') AS touched
       ) AS marked
 WHERE held.document_key = marked.document_key
   AND held.disputed_by IS DISTINCT FROM marked.event_id
