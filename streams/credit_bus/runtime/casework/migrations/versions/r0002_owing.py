"""An index of the rows that somebody owes something on."""

from typing import NoReturn

from alembic import op

revision = "0002"
down_revision = "0001"

_INDEX = """
CREATE INDEX row_owing ON casework.row (kind) WHERE state ? 'duties'
"""


def upgrade() -> None:
    """Make the index."""
    op.execute(_INDEX)


def downgrade() -> NoReturn:
    """Refuse, as every migration of casework does."""
    raise NotImplementedError("casework goes forward only: restore a copy of the database instead")
