-- In the order of the key, so that no two transactions wait for each other. A row that lies there
-- already for another subject is left alone; whoever calls counts the rows.
INSERT INTO casework.row AS kept (kind, name, lane, subject, due_on, state)
SELECT kind, name, %(lane)s, subject, due_on, state::jsonb
  FROM unnest(
           %(kinds)b::text[], %(names)b::text[], %(subjects)b::text[], %(due_ons)b::date[],
           %(states)b::text[]
       ) AS told (kind, name, subject, due_on, state)
 ORDER BY kind COLLATE "C", name COLLATE "C"
    ON CONFLICT (kind, name) DO UPDATE
   SET due_on = excluded.due_on, state = excluded.state
 WHERE kept.subject = excluded.subject AND kept.lane = excluded.lane
