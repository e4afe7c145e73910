-- What no longer stands: rows that the province has not taken are withdrawn where they lie, and for
-- rows that it has taken there is a row in a table of withdrawals (撤销表), which it takes like all
-- others. Of such a table in the province's own database nothing is known; its columns are ours.

ALTER TABLE front.l_gz_xzxk DROP CONSTRAINT l_gz_xzxk_state_check,
    ADD CONSTRAINT l_gz_xzxk_state_check CHECK (state IN (0, 1, 2, 3, 4));
ALTER TABLE front.l_gz_xzcf DROP CONSTRAINT l_gz_xzcf_state_check,
    ADD CONSTRAINT l_gz_xzcf_state_check CHECK (state IN (0, 1, 2, 3, 4));
ALTER TABLE front.l_gz_xzxk_2016 DROP CONSTRAINT l_gz_xzxk_2016_state_check,
    ADD CONSTRAINT l_gz_xzxk_2016_state_check CHECK (state IN (0, 1, 2, 3, 4));
ALTER TABLE front.l_gz_xzcf_2016 DROP CONSTRAINT l_gz_xzcf_2016_state_check,
    ADD CONSTRAINT l_gz_xzcf_2016_state_check CHECK (state IN (0, 1, 2, 3, 4));
COMMENT ON COLUMN front.l_gz_xzxk.state IS
    '0 new, 1 taken, 2 refused with error_text, 3 replaced and 4 withdrawn before it was taken';
COMMENT ON COLUMN front.l_gz_xzcf.state IS
    '0 new, 1 taken, 2 refused with error_text, 3 replaced and 4 withdrawn before it was taken';
COMMENT ON COLUMN front.l_gz_xzxk_2016.state IS
    '0 new, 1 taken, 2 refused with error_text, 3 replaced and 4 withdrawn before it was taken';
COMMENT ON COLUMN front.l_gz_xzcf_2016.state IS
    '0 new, 1 taken, 2 refused with error_text, 3 replaced and 4 withdrawn before it was taken';

-- A row for each row that the province took and that no longer stands.
CREATE TABLE front.l_gz_xycx (
    recid        varchar(64) PRIMARY KEY,  -- of the row that no longer stands
    cx_xdr_mc    varchar(200) NOT NULL,
    cx_xdr_shxym varchar(18),
    cx_wsh       varchar(128) NOT NULL,
    cx_yy        varchar(32) NOT NULL,
    cx_sm        varchar(2000) NOT NULL,
    cx_yjwh      varchar(128),
    cx_rq        varchar(10) NOT NULL,
    state        smallint NOT NULL DEFAULT 0 CHECK (state IN (0, 1)),
    sequence     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    written_at   timestamptz NOT NULL DEFAULT now(),
    marked_at    timestamptz
);
COMMENT ON COLUMN front.l_gz_xycx.state IS '0 new, 1 taken';
CREATE INDEX l_gz_xycx_new ON front.l_gz_xycx (sequence) WHERE state = 0;

-- The connector's own book of withdrawals: of which document, and up to which revision of it. One
-- may come before the record that it is about.
CREATE TABLE front.withdrawal (
    event_id     text PRIMARY KEY,
    document_key bytea NOT NULL,
    revision     integer NOT NULL,
    cx_xdr_mc    varchar(200) NOT NULL,
    cx_xdr_shxym varchar(18),
    cx_wsh       varchar(128) NOT NULL,
    cx_yy        varchar(32) NOT NULL,
    cx_sm        varchar(2000) NOT NULL,
    cx_yjwh      varchar(128),
    cx_rq        varchar(10) NOT NULL
);
CREATE INDEX withdrawal_of_document ON front.withdrawal (document_key, revision);
