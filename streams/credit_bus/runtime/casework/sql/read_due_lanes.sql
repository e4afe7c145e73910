SELECT lane
  FROM unnest(%(lanes)b::integer[]) AS asked (lane)
 WHERE EXISTS (
           SELECT FROM casework.row AS kept
            WHERE kept.lane = asked.lane AND kept.due_on <= %(today)s
       )
