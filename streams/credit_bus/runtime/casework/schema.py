"""The schema `casework` as it is declared; the migrations come to the same, which a test compares.

Nothing here runs: what is read and written goes through `sql/`.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

SCHEMA = "casework"
METADATA = MetaData(schema=SCHEMA)


def _name() -> TypeEngine[str]:
    """Return the type of what names a thing: sorted by its bytes, on every server alike."""
    return Text(collation="C")


ROW = Table(
    "row",
    METADATA,
    Column("kind", _name(), nullable=False),
    Column("name", _name(), nullable=False),
    Column("lane", Integer, nullable=False),
    Column("subject", _name(), nullable=False),
    Column("due_on", Date),
    Column("state", JSONB, nullable=False),
    PrimaryKeyConstraint("kind", "name", name="row_key"),
)
Index("row_of_subject", ROW.c.subject)
Index("row_due", ROW.c.lane, ROW.c.due_on, postgresql_where=ROW.c.due_on.is_not(None))
Index("row_owing", ROW.c.kind, postgresql_where=text("state ? 'duties'"))

# How far a lane has read the log of record, and the number of the next thing that it says.
POSITION = Table(
    "position",
    METADATA,
    Column("lane", Integer, nullable=False, autoincrement=False),
    Column("next_offset", BigInteger, nullable=False),
    Column("next_seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("lane", name="position_key"),
)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("lane", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column(
        "created_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=text("now()"),
    ),
    PrimaryKeyConstraint("lane", "seq", name="outbox_key"),
)

# How far the relay has published a lane. The broker's offset leads; this one outlives it.
RELAYED = Table(
    "relayed",
    METADATA,
    Column("lane", Integer, nullable=False, autoincrement=False),
    Column("next_seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("lane", name="relayed_key"),
)

# With the lane in the key, no lane waits for another's transaction.
COUNT = Table(
    "count",
    METADATA,
    Column("lane", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("party", _name(), nullable=False),
    Column("what", _name(), nullable=False),
    Column("n", BigInteger, nullable=False),
    PrimaryKeyConstraint("lane", "day", "party", "what", name="count_key"),
)
