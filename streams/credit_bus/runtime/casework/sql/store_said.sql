INSERT INTO casework.outbox (lane, seq, key, headers, value)
SELECT %(lane)s, %(next_seq)s + place - 1, key, headers::jsonb, value
  FROM unnest(%(keys)b::bytea[], %(headers)b::text[], %(values)b::bytea[])
       WITH ORDINALITY AS told (key, headers, value, place)
