-- The district platform: subjects, every revision of every record, what is current, and actions.

CREATE TABLE district.legal_person (
    uscc                text PRIMARY KEY,
    name                text NOT NULL,
    category            text NOT NULL,
    representative_name text,
    said_at             timestamptz NOT NULL  -- of the newest event that named it
);

CREATE TABLE district.natural_person (
    pseudonym text PRIMARY KEY,
    name      text NOT NULL,
    category  text NOT NULL,
    id_type   text,
    sealed_id bytea NOT NULL,  -- opens with the subject's key alone
    said_at   timestamptz NOT NULL
);

-- What came, whole, and never changed. The number is the platform's acknowledgement.
CREATE TABLE district.record (
    event_id      text PRIMARY KEY,
    record_number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    type          text NOT NULL,
    provider      text NOT NULL,
    subject_key   text NOT NULL,
    document_key  bytea NOT NULL,
    document      text NOT NULL,
    revision      integer NOT NULL CHECK (revision >= 1),
    action_id     text,
    causation_id  text,
    said_at       timestamptz NOT NULL,
    received_at   timestamptz NOT NULL DEFAULT now(),
    body          jsonb NOT NULL
);
CREATE INDEX record_of_subject ON district.record (subject_key, record_number);
CREATE INDEX record_of_document ON district.record (document_key, revision);

-- The newest revision of each document.
CREATE TABLE district.current_record (
    document_key bytea PRIMARY KEY,
    event_id     text NOT NULL REFERENCES district.record,
    type         text NOT NULL,
    provider     text NOT NULL,
    subject_key  text NOT NULL,
    document     text NOT NULL,
    revision     integer NOT NULL,
    said_at      timestamptz NOT NULL,
    body         jsonb NOT NULL
);
CREATE INDEX current_record_of_subject ON district.current_record (subject_key, type);

CREATE TABLE district.action (
    action_id         text PRIMARY KEY,
    initiator         text NOT NULL,
    subject_key       text NOT NULL,
    kind              text NOT NULL,
    field             text NOT NULL,
    cause             text NOT NULL,
    instrument        jsonb NOT NULL,
    notice            jsonb NOT NULL,
    begins_on         date NOT NULL,
    ends_on           date,
    until_performance boolean NOT NULL,
    revision          integer NOT NULL,
    event_id          text NOT NULL REFERENCES district.record
);
CREATE INDEX action_of_subject ON district.action (subject_key);

CREATE TABLE district.measure_order (
    action_id text NOT NULL REFERENCES district.action,
    measure   text NOT NULL,
    revision  integer NOT NULL,  -- of the initiation that ordered it
    PRIMARY KEY (action_id, measure)
);

-- An answer may arrive before the action it is about: another party said it.
CREATE TABLE district.measure_response (
    action_id      text NOT NULL,
    measure        text NOT NULL,
    department     text NOT NULL,
    decision       text NOT NULL,
    refusal_reason text,
    refusal_basis  text,
    responded_on   date NOT NULL,
    revision       integer NOT NULL,
    event_id       text NOT NULL REFERENCES district.record,
    PRIMARY KEY (action_id, measure, department)
);

CREATE TABLE district.measure_execution (
    action_id   text NOT NULL,
    measure     text NOT NULL,
    department  text NOT NULL,
    outcome     text NOT NULL,
    executed_on date NOT NULL,
    result      text NOT NULL,
    amount_10k  numeric(18, 6),
    revision    integer NOT NULL,
    event_id    text NOT NULL REFERENCES district.record,
    PRIMARY KEY (action_id, measure, department)
);

-- The first refusal of an event, so that a duplicate is refused in the same words.
CREATE TABLE district.refusal (
    event_id    text PRIMARY KEY,
    reasons     jsonb NOT NULL,
    answered_at timestamptz NOT NULL DEFAULT now()
);
