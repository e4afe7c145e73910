-- Below which offset of a platform's inbox its connector has spoken of everything: what the
-- connector had saved when all that it had said by then was read.
CREATE TABLE operations.passed (
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    log_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);
CREATE INDEX hop_given ON operations.hop (topic, partition, log_offset) WHERE kind = 7;

-- Of an event that is said without end only the first records are hops; the others are counted.
CREATE TABLE operations.repeated (
    name bytea PRIMARY KEY,
    last_at timestamptz NOT NULL,
    said bigint NOT NULL,
    answered bigint NOT NULL,
    rejected bigint NOT NULL,
    kept bigint NOT NULL
);
CREATE INDEX repeated_last ON operations.repeated (last_at);

CREATE INDEX alarm_cleared_last ON operations.alarm (cleared_at) WHERE cleared_at IS NOT NULL;
