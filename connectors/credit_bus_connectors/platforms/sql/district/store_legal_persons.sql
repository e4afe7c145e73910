-- A subject keyed by its code. Codes that are no key (the code for "has none") name nobody.
INSERT INTO district.legal_person AS held (uscc, name, category, representative_name, said_at)
SELECT DISTINCT ON (subject_key)
       subject_key, body #>> '{subject,name}', body #>> '{subject,category}',
       body #>> '{subject,representative_name}', said_at
  FROM district.record
 WHERE event_id = ANY (%(ids)s) AND body #>> '{subject,uscc}' = subject_key
   AND type <> ALL (%(case_types)s)  -- what is said at a window is no entry of the register
 ORDER BY subject_key, said_at DESC
    ON CONFLICT (uscc) DO UPDATE
   SET name = excluded.name, category = excluded.category, said_at = excluded.said_at,
       representative_name = coalesce(excluded.representative_name, held.representative_name)
 WHERE held.said_at < excluded.said_at
