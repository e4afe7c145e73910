"""Whether what the independent reader tells is of now. Pure.

A reader that is down or stuck finds nothing amiss: its silence counts only while it reads.
"""

from datetime import datetime, timedelta

# It reads to the ends each second; a transaction that nobody ended holds it longer.
READ_WITHIN = timedelta(seconds=60)


def is_current(read_to: datetime | None, *, now: datetime) -> bool:
    """Return whether a reader that read everything up to `read_to` (None: never) tells of now."""
    return read_to is not None and now - read_to <= READ_WITHIN
