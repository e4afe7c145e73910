-- What is shown no more (停止公示): a row that the province has not taken stays and is not to be
-- taken, and for each that it has taken there is a row in a table, which it takes like all others.
-- Of such a table in the province's own database nothing is known; its columns are ours.

ALTER TABLE front.l_gz_xzxk DROP CONSTRAINT l_gz_xzxk_state_check,
    ADD CONSTRAINT l_gz_xzxk_state_check CHECK (state IN (0, 1, 2, 3, 4, 5));
ALTER TABLE front.l_gz_xzcf DROP CONSTRAINT l_gz_xzcf_state_check,
    ADD CONSTRAINT l_gz_xzcf_state_check CHECK (state IN (0, 1, 2, 3, 4, 5));
ALTER TABLE front.l_gz_xzxk_2016 DROP CONSTRAINT l_gz_xzxk_2016_state_check,
    ADD CONSTRAINT l_gz_xzxk_2016_state_check CHECK (state IN (0, 1, 2, 3, 4, 5));
ALTER TABLE front.l_gz_xzcf_2016 DROP CONSTRAINT l_gz_xzcf_2016_state_check,
    ADD CONSTRAINT l_gz_xzcf_2016_state_check CHECK (state IN (0, 1, 2, 3, 4, 5));
COMMENT ON COLUMN front.l_gz_xzxk.state IS
    '0 new, 1 taken, 2 refused with error_text; before it was taken 3 replaced, 4 withdrawn, 5 its publicity ended';
COMMENT ON COLUMN front.l_gz_xzcf.state IS
    '0 new, 1 taken, 2 refused with error_text; before it was taken 3 replaced, 4 withdrawn, 5 its publicity ended';
COMMENT ON COLUMN front.l_gz_xzxk_2016.state IS
    '0 new, 1 taken, 2 refused with error_text; before it was taken 3 replaced, 4 withdrawn, 5 its publicity ended';
COMMENT ON COLUMN front.l_gz_xzcf_2016.state IS
    '0 new, 1 taken, 2 refused with error_text; before it was taken 3 replaced, 4 withdrawn, 5 its publicity ended';

-- A row for each row that the province took and shows no more.
CREATE TABLE front.l_gz_tzgs (
    recid        varchar(64) PRIMARY KEY,  -- of the row that is shown no more
    tz_xdr_mc    varchar(200) NOT NULL,
    tz_xdr_shxym varchar(18),
    tz_wsh       varchar(128) NOT NULL,
    tz_yy        varchar(32) NOT NULL,
    tz_gz        varchar(200) NOT NULL,
    tz_rq        varchar(10) NOT NULL,
    state        smallint NOT NULL DEFAULT 0 CHECK (state IN (0, 1)),
    sequence     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    written_at   timestamptz NOT NULL DEFAULT now(),
    marked_at    timestamptz
);
COMMENT ON COLUMN front.l_gz_tzgs.state IS '0 new, 1 taken';
CREATE INDEX l_gz_tzgs_new ON front.l_gz_tzgs (sequence) WHERE state = 0;

-- The connector's own book of ends of publicity: of which document, and up to which revision of it.
-- One may come before the record that it is about.
CREATE TABLE front.publicity_end (
    event_id     text PRIMARY KEY,
    document_key bytea NOT NULL,
    revision     integer NOT NULL,
    tz_xdr_mc    varchar(200) NOT NULL,
    tz_xdr_shxym varchar(18),
    tz_wsh       varchar(128) NOT NULL,
    tz_yy        varchar(32) NOT NULL,
    tz_gz        varchar(200) NOT NULL,
    tz_rq        varchar(10) NOT NULL
);
CREATE INDEX publicity_end_of_document ON front.publicity_end (document_key, revision);
