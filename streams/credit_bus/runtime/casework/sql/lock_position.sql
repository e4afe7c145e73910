SELECT next_offset, next_seq FROM casework.position WHERE lane = %(lane)s FOR UPDATE
