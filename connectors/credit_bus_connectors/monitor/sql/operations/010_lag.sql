-- One row for each sample of lag: what it cost. A group and topic without a point at a sample had
-- nothing to tell then; a moment without a sample is one at which nobody watched.
CREATE TABLE operations.lag_sample (
    at timestamptz PRIMARY KEY,
    seconds double precision NOT NULL,
    requests integer NOT NULL,
    partitions integer NOT NULL
);

-- The newest state of each partition that a group reads. Moments, not ages: a row whose facts stay
-- the same is not written again.
CREATE TABLE operations.lag_now (
    group_id text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    status text NOT NULL,
    completeness double precision NOT NULL,
    committed bigint,
    log_start bigint NOT NULL,
    end_offset bigint NOT NULL,
    events bigint NOT NULL,
    lost bigint NOT NULL,
    ahead bigint NOT NULL,
    waiting_since timestamptz,
    lost_at timestamptz,
    coming double precision,
    going double precision,
    last_commit_at timestamptz,
    members integer,
    client text,
    host text,
    PRIMARY KEY (group_id, topic, partition)
) WITH (fillfactor = 70);

-- What a group and topic came to at a sample. Kept for two days.
CREATE TABLE operations.lag_point (
    group_id text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    status text NOT NULL,
    events bigint NOT NULL,
    lost bigint NOT NULL,
    seconds_behind double precision,
    coming double precision,
    going double precision,
    PRIMARY KEY (group_id, topic, at)
);
CREATE INDEX lag_point_at ON operations.lag_point (at);
