INSERT INTO casework.count AS kept (lane, day, party, what, n)
SELECT %(lane)s, day, party, what, n
  FROM unnest(
           %(days)b::date[], %(parties)b::text[], %(whats)b::text[], %(numbers)b::bigint[]
       ) AS told (day, party, what, n)
 ORDER BY day, party COLLATE "C", what COLLATE "C"
    ON CONFLICT (lane, day, party, what) DO UPDATE SET n = kept.n + excluded.n
