INSERT INTO casework.relayed AS kept (lane, next_seq)
SELECT lane, next_seq
  FROM unnest(%(lanes)b::integer[], %(nexts)b::bigint[]) AS told (lane, next_seq)
 ORDER BY lane
    ON CONFLICT (lane) DO UPDATE SET next_seq = greatest(kept.next_seq, excluded.next_seq)
