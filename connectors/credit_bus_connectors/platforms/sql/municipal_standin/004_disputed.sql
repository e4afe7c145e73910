-- What is disputed: which objection is about which document, and which is decided. Either may come
-- before the other, and both before the document.

CREATE TABLE municipal_standin.objection (
    objection text PRIMARY KEY,
    document  text NOT NULL,
    revision  integer NOT NULL  -- of the objection: the first one counts
);
CREATE INDEX objection_of_document ON municipal_standin.objection (document);

CREATE TABLE municipal_standin.decided (
    objection text PRIMARY KEY
);
ALTER TABLE municipal_standin.held ADD COLUMN disputed boolean NOT NULL DEFAULT false;
