SELECT topic, partition, next_offset FROM intake.reading
