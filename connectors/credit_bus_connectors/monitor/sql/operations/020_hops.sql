-- One row for each record of the bus's topics: what it is in the way of an event. No body, no
-- subject, nothing of unknown content. Written once, by one reader, and dropped after a bounded time.
CREATE TABLE operations.hop (
    name bytea NOT NULL,                      -- 16 bytes: the event's id, or a digest of its claim
    kind smallint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    log_offset bigint NOT NULL,
    at timestamptz NOT NULL,                  -- when the log took it
    type text COLLATE "C" NOT NULL,           -- '' when it is none of the bus's
    source text COLLATE "C" NOT NULL,         -- a party of the registry, or ''
    digest bytea NOT NULL,
    revision integer NOT NULL,
    about bytea,                              -- the event that it follows from
    rule text COLLATE "C" NOT NULL,           -- version of the registry that judged it
    codes text[] NOT NULL,                    -- of the reasons of a refusal
    origin_partition integer,                 -- of a refused message, in its sender's outbox
    origin_offset bigint,
    document bytea,                           -- what an accepted event is a revision of
    expected text[]                           -- where an accepted event must go
);
CREATE INDEX hop_name ON operations.hop (name);
CREATE INDEX hop_about ON operations.hop (about) WHERE about IS NOT NULL;
CREATE INDEX hop_document ON operations.hop (document, revision) WHERE document IS NOT NULL;
CREATE INDEX hop_at ON operations.hop (at);
CREATE INDEX hop_quarantined ON operations.hop (at) WHERE kind = 6;

-- How far everything is read: one row. Events before the first look are traced and not judged.
CREATE TABLE operations.followed (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    judged_from timestamptz NOT NULL,
    read_to timestamptz NOT NULL              -- every topic is read to where it ended then
);

-- How far each platform has answered in its inbox: what it passed over is parked.
CREATE TABLE operations.answered (
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    log_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);
