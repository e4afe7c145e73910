UPDATE casework.position
   SET next_offset = %(next_offset)s, next_seq = %(next_seq)s
 WHERE lane = %(lane)s
