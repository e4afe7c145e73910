-- A subject keyed by its code. Codes that are no key (the code for "has none") name nobody. What
-- its register says, as it stands, stands over what others wrote; among equals the newest word.
INSERT INTO district.legal_person AS held (uscc, name, category, representative_name, said_at,
                                           from_register)
SELECT DISTINCT ON (subject_key)
       subject_key, body #>> '{subject,name}', body #>> '{subject,category}',
       body #>> '{subject,representative_name}', said_at, type = 'subject.registered'
  FROM district.record
  JOIN (SELECT unnest(%(ids)s::text[]) AS event_id
         UNION
        SELECT other.event_id  -- where a registration was withdrawn, every word on its subject
          FROM district.record AS said
          JOIN district.record AS other ON other.subject_key = said.subject_key
         WHERE said.event_id = ANY (%(ids)s) AND said.type = 'record.withdrawn'
           AND said.body #>> '{record,type}' = 'subject.registered') AS word USING (event_id)
 WHERE body #>> '{subject,uscc}' = subject_key
   AND type <> ALL (%(case_types)s)  -- what is said at a window is no entry of the register
   AND (type <> 'subject.registered'
        OR EXISTS (SELECT FROM district.current_record AS standing
                    WHERE standing.document_key = record.document_key
                      AND standing.event_id = record.event_id))
 ORDER BY subject_key, type = 'subject.registered' DESC, said_at DESC
    ON CONFLICT (uscc) DO UPDATE
   SET name = excluded.name, category = excluded.category, said_at = excluded.said_at,
       representative_name = coalesce(excluded.representative_name, held.representative_name),
       from_register = excluded.from_register
 WHERE (held.from_register, held.said_at) < (excluded.from_register, excluded.said_at)
