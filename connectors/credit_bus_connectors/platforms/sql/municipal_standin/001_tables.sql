-- The stand-in for the municipal platform: what it holds, and every answer it gave.

CREATE TABLE municipal_standin.answer (
    key             text PRIMARY KEY,
    digest          text NOT NULL,
    result          text NOT NULL CHECK (result IN ('accepted', 'refused')),
    reasons         jsonb NOT NULL,
    acknowledgement bigint GENERATED ALWAYS AS IDENTITY,
    answered_at     timestamptz NOT NULL DEFAULT now(),
    item            jsonb NOT NULL
);

-- The newest revision of each document.
CREATE TABLE municipal_standin.held (
    document text PRIMARY KEY,
    key      text NOT NULL REFERENCES municipal_standin.answer,
    revision integer NOT NULL,
    item     jsonb NOT NULL
);
