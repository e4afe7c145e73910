"""Rows, positions, outbox, what is relayed, counts."""

from typing import NoReturn

from alembic import op

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE casework.row (
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    lane integer NOT NULL,
    subject text COLLATE "C" NOT NULL,
    due_on date,
    state jsonb NOT NULL,
    CONSTRAINT row_key PRIMARY KEY (kind, name)
);
CREATE INDEX row_of_subject ON casework.row (subject);
CREATE INDEX row_due ON casework.row (lane, due_on) WHERE due_on IS NOT NULL;

CREATE TABLE casework.position (
    lane integer NOT NULL,
    next_offset bigint NOT NULL,
    next_seq bigint NOT NULL,
    CONSTRAINT position_key PRIMARY KEY (lane)
);

CREATE TABLE casework.outbox (
    lane integer NOT NULL,
    seq bigint NOT NULL,
    key bytea NOT NULL,
    headers jsonb NOT NULL,
    value bytea NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT outbox_key PRIMARY KEY (lane, seq)
);

CREATE TABLE casework.relayed (
    lane integer NOT NULL,
    next_seq bigint NOT NULL,
    CONSTRAINT relayed_key PRIMARY KEY (lane)
);

CREATE TABLE casework.count (
    lane integer NOT NULL,
    day date NOT NULL,
    party text COLLATE "C" NOT NULL,
    what text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    CONSTRAINT count_key PRIMARY KEY (lane, day, party, what)
);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(_TABLES)


def downgrade() -> NoReturn:
    """Refuse: the rows are what was decided, and no earlier release could read them."""
    raise NotImplementedError("casework goes forward only: restore a copy of the database instead")
