-- How far each topic is read by a watch that reads topics: this is the truth, no group has a
-- position.
CREATE TABLE operations.reading (
    watch text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (watch, topic, partition)
);
