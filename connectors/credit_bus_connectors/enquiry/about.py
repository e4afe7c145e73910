"""Who asked about a subject, as the subject may learn it; each such look is written down, too."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from credit_bus.domain.registry import Registry
from credit_bus_connectors.enquiry.store import (
    LINES_TOLD_MAX,
    Told,
    keep_disclosure,
    read_about,
)
from credit_bus_connectors.platforms.pool import Connection


def about(
    connection: Connection,
    *,
    party: str,
    key: str | None,
    subject: str,
    case_reference: str,
    now: datetime,
) -> list[Told]:
    """Return who asked, newest first, after writing down who looks, within one transaction.

    `party` looks for the subject, in a case of its own; `key` is the name of its key, if any.
    """
    lines = read_about(connection, subject)
    keep_disclosure(
        connection,
        party=party,
        key=key,
        subject=subject,
        case_reference=case_reference,
        now=now,
        lines=len(lines),
    )
    return lines


def told_lines(subject: str, lines: Sequence[Told], registry: Registry) -> dict[str, Any]:
    """Return who asked about the subject, with names for codes, as JSON values."""

    def name(code: str) -> str | None:
        party = registry.parties.get(code)
        return None if party is None else party.name

    def purpose(code: str) -> str | None:
        known = registry.purposes.get(code)
        return None if known is None else known.name

    return {
        "subject": subject,
        "lines": [
            {
                **asdict(line),
                "logged_at": line.logged_at.isoformat(),
                "asker_name": name(line.asker),
                "purpose_name": purpose(line.purpose),
            }
            for line in lines
        ],
        "lines_max": LINES_TOLD_MAX,
    }
