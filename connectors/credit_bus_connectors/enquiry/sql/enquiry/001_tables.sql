-- Who asked about whom, for what, and what was answered. Nothing here is ever changed.

CREATE TABLE enquiry.log (
    event_id       text PRIMARY KEY,  -- of the enquiry: of asker, number, subject and revision; the
                                      -- answer carries it as its correlation
    log_number     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    way            text NOT NULL CHECK (way IN ('http', 'topic')),
    asker          text NOT NULL,
    key_id         text,              -- the name of the asker's key; over HTTP alone
    enquiry_number text NOT NULL,
    revision       integer NOT NULL,
    subject_key    text NOT NULL,
    purpose        text NOT NULL,
    procedure      text NOT NULL,
    case_reference text NOT NULL,
    asked_at       timestamptz NOT NULL,
    answer_by      timestamptz NOT NULL,
    logged_at      timestamptz NOT NULL,
    outcome        text NOT NULL CHECK (outcome IN ('answered', 'late', 'void')),
    records        integer NOT NULL,  -- how many of each were told
    measures       integer NOT NULL,
    left_out       integer NOT NULL,  -- how many stood and were not told, by the bounds of an answer
    clean          boolean,
    answer         json,              -- as it was told, to the last character
    CHECK ((outcome = 'answered') = (answer IS NOT NULL)),
    CHECK ((way = 'http') = (key_id IS NOT NULL))
);
CREATE INDEX log_of_subject ON enquiry.log (subject_key, log_number DESC);

-- To whom the log itself was shown: for the subject, at a window, or to whoever runs the hub.
CREATE TABLE enquiry.disclosure (
    disclosure_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    party             text NOT NULL,
    key_id            text,           -- none for a command at the hub
    subject_key       text NOT NULL,
    case_reference    text NOT NULL,
    disclosed_at      timestamptz NOT NULL,
    lines             integer NOT NULL
);
CREATE INDEX disclosure_of_subject ON enquiry.disclosure (subject_key, disclosure_number DESC);
