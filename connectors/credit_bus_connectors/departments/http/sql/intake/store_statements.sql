INSERT INTO intake.statement
       (party, key, trace, position, event_id, record_key, headers, value)
SELECT %(party)s, %(key)s, told.*
  FROM unnest(%(traces)s::text[], %(positions)s::integer[], %(event_ids)s::text[],
              %(record_keys)s::text[], %(headers)s::jsonb[], %(values)s::bytea[]) AS told
