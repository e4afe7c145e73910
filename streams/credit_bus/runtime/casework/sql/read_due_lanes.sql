SELECT lane
  FROM unnest(%(lanes)s::integer[]) AS asked (lane)
 WHERE EXISTS (
           SELECT FROM casework.row AS kept
            WHERE kept.lane = asked.lane AND kept.due_on <= %(today)s
       )
