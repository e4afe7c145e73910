SELECT lane, next_offset FROM casework.position WHERE lane = ANY (%(lanes)b::integer[])
