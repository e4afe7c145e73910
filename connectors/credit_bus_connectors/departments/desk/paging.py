"""A page of a list: how many rows, which, and whether more follow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

ROWS_MAX = 50
PAGES_MAX = 1_000
_NUMBER = "page"

Row = TypeVar("Row")
Read = Callable[[int, int], Sequence[Row]]  # how many at most, and after how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Where a list is; the addresses of its neighbours are none where there is none."""

    number: int
    previous: str | None
    following: str | None


def paged(request: Request, read: Read[Row]) -> tuple[Sequence[Row], Paging]:
    """Return the rows of the page that the address asks for, and its neighbours."""
    number = _number_of(request)
    found = read(ROWS_MAX + 1, (number - 1) * ROWS_MAX)
    is_more = len(found) > ROWS_MAX and number < PAGES_MAX
    return found[:ROWS_MAX], Paging(
        number=number,
        previous=_address(request, number - 1) if number > 1 else None,
        following=_address(request, number + 1) if is_more else None,
    )


def _number_of(request: Request) -> int:
    """Return the page asked for; the first for what is no number of a page."""
    text = request.query_params.get(_NUMBER, "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(PAGES_MAX))
    return min(max(int(text), 1), PAGES_MAX) if is_number else 1


def _address(request: Request, number: int) -> str:
    others = [pair for pair in request.query_params.multi_items() if pair[0] != _NUMBER]
    asked = [*others, (_NUMBER, str(number))] if number > 1 else others
    return f"{request.url.path}?{urlencode(asked)}" if asked else request.url.path
