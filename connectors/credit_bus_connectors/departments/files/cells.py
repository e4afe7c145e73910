"""One cell of a template: what officials put into it, and the value it stands for.

Each converter takes text, and returns the value, None for an empty cell, or a Problem that names
the rule broken. A spreadsheet's cell may also be a date, or hold a problem of its own. Knows no
column and no file.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from credit_bus.domain.calendar import SHANGHAI
from credit_bus.domain.registry import SubjectCategory
from credit_bus.domain.text import is_blank


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell: a code of departments/rules.py."""

    code: str


Cell = str | datetime | Problem  # a date has no zone: it is what the spreadsheet shows
Value = str | date | datetime | Decimal | list[str] | None
Converter = Callable[[str], Value | Problem]

COVERED = Problem("cell-merged")  # by the cell in the upper left of its range

AMOUNT_INTEGER_DIGITS_MAX = 12  # dec(18,6)
AMOUNT_FRACTION_DIGITS_MAX = 6

_DATE = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_AMOUNT = re.compile(
    rf"\d{{1,{AMOUNT_INTEGER_DIGITS_MAX}}}(\.\d{{1,{AMOUNT_FRACTION_DIGITS_MAX}}})?", re.ASCII
)
_MOMENT = re.compile(r"(\S+)(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)

_JOIN = re.compile(r"[;；]")
# Digits and letters only: full-width brackets and commas are the proper signs of Chinese text.
_FULL_WIDTH = {
    wide: wide - 0xFEE0
    for first, last in ("０９", "ＡＺ", "ａｚ")
    for wide in range(ord(first), ord(last) + 1)
}

_CATEGORIES = {
    "法人及非法人组织": SubjectCategory.ORGANISATION,
    "个体工商户": SubjectCategory.INDIVIDUAL_BUSINESS,
    "自然人": SubjectCategory.NATURAL_PERSON,
}


def half_width(text: str) -> str:
    """Return the text with full-width letters, digits and signs as half-width, trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def text(cell: str) -> str | None:
    """Return the trimmed text with half-width digits and letters, or None when it says nothing."""
    return None if is_blank(cell) else cell.strip().translate(_FULL_WIDTH)


def code(cell: str) -> str | None:
    """Return a code (letters, digits) in half-width capitals, or None."""
    said = text(cell)
    return None if said is None else half_width(said).upper()


def day(cell: str) -> date | Problem | None:
    """Return the date of `YYYY/MM/DD`, the separator being `/`, `-` or `.` throughout.

    The rule of the municipal intake of 2018 for dates; no other form is guessed at.
    """
    said = text(cell)
    if said is None:
        return None
    match = _DATE.fullmatch(half_width(said))
    if match is None:
        return Problem("cell-date")
    try:
        return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return Problem("cell-date")


def moment(cell: str) -> datetime | Problem | None:
    """Return the district's time of a date as in `day`, alone or followed by `HH:MM[:SS]`."""
    said = text(cell)
    if said is None:
        return None
    match = _MOMENT.fullmatch(half_width(said))
    found = None if match is None else day(match[1])
    if match is None or not isinstance(found, date):
        return Problem("cell-moment")
    try:
        at = time(int(match[2] or 0), int(match[3] or 0), int(match[4] or 0), tzinfo=SHANGHAI)
    except ValueError:
        return Problem("cell-moment")
    return datetime.combine(found, at)


def converted(cell: Cell, convert: Converter) -> Value | Problem:
    """Return the value of a cell for a column with this converter.

    A date cell is taken for a date alone: elsewhere a spreadsheet made one of something else.
    """
    match cell:
        case str():
            return convert(cell)
        case Problem():
            return cell
        case datetime():
            return convert(shown(cell)) if convert in _OF_DATES else Problem("cell-became-date")


def shown(moment: datetime) -> str:
    """Return a date cell as the templates write it; the time only when there is one."""
    day_shown = f"{moment.year:04}/{moment.month:02}/{moment.day:02}"
    return day_shown if moment.time() == time() else f"{day_shown} {moment:%H:%M:%S}"


def is_empty(cell: Cell) -> bool:
    """Return whether there is nothing in the cell, as in one that a merge covers."""
    return not cell.strip() if isinstance(cell, str) else cell == COVERED


def amount_10k(cell: str) -> Decimal | Problem | None:
    """Return an amount in 万元 with at most six decimals (dec(18,6) of the 2018 standard)."""
    said = text(cell)
    if said is None:
        return None
    digits = half_width(said)
    return Decimal(digits) if _AMOUNT.fullmatch(digits) else Problem("cell-amount")


def category(cell: str) -> str | Problem | None:
    """Return the subject category that one of the three words of the standard names."""
    said = text(cell)
    if said is None:
        return None
    found = _CATEGORIES.get(half_width(said))
    return Problem("cell-category") if found is None else found.value


def words(cell: str) -> list[str] | None:
    """Return several words joined by `；` or `;`, in order, blanks left out, or None."""
    said = text(cell)
    if said is None:
        return None
    found = [word.strip() for word in _JOIN.split(said) if word.strip()]
    return found or None


_OF_DATES = frozenset({day, moment})
