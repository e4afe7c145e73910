-- 标注异议: a row that the province has not taken says so itself, and for each that it has taken there
-- is a row in a table of marks, which it takes like all others, in order: the last one counts. 2016
-- has 当前状态 2 for it; 2018 has no place, and its column is ours, as is the table.

ALTER TABLE front.l_gz_xzxk ADD COLUMN disputed boolean NOT NULL DEFAULT false;
ALTER TABLE front.l_gz_xzcf ADD COLUMN disputed boolean NOT NULL DEFAULT false;
ALTER TABLE front.l_gz_xzxk_2016 ADD COLUMN disputed boolean NOT NULL DEFAULT false;
ALTER TABLE front.l_gz_xzcf_2016 ADD COLUMN disputed boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN front.l_gz_xzxk.disputed IS '异议: as of when it was taken; after that see l_gz_yybj';
COMMENT ON COLUMN front.l_gz_xzcf.disputed IS '异议: as of when it was taken; after that see l_gz_yybj';
COMMENT ON COLUMN front.l_gz_xzxk_2016.disputed IS
    '异议: as of when it was taken, with xk_zt 2 in place of 0; after that see l_gz_yybj';
COMMENT ON COLUMN front.l_gz_xzcf_2016.disputed IS
    '异议: as of when it was taken, with cf_zt 2 in place of 0; after that see l_gz_yybj';

-- A row each time that a row which the province took begins or ceases to be disputed.
CREATE TABLE front.l_gz_yybj (
    sequence     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recid        varchar(64) NOT NULL,  -- of the row that is marked
    yy_xdr_mc    varchar(200) NOT NULL,
    yy_xdr_shxym varchar(18),
    yy_wsh       varchar(128) NOT NULL,
    yy_bj        varchar(1) NOT NULL CHECK (yy_bj IN ('0', '1')),
    yy_rq        varchar(10) NOT NULL,
    state        smallint NOT NULL DEFAULT 0 CHECK (state IN (0, 1)),
    written_at   timestamptz NOT NULL DEFAULT now(),
    marked_at    timestamptz
);
COMMENT ON COLUMN front.l_gz_yybj.yy_bj IS '1 disputed from that day on, 0 no more';
COMMENT ON COLUMN front.l_gz_yybj.state IS '0 new, 1 taken';
CREATE INDEX l_gz_yybj_new ON front.l_gz_yybj (sequence) WHERE state = 0;
CREATE INDEX l_gz_yybj_of_row ON front.l_gz_yybj (recid, sequence);

-- The connector's own book: objections, each as it was said first, and which of them are decided.
-- Either may come before the other, and both before the record.
CREATE TABLE front.objection (
    objection_key bytea PRIMARY KEY,
    document_key  bytea NOT NULL,
    revision      integer NOT NULL,  -- of the objection
    event_id      text NOT NULL,
    yy_xdr_mc     varchar(200) NOT NULL,
    yy_xdr_shxym  varchar(18),
    yy_wsh        varchar(128) NOT NULL,
    yy_rq         varchar(10) NOT NULL
);
CREATE INDEX objection_of_document ON front.objection (document_key);

CREATE TABLE front.objection_decision (
    objection_key bytea PRIMARY KEY,
    event_id      text NOT NULL UNIQUE,
    yy_rq         varchar(10) NOT NULL
);

CREATE VIEW front.open_objection AS
SELECT objection.document_key
  FROM front.objection
 WHERE NOT EXISTS (SELECT FROM front.objection_decision AS decided
                    WHERE decided.objection_key = objection.objection_key);
