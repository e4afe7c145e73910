-- Rows of the 2016 generation, beside those of 2018, under the column names of that time.
-- No length of that generation could be found: the bounds are the bus's own.

CREATE TABLE front.l_gz_xzxk_2016 (
    recid        varchar(64) PRIMARY KEY,
    xk_wsh       varchar(64) NOT NULL,
    xk_xmmc      varchar(256) NOT NULL,
    xk_splb      varchar(256) NOT NULL,
    xk_nr        varchar(4000) NOT NULL,
    xk_xdr       varchar(200) NOT NULL,
    xk_xdr_shxym varchar(18),
    xk_xdr_zdm   varchar(9),
    xk_xdr_gsdj  varchar(15),
    xk_xdr_swdj  varchar(20),
    xk_xdr_sfz   varchar(18),
    xk_fr        varchar(50),
    xk_jdrq      varchar(10) NOT NULL,
    xk_jzq       varchar(10) NOT NULL,
    xk_xzjg      varchar(200) NOT NULL,
    xk_zt        varchar(1) NOT NULL,
    dfbm         varchar(6) NOT NULL,
    sjc          varchar(19) NOT NULL,
    bz           varchar(512),
    xk_bm        varchar(64),
    xk_syfw      varchar(1),
    state        smallint NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2, 3)),
    error_text   varchar(500),
    sequence     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    written_at   timestamptz NOT NULL DEFAULT now(),
    marked_at    timestamptz
);
COMMENT ON COLUMN front.l_gz_xzxk_2016.state IS
    '0 new, 1 taken, 2 refused with error_text, 3 replaced by a newer revision before it was taken';
CREATE INDEX l_gz_xzxk_2016_new ON front.l_gz_xzxk_2016 (sequence) WHERE state = 0;

CREATE TABLE front.l_gz_xzcf_2016 (
    recid        varchar(64) PRIMARY KEY,
    cf_wsh       varchar(128) NOT NULL,
    cf_cfmc      varchar(256) NOT NULL,
    cf_cflb1     varchar(255) NOT NULL,
    cf_cflb2     varchar(255),
    cf_sy        varchar(2000) NOT NULL,
    cf_yj        varchar(2048) NOT NULL,
    cf_xdr_mc    varchar(200) NOT NULL,
    cf_xdr_shxym varchar(18),
    cf_xdr_zdm   varchar(9),
    cf_xdr_gsdj  varchar(15),
    cf_xdr_swdj  varchar(20),
    cf_xdr_sfz   varchar(18),
    cf_fr        varchar(50),
    cf_jg        varchar(4000) NOT NULL,
    cf_jdrq      varchar(10) NOT NULL,
    cf_xzjg      varchar(255) NOT NULL,
    cf_zt        varchar(1) NOT NULL,
    dfbm         varchar(6) NOT NULL,
    sjc          varchar(19) NOT NULL,
    bz           varchar(512),
    cf_bm        varchar(64),
    cf_syfw      varchar(1),
    cf_sxyzcd    varchar(1),
    cf_jzq       varchar(10),
    cf_gsjzq     varchar(10),
    state        smallint NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2, 3)),
    error_text   varchar(500),
    sequence     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    written_at   timestamptz NOT NULL DEFAULT now(),
    marked_at    timestamptz
);
COMMENT ON COLUMN front.l_gz_xzcf_2016.state IS
    '0 new, 1 taken, 2 refused with error_text, 3 replaced by a newer revision before it was taken';
CREATE INDEX l_gz_xzcf_2016_new ON front.l_gz_xzcf_2016 (sequence) WHERE state = 0;
