-- The province's front-end database (前置库): 双公示 rows of the 2018 generation, with its lengths.
-- The province takes rows in state 0, and marks them.

CREATE TABLE front.l_gz_xzxk (
    recid        varchar(64) PRIMARY KEY,
    xk_xdr_mc    varchar(200) NOT NULL,
    xk_xdr_lb    varchar(16) NOT NULL,
    xk_xdr_shxym varchar(18),
    xk_xdr_gszc  varchar(50),
    xk_xdr_zzjg  varchar(9),
    xk_xdr_swdj  varchar(15),
    xk_xdr_sydw  varchar(12),
    xk_xdr_shzz  varchar(50),
    xk_frdb      varchar(50),
    xk_fr_zjlx   varchar(64),
    xk_fr_zjhm   varchar(64),
    xk_xdr_zjlx  varchar(64),
    xk_xdr_zjhm  varchar(64),
    xk_xkws      varchar(64) NOT NULL,
    xk_wsh       varchar(64) NOT NULL,
    xk_xklb      varchar(256) NOT NULL,
    xk_xkzs      varchar(64),
    xk_xkbh      varchar(64),
    xk_nr        varchar(4000) NOT NULL,
    xk_jdrq      varchar(10) NOT NULL,
    xk_yxqz      varchar(10) NOT NULL,
    xk_yxqzi     varchar(10) NOT NULL,
    xk_xkjg      varchar(200) NOT NULL,
    xk_xkjgdm    varchar(18) NOT NULL,
    xk_zt        varchar(1) NOT NULL,
    xk_lydw      varchar(200) NOT NULL,
    xk_lydwdm    varchar(18) NOT NULL,
    bz           varchar(512),
    state        smallint NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2, 3)),
    error_text   varchar(500),
    sequence     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    written_at   timestamptz NOT NULL DEFAULT now(),
    marked_at    timestamptz
);
COMMENT ON COLUMN front.l_gz_xzxk.state IS
    '0 new, 1 taken, 2 refused with error_text, 3 replaced by a newer revision before it was taken';

CREATE TABLE front.l_gz_xzcf (
    recid        varchar(64) PRIMARY KEY,
    cf_xdr_mc    varchar(200) NOT NULL,
    cf_xdr_lb    varchar(16) NOT NULL,
    cf_xdr_shxym varchar(18),
    cf_xdr_gszc  varchar(50),
    cf_xdr_zzjg  varchar(9),
    cf_xdr_swdj  varchar(15),
    cf_xdr_sydw  varchar(12),
    cf_xdr_shzz  varchar(50),
    cf_frdb      varchar(50),
    cf_fr_zjlx   varchar(64),
    cf_fr_zjhm   varchar(64),
    cf_xdr_zjlx  varchar(64),
    cf_xdr_zjhm  varchar(64),
    cf_wsh       varchar(128) NOT NULL,
    cf_wfxw      varchar(2000) NOT NULL,
    cf_sy        varchar(2000) NOT NULL,
    cf_yj        varchar(2048) NOT NULL,
    cf_cflb      varchar(255) NOT NULL,
    cf_nr        varchar(4000) NOT NULL,
    cf_nr_fk     numeric(18, 6),
    cf_nr_wfff   numeric(18, 6),
    cf_nr_zkdx   varchar(200),
    cf_jdrq      varchar(10) NOT NULL,
    cf_yxq       varchar(10) NOT NULL,
    cf_gsjzq     varchar(10),
    cf_cfjg      varchar(255) NOT NULL,
    cf_cfjgdm    varchar(18) NOT NULL,
    cf_sjly      varchar(200) NOT NULL,
    cf_sjlydm    varchar(18) NOT NULL,
    bz           varchar(512),
    state        smallint NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2, 3)),
    error_text   varchar(500),
    sequence     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    written_at   timestamptz NOT NULL DEFAULT now(),
    marked_at    timestamptz
);
COMMENT ON COLUMN front.l_gz_xzcf.state IS
    '0 new, 1 taken, 2 refused with error_text, 3 replaced by a newer revision before it was taken';

CREATE INDEX l_gz_xzxk_new ON front.l_gz_xzxk (sequence) WHERE state = 0;
CREATE INDEX l_gz_xzcf_new ON front.l_gz_xzcf (sequence) WHERE state = 0;

-- The connector's own book: what was delivered, of which document and revision. The standard's
-- columns have no place for it, and the province does not read it.
CREATE TABLE front.delivery (
    recid        varchar(64) PRIMARY KEY,
    event_id     text NOT NULL UNIQUE,
    type         text NOT NULL,
    document_key bytea NOT NULL,
    revision     integer NOT NULL,
    delivered_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX delivery_of_document ON front.delivery (document_key, revision);

-- The first refusal of an event, so that a duplicate is refused in the same words.
CREATE TABLE front.refusal (
    event_id    text PRIMARY KEY,
    reasons     jsonb NOT NULL,
    answered_at timestamptz NOT NULL DEFAULT now()
);
