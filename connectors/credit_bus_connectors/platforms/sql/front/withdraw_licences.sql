-- A row that the province has not taken yet, and that a newer revision of its document replaces.
UPDATE front.l_gz_xzxk
   SET state = 3, marked_at = now()
 WHERE recid = ANY (ARRAY(
           SELECT older.recid
             FROM front.delivery AS newer JOIN front.delivery AS older USING (document_key)
            WHERE newer.event_id = ANY (%(ids)s) AND older.revision < newer.revision))
   AND state IN (0, 5)
