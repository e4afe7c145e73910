-- What follows an initiation: its course, objections, repairs, enquiries, reminders. A row for each
-- statement in each revision, whole in district.record; here is what one looks for it by.

CREATE TABLE district.case_event (
    event_id       text PRIMARY KEY REFERENCES district.record,
    type           text NOT NULL,
    said_by        text NOT NULL,
    subject_key    text NOT NULL,
    document_key   bytea NOT NULL,
    revision       integer NOT NULL,
    said_at        timestamptz NOT NULL,
    reference      text,  -- the number under which it is known to those who said it
    action_id      text,  -- the action that it is, or is about
    about_provider text,  -- or the record that it is about
    about_type     text,
    about_document text,
    because_of     text,  -- the event that caused it
    outcome        text   -- the word that says how it came out: cause, decision, state
);
CREATE INDEX case_event_of_subject ON district.case_event (subject_key, said_at);
CREATE INDEX case_event_of_action ON district.case_event (action_id, said_at);
CREATE INDEX case_event_of_record
          ON district.case_event (about_provider, about_type, about_document, said_at);
CREATE INDEX case_event_of_reference ON district.case_event (reference, type);

-- Feedback in its second version: under which batch or notice, and by which post (never a name).
ALTER TABLE district.measure_execution ADD COLUMN batch_number text;
ALTER TABLE district.measure_execution ADD COLUMN operator text;
