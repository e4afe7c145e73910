-- A partition that some process reads already is read on from there.
INSERT INTO intake.reading (topic, partition, next_offset)
SELECT topic, partition, next_offset
  FROM unnest(%(topics)s::text[], %(partitions)s::integer[], %(offsets)s::bigint[])
       AS told (topic, partition, next_offset)
 ORDER BY topic, partition
    ON CONFLICT (topic, partition) DO NOTHING
