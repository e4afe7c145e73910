-- How far the desk has read its departments' topics: it keeps its positions in the database, and
-- no consumer group has one. A view, so that the monitor needs no right on the desk's own tables.
CREATE VIEW operations.desk_reading AS SELECT topic, partition, next_offset FROM desk.reading;
