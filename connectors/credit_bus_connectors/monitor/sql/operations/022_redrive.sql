-- What is sent once more from quarantine: who asked for it and why, and who else approved.
CREATE TABLE operations.redrive (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partition integer NOT NULL,               -- where it lies in quarantine
    log_offset bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,          -- the outbox that it came from
    name bytea NOT NULL,
    type text COLLATE "C" NOT NULL,
    proposed_by text COLLATE "C" NOT NULL CHECK (proposed_by <> ''),
    proposed_at timestamptz NOT NULL,
    why text NOT NULL CHECK (why <> ''),
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'approved', 'sent', 'declined')),
    decided_by text COLLATE "C",
    decided_at timestamptz,
    sent_at timestamptz,
    CONSTRAINT redrive_decided CHECK ((state = 'waiting') = (decided_by IS NULL)),
    CONSTRAINT redrive_two_persons CHECK (
        state NOT IN ('approved', 'sent') OR lower(decided_by) <> lower(proposed_by)),
    CONSTRAINT redrive_sent CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE UNIQUE INDEX redrive_waiting ON operations.redrive (partition, log_offset)
    WHERE state IN ('waiting', 'approved');
CREATE INDEX redrive_of_place ON operations.redrive (partition, log_offset);
