"""What a template is made of: columns with their spellings, places in the body and converters.

Knows no template. How a header cell is compared with a spelling stands here, too.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from credit_bus.domain.generations import Generation
from credit_bus_connectors.departments.files import cells
from credit_bus_connectors.departments.files.cells import Converter, Value

# What a template adds to the values of its columns, before they become a body.
Complete = Callable[[Mapping[str, Value]], dict[str, Value]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a template. `path` is a body field, dotted inside a record."""

    code: str
    header: str
    path: str
    convert: Converter
    required: bool = False  # must stand in the header, and must not be empty
    identity: bool = False  # an identity number: sealed before it goes anywhere
    aliases: tuple[str, ...] = ()  # other names in use for it
    also: tuple[str, ...] = ()  # further body fields that follow from it


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One table of a standard: its event type, its columns in the standard's order."""

    type: str
    name: str
    generation: Generation
    columns: tuple[Column, ...]
    complete: Complete

    def column_at(self, path: str) -> Column | None:
        """Return the column that fills this body field, or a field inside or around it."""
        for place in (path, re.sub(r"\[\d+\]", "", path)):
            for column in self.columns:
                if any(
                    place == own or place.startswith((own + ".", own + "["))
                    for own in (column.path, *column.also)
                ):
                    return column
        return None

    def column_of(self, path: str) -> Column:
        """Return the column with exactly this path; KeyError when the template has none."""
        for column in self.columns:
            if column.path == path:
                return column
        raise KeyError(path)


def required(
    code: str, header: str, path: str, convert: Converter = cells.text, *aliases: str
) -> Column:
    """Return a column that must be there, and filled."""
    return Column(
        code=code, header=header, path=path, convert=convert, required=True, aliases=aliases
    )


def optional(
    code: str, header: str, path: str, convert: Converter = cells.text, *aliases: str
) -> Column:
    """Return a column that may be missing, or empty."""
    return Column(code=code, header=header, path=path, convert=convert, aliases=aliases)


HEADING_CHARACTERS_MAX = 200

# Tables head their columns with remarks that are no part of the name: （必填）, *, (格式:…).
_BRACKETS = str.maketrans("【】〔〕[]《》", "()" * 4)
_REMARK = re.compile(
    r"\([^()]*(?:必填|选填|必录|必须填|可空|为空|可选|格式|示例|样例|例如|YYYY|字符|字以内|下拉|单选|多选"
    r"|不超过|长度)[^()]*\)"
)
_SIGNS = re.compile(r"[\s_\-–—,、;:.*※★#'\"]+")


def heading(cell: str) -> str:
    """Return a header cell as it is compared: half-width capitals without blanks and remarks.

    A longer cell than any heading is none, and "".
    """
    if len(cell) > HEADING_CHARACTERS_MAX:
        return ""
    plain = unicodedata.normalize("NFKC", cell).upper().translate(_BRACKETS)
    plain = "".join(plain.split())
    return _SIGNS.sub("", _REMARK.sub("", plain))


@cache
def _headings(columns: tuple[Column, ...]) -> Mapping[str, Column]:
    found: dict[str, Column] = {}
    for column in columns:
        code = column.code
        for name in (column.header, *column.aliases):
            for spelling in (name, f"{code}{name}", f"{name}{code}", f"{name}({code})"):
                found[heading(spelling)] = column
            found[heading(f"{code}({name})")] = column
        found[heading(code)] = column
    return found


def headings(template: Template) -> Mapping[str, Column]:
    """Return every spelling by which a header may name a column of the template."""
    return _headings(template.columns)
