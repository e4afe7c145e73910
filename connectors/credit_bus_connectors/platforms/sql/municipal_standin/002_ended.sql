-- What no longer stands: of which document, and up to which revision (the largest number: of all).
-- It may come before what it ends.

CREATE TABLE municipal_standin.ended (
    document text PRIMARY KEY,
    revision integer NOT NULL
);
