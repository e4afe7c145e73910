-- In one order, so that two processes do not wait for each other.
INSERT INTO intake.reading (topic, partition, next_offset)
SELECT topic, partition, next_offset
  FROM unnest(%(topics)s::text[], %(partitions)s::integer[], %(offsets)s::bigint[])
       AS told (topic, partition, next_offset)
 ORDER BY topic, partition
    ON CONFLICT (topic, partition) DO UPDATE
   SET next_offset = greatest(reading.next_offset, EXCLUDED.next_offset)
