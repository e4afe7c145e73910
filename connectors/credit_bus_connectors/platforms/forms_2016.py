"""Code tables of the 2016 双公示 generation: its own column names for licences and penalties.

The names are those that the platforms of the time exchanged, with the columns that provincial
front ends added. No length of this generation could be found: the bounds are those that
`domain/records_2016.py` holds records to.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from credit_bus.domain.calendar import SHANGHAI
from credit_bus_connectors.personal import PERSON, REPRESENTATIVE
from credit_bus_connectors.platforms.forms import Column, columns_of, day, text

# From the number in clear to what the destination is told of it.
Shown = Callable[[str], str | None]


def moment(value: datetime) -> str:
    """Return the district's time as `YYYY/MM/DD HH:MM:SS`."""
    local = value.astimezone(SHANGHAI)
    return f"{day(local.date())} {local:%H:%M:%S}"


def first(values: Sequence[str]) -> str | None:
    """Return the first of the categories."""
    return values[0] if values else None


def second(values: Sequence[str]) -> str | None:
    """Return the second of the categories; None when there is one."""
    return values[1] if len(values) > 1 else None


def licence_columns(shown: Shown) -> tuple[Column, ...]:
    """Return the columns of a licence, in the standard's order, then those of front ends."""
    return (
        *columns_of(
            ("XK_WSH", "document_number", 64, text),
            ("XK_XMMC", "project_name", 256, text),
            ("XK_SPLB", "category", 256, text),
            ("XK_NR", "content", 4000, text),
            ("XK_XDR", "subject.name", 200, text),
        ),
        *_numbers("XK", shown),
        *columns_of(
            ("XK_JDRQ", "decided_on", 10, day),
            ("XK_JZQ", "valid_to", 10, day),
            ("XK_XZJG", "authority_name", 200, text),
        ),
        *_ending("XK"),
    )


def penalty_columns(shown: Shown) -> tuple[Column, ...]:
    """Return the columns of a penalty, in the standard's order, then those of front ends."""
    return (
        *columns_of(
            ("CF_WSH", "document_number", 128, text),
            ("CF_CFMC", "title", 256, text),
            ("CF_CFLB1", "categories", 255, first),
            ("CF_CFLB2", "categories", 255, second),
            ("CF_SY", "facts", 2000, text),
            ("CF_YJ", "legal_basis", 2048, text),
            ("CF_XDR_MC", "subject.name", 200, text),
        ),
        *_numbers("CF", shown),
        *columns_of(
            ("CF_JG", "content", 4000, text),
            ("CF_JDRQ", "decided_on", 10, day),
            ("CF_XZJG", "authority_name", 255, text),
        ),
        *_ending("CF"),
        *columns_of(
            ("CF_SXYZCD", "severity", 1, text),
            ("CF_JZQ", "valid_until", 10, day),
            ("CF_GSJZQ", "publish_until", 10, day),
        ),
    )


def _numbers(prefix: str, shown: Shown) -> tuple[Column, ...]:
    def identity(subject: Mapping[str, Any]) -> str | None:
        """A person's number, or that of an individual business's operator: one column for both."""
        number = subject[PERSON] or subject[REPRESENTATIVE]
        return None if number is None else shown(number)

    return columns_of(
        (f"{prefix}_XDR_SHXYM", "subject.uscc", 18, text),
        (f"{prefix}_XDR_ZDM", "subject.organisation_code", 9, text),
        (f"{prefix}_XDR_GSDJ", "subject.registration_number", 15, text),
        (f"{prefix}_XDR_SWDJ", "subject.tax_number", 20, text),
        (f"{prefix}_XDR_SFZ", "subject", 18, identity),
        (f"{prefix}_FR", "subject.representative_name", 50, text),
    )


def _ending(prefix: str) -> tuple[Column, ...]:
    return columns_of(
        (f"{prefix}_ZT", "publicity_state", 1, text),
        ("DFBM", "division", 6, text),
        ("SJC", "recorded_at", 19, moment),
        ("BZ", "remark", 512, text),
        (f"{prefix}_BM", "power_code", 64, text),
        (f"{prefix}_SYFW", "usage_scope", 1, text),
    )
