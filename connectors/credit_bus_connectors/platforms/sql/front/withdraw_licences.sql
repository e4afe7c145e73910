-- A row that the province has not taken yet, and that a newer revision of its document replaces.
UPDATE front.l_gz_xzxk AS line
   SET state = 3, marked_at = now()
  FROM front.delivery AS older, front.delivery AS newer
 WHERE newer.event_id = ANY (%(ids)s)
   AND older.document_key = newer.document_key AND older.revision < newer.revision
   AND line.recid = older.recid AND line.state IN (0, 5)
