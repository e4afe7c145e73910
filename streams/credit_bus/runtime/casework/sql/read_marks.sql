SELECT position.lane, position.next_seq, coalesce(relayed.next_seq, 0)
  FROM casework.position
  LEFT JOIN casework.relayed ON relayed.lane = position.lane
