-- What the public hands in: objections and requests for repair, whole, for the window to look at.
-- Nothing of it changes a publication: only when the window has accepted one is it said to the bus.

CREATE TABLE site.petition (
    petition_number         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    receipt_digest          bytea NOT NULL UNIQUE,  -- SHA-256 of what its owner keeps
    kind                    text NOT NULL CHECK (kind IN ('objection', 'repair')),
    state                   text NOT NULL DEFAULT 'received'
        CHECK (state IN ('received', 'accepted', 'not_accepted')),
    received_at             timestamptz NOT NULL DEFAULT now(),
    -- The record as it was shown then. A person's name is masked here, too.
    document_key            bytea NOT NULL,
    revision                integer NOT NULL CHECK (revision >= 1),
    provider                text NOT NULL,
    record_type             text NOT NULL,
    document_number         text NOT NULL,
    subject_name            text NOT NULL,
    uscc                    text,
    -- Who hands it in, as told; the window checks it against a document and keeps no number of it.
    applicant               text NOT NULL,
    relation                text NOT NULL CHECK (relation IN ('self', 'agent')),
    telephone               text NOT NULL,
    statement               text NOT NULL,
    scope                   text[] NOT NULL DEFAULT '{}',
    performed_on            date,
    commitment_published_on date,
    proofs                  text[] NOT NULL DEFAULT '{}',
    -- What the window answers; its owner reads it under the receipt.
    answered_at             timestamptz,
    answer                  text,
    CONSTRAINT an_answer_has_its_time CHECK ((state = 'received') = (answered_at IS NULL)),
    CONSTRAINT what_is_not_accepted_is_reasoned CHECK (state <> 'not_accepted' OR answer IS NOT NULL),
    CONSTRAINT an_objection_says_to_what CHECK (kind <> 'objection' OR cardinality(scope) > 0),
    CONSTRAINT a_repair_is_proved CHECK (kind <> 'repair' OR (performed_on IS NOT NULL
        AND commitment_published_on IS NOT NULL AND cardinality(proofs) > 0))
);
CREATE INDEX petition_waiting ON site.petition (petition_number) WHERE state = 'received';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'credit_bus_desk') THEN
        CREATE ROLE credit_bus_desk NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of this server is provisioned at the same moment
END
$$;

-- The site's process puts petitions in and never reads them: a receipt finds the state alone.
GRANT INSERT (receipt_digest, kind, document_key, revision, provider, record_type, document_number,
              subject_name, uscc, applicant, relation, telephone, statement, scope, performed_on,
              commitment_published_on, proofs)
   ON site.petition TO credit_bus_site;
GRANT SELECT (receipt_digest, kind, state, received_at, answered_at, answer)
   ON site.petition TO credit_bus_site;

-- The desk reads them, and answers.
GRANT USAGE ON SCHEMA site TO credit_bus_desk;
GRANT SELECT, UPDATE (state, answered_at, answer) ON site.petition TO credit_bus_desk;
