-- The first rows of each lane, and of these the old ones: so that no look goes through a whole lane.
DELETE FROM casework.outbox
 WHERE (lane, seq) IN (
           SELECT kept.lane, kept.seq
             FROM casework.relayed
            CROSS JOIN LATERAL (
                      SELECT lane, seq, created_at
                        FROM casework.outbox
                       WHERE outbox.lane = relayed.lane AND outbox.seq < relayed.next_seq
                       ORDER BY seq
                       LIMIT %(most)s
                  ) AS kept
            WHERE kept.created_at < %(before)s
       )
