-- Which measures of ended actions run no more: each implementer's own word. It may come before the
-- end that it answers, which another party said.

CREATE TABLE district.measure_lifting (
    action_id       text NOT NULL,
    measure         text NOT NULL,
    department      text NOT NULL,
    because_of      text NOT NULL,  -- the end of the action that it answers
    lifted_on       date NOT NULL,
    result          text NOT NULL,
    document_number text,
    operator        text,  -- a post, never a name
    revision        integer NOT NULL,
    event_id        text NOT NULL REFERENCES district.record,
    PRIMARY KEY (action_id, measure, department)
);
