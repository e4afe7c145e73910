-- What is current names the end of its publicity, whichever came first.
UPDATE district.current_record AS held
   SET publicity_ended_by = ended.event_id
  FROM district.publicity_end AS ended
 WHERE held.document_key IN (SELECT coalesce(about_key, document_key)
                               FROM district.record WHERE event_id = ANY (%(ids)s))
   AND ended.document_key = held.document_key AND ended.revision >= held.revision
   AND held.publicity_ended_by IS DISTINCT FROM ended.event_id
