INSERT INTO casework.outbox (lane, seq, key, headers, value)
SELECT %(lane)s, %(next_seq)s + place - 1, key, headers::jsonb, value
  FROM unnest(%(keys)s::bytea[], %(headers)s::text[], %(values)s::bytea[])
       WITH ORDINALITY AS told (key, headers, value, place)
