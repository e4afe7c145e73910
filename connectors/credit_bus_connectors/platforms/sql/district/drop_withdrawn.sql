-- What is withdrawn is current no more; every revision of it stays in district.record.
DELETE FROM district.current_record AS held
 USING district.record AS said, district.withdrawal
 WHERE said.event_id = ANY (%(ids)s) AND said.type = 'record.withdrawn'
   AND withdrawal.document_key = said.about_key
   AND held.document_key = said.about_key AND held.revision <= withdrawal.revision
