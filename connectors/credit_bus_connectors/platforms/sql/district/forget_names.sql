-- When a registration is withdrawn, the name that came from it goes too: it is found anew in what
-- else is known of the subject.
DELETE FROM district.legal_person
 WHERE from_register
   AND uscc IN (SELECT subject_key FROM district.record
                 WHERE event_id = ANY (%(ids)s) AND type = 'record.withdrawn'
                   AND body #>> '{record,type}' = 'subject.registered')
