CREATE TABLE desk.account (
    name text COLLATE "C" PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE, -- names it in addresses of pages
    party text COLLATE "C" NOT NULL,
    roles text[] NOT NULL,
    password text NOT NULL,
    is_disabled boolean NOT NULL DEFAULT false,
    failed integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT account_roles CHECK (
        cardinality(roles) > 0 AND roles <@ ARRAY['clerk', 'reviewer', 'administrator'])
);
CREATE INDEX account_of_party ON desk.account (party);

-- The cookie holds a random name; only its digest lies here.
CREATE TABLE desk.session (
    digest bytea PRIMARY KEY,
    account text NOT NULL REFERENCES desk.account ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX session_of_account ON desk.session (account);

-- What inbox and replies brought, once each; in the order in which it was read.
CREATE TABLE desk.heard (
    seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    party text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    case_name text COLLATE "C" NOT NULL,
    action_id text COLLATE "C",
    channel text NOT NULL,
    source text NOT NULL,
    type text NOT NULL,
    subject text NOT NULL,
    revision integer NOT NULL,
    heard_at timestamptz NOT NULL,
    causation_id text,
    body jsonb NOT NULL,
    PRIMARY KEY (party, event_id)
);
CREATE INDEX heard_of_case ON desk.heard (party, case_name);
CREATE INDEX heard_of_action ON desk.heard (party, action_id) WHERE action_id IS NOT NULL;

-- What the party says here. The record is kept until it stands in a committed transaction.
CREATE TABLE desk.statement (
    trace text COLLATE "C" PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    party text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    case_name text COLLATE "C" NOT NULL,
    action_id text COLLATE "C",
    type text NOT NULL,
    subject text NOT NULL,
    revision integer NOT NULL,
    causation_id text,
    body jsonb NOT NULL,
    record_key text NOT NULL,
    headers jsonb,
    value bytea,
    account text NOT NULL,
    made_at timestamptz NOT NULL,
    said_at timestamptz,
    state text NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'accepted', 'duplicate', 'rejected')),
    reasons jsonb NOT NULL DEFAULT '[]',
    judged_at timestamptz
);
-- A double click, or two officials at once, say one event.
CREATE UNIQUE INDEX statement_standing ON desk.statement (party, event_id)
    WHERE state <> 'rejected';
CREATE INDEX statement_of_case ON desk.statement (party, case_name);
CREATE INDEX statement_of_action ON desk.statement (party, action_id)
    WHERE action_id IS NOT NULL;
CREATE INDEX statement_unsaid ON desk.statement (seq) WHERE value IS NOT NULL;

-- What the fold of a case made of it; always made anew from the rows above.
CREATE TABLE desk.task (
    party text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    case_name text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'waiting', 'resting', 'done', 'void')),
    due_on date,
    title text NOT NULL,
    asked_by text NOT NULL,
    subject_name text NOT NULL,
    opened_at timestamptz NOT NULL,
    measure text,
    because_of text NOT NULL,
    PRIMARY KEY (party, name)
);
CREATE INDEX task_of_case ON desk.task (party, case_name);
CREATE INDEX task_open ON desk.task (party, due_on) WHERE state IN ('open', 'waiting', 'resting');

-- Initiations of a clerk that wait for a reviewer. Nobody approves what is their own.
CREATE TABLE desk.draft (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    party text COLLATE "C" NOT NULL,
    action_id text COLLATE "C" NOT NULL,
    subject text NOT NULL,
    body jsonb NOT NULL,
    drafted_by text NOT NULL REFERENCES desk.account,
    drafted_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'approved', 'returned', 'dropped')),
    decided_by text REFERENCES desk.account,
    decided_at timestamptz,
    remark text,
    CONSTRAINT draft_decided CHECK ((state = 'waiting') = (decided_by IS NULL)),
    CONSTRAINT draft_two_persons CHECK (
        state NOT IN ('approved', 'returned') OR decided_by <> drafted_by)
);
CREATE UNIQUE INDEX draft_waiting ON desk.draft (party, action_id) WHERE state = 'waiting';
CREATE INDEX draft_of_party ON desk.draft (party, number);

-- What the gate refused of what the department said elsewhere: files, HTTP, its own adapter.
CREATE TABLE desk.refusal (
    party text COLLATE "C" NOT NULL,
    refused_id text COLLATE "C" NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    document text,
    reasons jsonb NOT NULL,
    judged_at timestamptz NOT NULL,
    PRIMARY KEY (party, refused_id)
);
CREATE INDEX refusal_newest ON desk.refusal (party, judged_at);

-- Who did what, when, about which event. Rows are added and never changed.
CREATE TABLE desk.act (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    account text NOT NULL,
    party text NOT NULL,
    what text NOT NULL,
    event_id text
);
CREATE INDEX act_of_party ON desk.act (party, seq);

-- How far inbox and replies are kept: this is the truth, no consumer group has a position.
CREATE TABLE desk.reading (
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);
