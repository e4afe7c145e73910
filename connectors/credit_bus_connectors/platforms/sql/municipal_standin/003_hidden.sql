-- What is held on and shown no longer: of which document, and up to which revision. It may come
-- before what it hides.

CREATE TABLE municipal_standin.hidden (
    document text PRIMARY KEY,
    revision integer NOT NULL
);
ALTER TABLE municipal_standin.held ADD COLUMN shown boolean NOT NULL DEFAULT true;
