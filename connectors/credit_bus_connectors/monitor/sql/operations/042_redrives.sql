-- A redrive covers one message or many: each has a row, and how it ended for it.
CREATE TABLE operations.redrive_place (
    number bigint NOT NULL REFERENCES operations.redrive,
    partition integer NOT NULL,               -- where it lies in quarantine
    log_offset bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,          -- the outbox that it came from
    name bytea NOT NULL,
    type text COLLATE "C" NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'sent', 'left', 'declined')),
    codes text[] NOT NULL DEFAULT '{}',       -- why it was left where it lies
    done_at timestamptz,
    PRIMARY KEY (number, partition, log_offset),
    CONSTRAINT redrive_place_done CHECK ((state = 'waiting') = (done_at IS NULL)),
    CONSTRAINT redrive_place_left CHECK ((state = 'left') = (cardinality(codes) > 0))
);
INSERT INTO operations.redrive_place
       (number, partition, log_offset, topic, name, type, state, done_at)
SELECT number, partition, log_offset, topic, name, type,
       CASE state WHEN 'approved' THEN 'waiting' ELSE state END,
       coalesce(sent_at, CASE state WHEN 'declined' THEN decided_at END)
  FROM operations.redrive;
CREATE UNIQUE INDEX redrive_place_waiting ON operations.redrive_place (partition, log_offset)
    WHERE state = 'waiting';
CREATE INDEX redrive_place_newest ON operations.redrive_place (partition, log_offset, number);

ALTER TABLE operations.redrive
    DROP COLUMN partition, DROP COLUMN log_offset, DROP COLUMN topic, DROP COLUMN name,
    DROP COLUMN type,
    ADD COLUMN asked text NOT NULL DEFAULT ''; -- by what many were selected; '' for one
