-- What departments say over HTTP: who may, what came under which key, and what became of it.

CREATE TABLE intake.api_key (
    key_id       text PRIMARY KEY,       -- shown in lists; opens nothing
    party        text NOT NULL,
    digest       bytea NOT NULL UNIQUE,  -- SHA-256 of the key, which is kept nowhere
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX api_key_of_party ON intake.api_key (party);

CREATE TABLE intake.request (
    party       text NOT NULL,
    key         text NOT NULL,       -- the client's Idempotency-Key
    digest      bytea NOT NULL,      -- keyed digest of the request
    received_at timestamptz NOT NULL,
    items       jsonb NOT NULL,      -- in the order of the request: a statement's trace, or reasons
    said_at     timestamptz,         -- every statement of it stands in a committed transaction
    status      integer,
    answer      bytea,               -- given again to the last byte
    answered_at timestamptz,
    PRIMARY KEY (party, key)
);
CREATE INDEX request_unanswered ON intake.request (received_at) WHERE answered_at IS NULL;
CREATE INDEX request_answered ON intake.request (answered_at) WHERE answered_at IS NOT NULL;

CREATE TABLE intake.statement (
    trace        text PRIMARY KEY,   -- traceparent: its receipt repeats it
    party        text NOT NULL,
    key          text NOT NULL,
    position     integer NOT NULL,
    event_id     text NOT NULL,
    record_key   text NOT NULL,      -- the subject key
    headers      jsonb,              -- the record as it is said, numbers sealed;
    value        bytea,              -- gone once it was said
    state        text NOT NULL DEFAULT 'pending'
                 CHECK (state IN ('pending', 'accepted', 'duplicate', 'rejected')),
    reasons      jsonb NOT NULL DEFAULT '[]',
    judged_at    timestamptz,
    rule_version text,
    FOREIGN KEY (party, key) REFERENCES intake.request ON DELETE CASCADE
);
CREATE INDEX statement_of_request ON intake.statement (party, key);
CREATE INDEX statement_of_event ON intake.statement (event_id);

-- Where the reading of reply topics goes on; kept in the transaction that keeps the receipts.
CREATE TABLE intake.reading (
    topic       text NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);
