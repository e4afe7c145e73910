INSERT INTO intake.reading (topic, partition, next_offset)
SELECT * FROM unnest(%(topics)s::text[], %(partitions)s::integer[], %(offsets)s::bigint[])
    ON CONFLICT (topic, partition) DO UPDATE
   SET next_offset = greatest(reading.next_offset, EXCLUDED.next_offset)
