SELECT kept.lane, kept.seq, kept.key, kept.headers, kept.value
  FROM unnest(%(lanes)b::integer[], %(nexts)b::bigint[]) AS asked (lane, next_seq)
 CROSS JOIN LATERAL (
           SELECT lane, seq, key, headers, value
             FROM casework.outbox
            WHERE outbox.lane = asked.lane AND outbox.seq >= asked.next_seq
            ORDER BY seq
            LIMIT %(most)s
       ) AS kept
 ORDER BY kept.lane, kept.seq
