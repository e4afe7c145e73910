-- An enquiry's line in the log, and what is stored of its subject: one row, whatever there is.
WITH about AS MATERIALIZED (
    SELECT action_id, begins_on, ends_on, until_performance, instrument
      FROM district.action
     WHERE subject_key = %(subject)s
     ORDER BY begins_on DESC, action_id
     LIMIT %(actions_most)s
)
SELECT line.purpose, line.procedure, line.case_reference, line.outcome, line.logged_at,
       line.answer::text,
       (SELECT json_agg(json_build_array(type, provider, document, revision, decided_on, list_code,
                                         term_begins_on, term_ends_on, until_performance,
                                         removed_on, cause, ended_on, is_disputed))
          FROM (SELECT held.type, held.provider, held.document, held.revision, held.decided_on,
                       held.list_code, held.term_begins_on, held.term_ends_on,
                       held.until_performance, removal.removed_on, ended.cause, ended.ended_on,
                       held.disputed_by IS NOT NULL AS is_disputed
                  FROM district.current_record AS held
                  LEFT JOIN district.removal
                    ON held.type = 'listing.entered' AND removal.document_key = held.document_key
                  LEFT JOIN district.publicity_end AS ended
                    ON ended.document_key = held.document_key
                   AND ended.event_id = held.publicity_ended_by
                 WHERE held.subject_key = %(subject)s AND held.type = ANY (%(types)s)
                 ORDER BY held.decided_on DESC
                 LIMIT %(records_most)s) AS record),
       (SELECT json_agg(json_build_array(action_id, begins_on, ends_on, until_performance,
                                         instrument))
          FROM about),
       (SELECT json_agg(json_build_array(action_id, kind, measure, said_by, outcome, revision))
          FROM (SELECT action_id, 'ordered' AS kind, measure, NULL AS said_by, NULL AS outcome,
                       revision
                  FROM district.measure_order JOIN about USING (action_id)
                 UNION ALL
                SELECT action_id, 'responded', measure, department, decision, revision
                  FROM district.measure_response JOIN about USING (action_id)
                 UNION ALL
                SELECT action_id, 'executed', measure, department, outcome, revision
                  FROM district.measure_execution JOIN about USING (action_id)
                 UNION ALL
                SELECT action_id, 'lifted', measure, department, NULL, revision
                  FROM district.measure_lifting JOIN about USING (action_id)
                 UNION ALL
                SELECT action_id, type, NULL, said_by, reference, revision
                  FROM district.case_event JOIN about USING (action_id)
                 WHERE type IN ('action.suspended', 'action.resumed', 'action.ended')) AS word)
  FROM (SELECT) AS one
  LEFT JOIN enquiry.log AS line ON line.event_id = %(event_id)s
