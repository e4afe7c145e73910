-- The outbox of a department on the credit bus: what its application says, and what came of it.
-- `credit-bus table --ddl` prints this file. Run it once, as the owner of the database, PostgreSQL 11
-- or newer; running it again changes nothing. Then let the two roles in:
--
--   GRANT credit_bus_application TO <the role of the department's application>;
--   CREATE ROLE <name> LOGIN PASSWORD '...' IN ROLE credit_bus_adapter;
--
-- The application writes a row in the same transaction as its own tables, and reads `answer`.
-- The columns up to `payload` are those of Debezium's outbox event router, in its meaning.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'credit_bus_application') THEN
        CREATE ROLE credit_bus_application NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'credit_bus_adapter') THEN
        CREATE ROLE credit_bus_adapter NOLOGIN;
    END IF;
END
$$;

CREATE SCHEMA IF NOT EXISTS credit_bus;

-- `json` keeps what was said as it was said; `jsonb` does, too, but for names given twice.
CREATE TABLE IF NOT EXISTS credit_bus.outbox (
    id            uuid         PRIMARY KEY,
    aggregatetype varchar(255) NOT NULL DEFAULT 'credit',  -- Debezium's topic; the bus reads it not
    aggregateid   varchar(255) NOT NULL,  -- Debezium's key; the subject key where payload has none
    type          varchar(255) NOT NULL,  -- the event type, such as penalty.decided
    payload       json,                   -- the event's data, such as {"subject": {...}, ...}
    revision      integer      NOT NULL DEFAULT 1,  -- of the document; a correction has the next
    causationid   varchar(255),                     -- the event that this one answers, if any
    said_at       timestamptz  NOT NULL DEFAULT now(),
    -- The order in which rows are said. One value at a time: a cache would give them out of order.
    position      bigint       NOT NULL GENERATED ALWAYS AS IDENTITY (CACHE 1) UNIQUE
);

-- One row for each row that was read. It stays when the department removes the row of the outbox.
CREATE TABLE IF NOT EXISTS credit_bus.answer (
    id           uuid        NOT NULL,
    position     bigint      NOT NULL,
    state        text        NOT NULL
                 CHECK (state IN ('pending', 'accepted', 'duplicate', 'rejected')),
    event_id     text,                             -- null for a row that is no event
    reasons      json        NOT NULL DEFAULT '[]',  -- [{"code", "field", "rule", "remedy"}, ...]
    rule_version text,                             -- of the registry by which the gate judged
    taken_at     timestamptz NOT NULL,
    answered_at  timestamptz,                      -- null while pending
    PRIMARY KEY (id, position)
);
CREATE INDEX IF NOT EXISTS answer_pending
    ON credit_bus.answer (event_id, position) WHERE state = 'pending';

-- How far the adapter is: one row.
CREATE TABLE IF NOT EXISTS credit_bus.reader (
    only_one  boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    party     text,                        -- whose outbox this is, since the first start
    position  bigint  NOT NULL DEFAULT 0,  -- every row up to here was read, and said if it could be
    batch     uuid,                        -- the rows after `position` that are being said
    batch_end bigint,
    replies   jsonb   NOT NULL DEFAULT '{}',  -- the next offset of each partition of the replies
    turn      bigint  NOT NULL DEFAULT 0      -- counts changes, so that only one adapter makes them
);
INSERT INTO credit_bus.reader DEFAULT VALUES ON CONFLICT DO NOTHING;

GRANT USAGE ON SCHEMA credit_bus TO credit_bus_application, credit_bus_adapter;
GRANT INSERT (id, aggregatetype, aggregateid, type, payload, revision, causationid, said_at)
    ON credit_bus.outbox TO credit_bus_application;
GRANT SELECT ON credit_bus.answer TO credit_bus_application;
GRANT SELECT ON credit_bus.outbox TO credit_bus_adapter;
GRANT SELECT, INSERT ON credit_bus.answer TO credit_bus_adapter;
GRANT UPDATE (state, event_id, reasons, rule_version, answered_at)
    ON credit_bus.answer TO credit_bus_adapter;
GRANT SELECT, UPDATE ON credit_bus.reader TO credit_bus_adapter;
