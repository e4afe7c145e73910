-- What is current names the newest correction up to its revision, whichever came first.
UPDATE district.current_record AS held
   SET corrected_by = newest.event_id
  FROM district.correction AS newest
 WHERE held.document_key IN (SELECT coalesce(about_key, document_key)
                               FROM district.record WHERE event_id = ANY (%(ids)s))
   AND newest.document_key = held.document_key
   AND newest.revision = (SELECT max(revision) FROM district.correction AS one
                           WHERE one.document_key = held.document_key
                             AND one.revision <= held.revision)
   AND held.corrected_by IS DISTINCT FROM newest.event_id
