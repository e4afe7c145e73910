-- A subject keyed by pseudonym. A company's representative is none: nothing spreads to persons.
INSERT INTO district.natural_person AS held (pseudonym, name, category, id_type, sealed_id, said_at)
SELECT DISTINCT ON (subject_key)
       subject_key, body #>> '{subject,name}', body #>> '{subject,category}',
       body #>> '{subject,person_id_type}', decode(body #>> '{subject,person_id,box}', 'hex'),
       said_at
  FROM district.record
 WHERE event_id = ANY (%(ids)s) AND body #>> '{subject,person_id,pseudonym}' = subject_key
   AND type <> ALL (%(case_types)s)  -- what is said at a window is no entry of the register
 ORDER BY subject_key, said_at DESC
    ON CONFLICT (pseudonym) DO UPDATE
   SET name = excluded.name, category = excluded.category, sealed_id = excluded.sealed_id,
       id_type = coalesce(excluded.id_type, held.id_type), said_at = excluded.said_at
 WHERE held.said_at < excluded.said_at
