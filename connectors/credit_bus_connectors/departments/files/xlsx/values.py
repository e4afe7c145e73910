"""What one cell of a sheet says: its kind, its text and its number format, as a template's cell.

Nothing is guessed: what a spreadsheet has changed (digits lost, a date made of something else), has
not computed or could not compute is a problem that tells the official how to put it right.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from openpyxl.utils.datetime import from_excel

from credit_bus_connectors.departments.files.cells import Cell, Problem

CELL_CHARACTERS_MAX = 32_767  # a spreadsheet's own
EXACT_BELOW = 1e15  # a spreadsheet keeps 15 significant digits of a number
PLAIN_DIGITS_MAX = 15

NUMBER_CHARACTERS_MAX = 40

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_INDEX = re.compile(r"\d{1,9}", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = range(0xD800, 0xE000)

# From a shared string's number to its text; None for a number that the table does not have.
Strings = Callable[[int], Cell | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """What a cell's style says of its number."""

    is_date: bool = False
    digits: int = 0  # shown with leading zeros up to so many


PLAIN = Format()


class Words:
    """The text of one cell or shared string as it comes in pieces, up to a bound."""

    __slots__ = ("_count", "_pieces")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._count = 0

    def add(self, piece: str) -> None:
        """Take a further piece; beyond the bound nothing is kept."""
        self._count += len(piece)
        if self._count <= CELL_CHARACTERS_MAX:
            self._pieces.append(piece)

    def take(self) -> str | Problem:
        """Return the text, or that it is too long, and begin anew."""
        found = "".join(self._pieces) if self._count <= CELL_CHARACTERS_MAX else _TOO_LONG
        self._pieces, self._count = [], 0
        return found


_TOO_LONG = Problem("cell-too-long")
_UNREADABLE = Problem("cell-unreadable")
_NOT_COMPUTED = Problem("cell-formula")
# Kinds of cells whose value is nothing for a template, whatever it is.
_OF_KIND = {"e": Problem("cell-error"), "b": Problem("cell-boolean")}
_DIGITS_LOST = Problem("cell-digits-lost")


def cell_of(
    kind: str,
    raw: str | Problem | None,
    *,
    is_formula: bool,
    format_: Format,
    epoch: datetime,
    strings: Strings,
) -> Cell:
    """Return the cell of this kind (`t`) and value (`v`, None without one)."""
    if kind in _OF_KIND:
        return _OF_KIND[kind]
    if raw is None or (raw == "" and kind != "str"):
        return _NOT_COMPUTED if is_formula else ""
    if isinstance(raw, Problem):
        return raw
    found: Cell | None = None
    match kind:
        case "n":
            found = number_of(raw, format_, epoch)
        case "s":
            found = strings(int(raw)) if _INDEX.fullmatch(raw) else None
        case "str" | "inlineStr":
            found = unescaped(raw)
        case "d":
            found = _iso_date(raw)
    return _UNREADABLE if found is None else found


def number_of(raw: str, format_: Format, epoch: datetime) -> Cell:
    """Return a number as text in plain digits, a date if its format shows one."""
    if format_ is PLAIN and len(raw) <= PLAIN_DIGITS_MAX and raw.isascii() and raw.isdigit():
        return raw
    if len(raw) > NUMBER_CHARACTERS_MAX or _NUMBER.fullmatch(raw) is None:
        return _UNREADABLE
    if not math.isfinite(value := float(raw)):
        return _UNREADABLE
    if format_.is_date:
        return _date(value, epoch)
    if abs(value) >= EXACT_BELOW:
        return _DIGITS_LOST
    return f"{Decimal(format(value, f'.{PLAIN_DIGITS_MAX}g')):f}".zfill(format_.digits)


def unescaped(text: str) -> str:
    """Return the text with the signs that XML cannot hold (`_x000D_`) as themselves."""
    return _ESCAPED.sub(_sign, text) if "_x" in text else text


def _sign(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if code in _SURROGATES else chr(code)


def _date(serial: float, epoch: datetime) -> Cell:
    """Return the date of a day's number; a time of no day is nothing that a template has."""
    try:
        found = from_excel(serial, epoch) if serial >= 1 else None
    except (OverflowError, ValueError):
        return _UNREADABLE
    return found if isinstance(found, datetime) else _UNREADABLE


def _iso_date(raw: str) -> Cell:
    try:
        return datetime.fromisoformat(raw).replace(tzinfo=None)
    except ValueError:
        return _UNREADABLE
