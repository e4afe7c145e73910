-- Events that do not add up yet, and when to look at them again.
CREATE TABLE operations.unsettled (
    name bytea PRIMARY KEY,
    due timestamptz NOT NULL
);
CREATE INDEX unsettled_due ON operations.unsettled (due);

-- What does not add up, and since when; kept when it is cleared.
CREATE TABLE operations.alarm (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name bytea NOT NULL,
    fault text COLLATE "C" NOT NULL,
    place text COLLATE "C" NOT NULL,          -- the topic with which it does not add up
    type text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL,               -- when the record stood there that tells it
    raised_at timestamptz NOT NULL,
    cleared_at timestamptz,
    cleared_why text,                         -- 'met', or why somebody closed it
    cleared_by text COLLATE "C",
    CONSTRAINT alarm_cleared CHECK ((cleared_at IS NULL) = (cleared_why IS NULL))
);
CREATE UNIQUE INDEX alarm_open ON operations.alarm (name, fault, place) WHERE cleared_at IS NULL;
CREATE INDEX alarm_newest ON operations.alarm (raised_at);

-- Counts of events by type, in the hour in which they were said.
CREATE TABLE operations.tally (
    hour timestamptz NOT NULL,
    type text COLLATE "C" NOT NULL,
    word text COLLATE "C" NOT NULL,
    times bigint NOT NULL,
    PRIMARY KEY (hour, type, word)
);

-- For each outbox and each inbox, how far the order of its events is known to be that of the log.
CREATE TABLE operations.sequence (
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    before_offset bigint NOT NULL,
    after_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);
