SELECT held.type, held.provider, held.document, held.revision, held.decided_on, held.list_code,
       held.term_begins_on, held.term_ends_on, held.until_performance, removal.removed_on,
       ended.cause, ended.ended_on, held.disputed_by IS NOT NULL
  FROM district.current_record AS held
  LEFT JOIN district.removal
    ON held.type = 'listing.entered' AND removal.document_key = held.document_key
  LEFT JOIN district.publicity_end AS ended
    ON ended.document_key = held.document_key AND ended.event_id = held.publicity_ended_by
 WHERE held.subject_key = %(subject)s AND held.type = ANY (%(types)s)
 ORDER BY held.decided_on DESC
 LIMIT %(most)s
