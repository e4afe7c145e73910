INSERT INTO casework.position (lane, next_offset, next_seq)
SELECT lane, 0, 0 FROM unnest(%(lanes)b::integer[]) AS told (lane) ORDER BY lane
    ON CONFLICT (lane) DO NOTHING
