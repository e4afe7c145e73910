-- The public site: what anybody may read, and beside it what the connector needs to keep it right.
-- There is no column for an identity number, a representative, an address or what an objection says.

-- How each document stands. Keys and bounds alone; what is shown of it lies in the next table.
CREATE TABLE site.standing (
    document_key   bytea PRIMARY KEY,
    revision       integer NOT NULL,  -- the newest that came; 0: none yet
    withdrawn_to   integer NOT NULL,
    ended_to       integer NOT NULL,
    removed        boolean NOT NULL,
    corrected_from integer,
    raised         bytea[] NOT NULL,  -- digests that name objections and nobody
    decided        bytea[] NOT NULL
);

-- One connection at a time writes, under an advisory lock: so a change with a higher number is
-- committed later, and whoever reads up to a number has read all below it.
CREATE SEQUENCE site.change_number;

-- Every document that was ever shown. One that is shown no more keeps its key and why, nothing else.
CREATE TABLE site.publication (
    document_key         bytea PRIMARY KEY,
    change_number        bigint NOT NULL UNIQUE,
    changed_at           timestamptz NOT NULL DEFAULT now(),
    state                text NOT NULL
        CHECK (state IN ('shown', 'withdrawn', 'removed', 'ended', 'unpublished')),
    revision             integer NOT NULL CHECK (revision >= 1),
    corrected            boolean NOT NULL,
    disputed             boolean NOT NULL,
    kind                 text,
    provider             text,
    category             text,
    name                 text,
    uscc                 text,
    document_number      text,
    title                text,
    authority            text,
    decided_on           date,
    shown_from           date,
    shown_until          date,
    classes              text,
    matter               text,
    basis                text,
    outcome              text,
    certificate          text,
    fine_10k             numeric(18, 6),
    confiscated_10k      numeric(18, 6),
    begins_on            date,
    ends_on              date,
    until_performance    boolean,
    instrument_type      text,
    instrument_title     text,
    instrument_number    text,
    instrument_article   text,
    instrument_issuer    text,
    instrument_issued_on date,
    removal_conditions   text,
    remedies             text,
    said_disputed        boolean,
    -- The name as it is looked for; of whoever has no code there is none.
    sought               text GENERATED ALWAYS AS
        (CASE WHEN uscc IS NOT NULL THEN upper(normalize(name, NFKC)) END) STORED,
    CONSTRAINT what_is_not_shown_is_not_kept CHECK ((state = 'shown') = (name IS NOT NULL)
        AND (state = 'shown' OR coalesce(kind, provider, category, uscc, document_number, title,
             authority, classes, matter, basis, outcome, certificate, instrument_type,
             instrument_title, instrument_number, instrument_article, instrument_issuer,
             removal_conditions, remedies) IS NULL)),
    CONSTRAINT whoever_has_no_code_is_masked CHECK (uscc IS NOT NULL OR name LIKE '%*%'),
    CONSTRAINT no_number_of_a_person CHECK (category <> 'natural_person' OR uscc IS NULL)
);
CREATE INDEX publication_of_subject ON site.publication (uscc, decided_on DESC)
    WHERE uscc IS NOT NULL;
CREATE INDEX publication_by_kind ON site.publication (kind, decided_on DESC, document_key)
    WHERE state = 'shown';
CREATE INDEX publication_shown ON site.publication (kind, shown_from, shown_until)
    WHERE state = 'shown';

-- What came, each once. The number is the site's acknowledgement.
CREATE TABLE site.delivery (
    event_id        text PRIMARY KEY,
    delivery_number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    received_at     timestamptz NOT NULL DEFAULT now()
);

-- The first refusal of an event, so that a duplicate is refused in the same words.
CREATE TABLE site.refusal (
    event_id    text PRIMARY KEY,
    reasons     jsonb NOT NULL,
    answered_at timestamptz NOT NULL DEFAULT now()
);
