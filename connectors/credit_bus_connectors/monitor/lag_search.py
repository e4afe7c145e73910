"""Looks for the first event at or after many offsets, in few requests that wait for nothing.

A request names many partitions, of each a few bytes: mostly the first batch is small. Where it is
not, more bytes of fewer partitions are asked for. Bounded by requests: what they did not reach
stays unknown, and is no obstacle.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from credit_bus_connectors.monitor.lag_heads import first_event, marks_in
from credit_bus_connectors.monitor.lag_requests import Requests
from credit_bus_connectors.monitor.lag_wire import FETCH_BYTES_MAX, Fetch, Fetched, Place

REQUESTS_MAX = 40
UNDER_WAY_MAX = 4  # at a time: so many times the bytes of one may be held
COUNTED_OFFSETS_MAX = 1_000  # events of a partition are counted where no more than these wait
BATCHES_AT_ONCE_MAX = 8  # of thousands of places each; what lies behind is counted where few wait
COUNTED_PLACES_MAX = 200  # in a sample: those with the fewest offsets to look at
COUNT_ROUNDS_MAX = 2
COUNT_SIZE = 1  # of SIZES
SIZES = (16 * 1024, 128 * 1024, 1024 * 1024, 8 * 1024 * 1024)  # clients fill batches of 16 KiB

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Where an event is looked for, how far that has come, and how much is asked for."""

    place: Place
    leader: int
    offset: int
    end: int
    size: int = 0  # which of SIZES
    is_undecided: bool = False  # what lies here belongs to a transaction that may yet be aborted
    is_done: bool = False
    timestamp_ms: int | None = None
    marks: int = 0  # of the offsets looked through while counting
    counted: int | None = None  # how far that came; None: nothing was counted


def search(requests: Requests, wanted: Mapping[K, Sought]) -> dict[K, Sought]:
    """Return how far each search has come, and when the log took the event that lies there.

    An event of a transaction under way has its moment too: it waits, whatever becomes of it.
    """
    state = dict(wanted)
    left = REQUESTS_MAX
    while left and (chosen := _next_requests(state, min(left, UNDER_WAY_MAX))):
        left -= len(chosen)
        asked = [_fetch([state[key] for key in keys]) for keys in chosen]
        for keys, fetched in zip(chosen, requests.fetched(asked), strict=True):
            for key in keys:
                state[key] = after(state[key], fetched.get(state[key].place))
    return state


def count(requests: Requests, wanted: Mapping[K, Sought]) -> dict[K, Sought]:
    """Return how far the marks are counted from each offset on.

    A few requests a sample, whatever there is; what they did not reach stays uncounted.
    """
    fewest = sorted(wanted, key=lambda key: wanted[key].end - wanted[key].offset)
    state = {key: replace(wanted[key], size=COUNT_SIZE) for key in fewest[:COUNTED_PLACES_MAX]}
    for _ in range(COUNT_ROUNDS_MAX):
        chosen = _next_requests(state, UNDER_WAY_MAX)
        if not chosen:
            break
        asked = [_fetch([state[key] for key in keys]) for keys in chosen]
        for keys, fetched in zip(chosen, requests.fetched(asked), strict=True):
            for key in keys:
                state[key] = _counted(state[key], fetched.get(state[key].place))
    return state


def _counted(sought: Sought, fetched: Fetched | None) -> Sought:
    if fetched is None:
        return replace(sought, is_done=True)
    seen = marks_in(fetched.records, sought.offset, sought.end, fetched.aborted)
    return replace(
        sought,
        offset=seen.offset,
        marks=sought.marks + seen.marks,
        is_done=seen.offset in {sought.offset, sought.end},
    )


def may_be_counted(first: int, end: int) -> bool:
    """Whether few enough offsets wait."""
    return end - first <= COUNTED_OFFSETS_MAX


def after(sought: Sought, fetched: Fetched | None) -> Sought:
    """Return how far the search has come with what one fetch brought of the partition."""
    if fetched is None:  # its leader changed, or the log was cut meanwhile
        return replace(sought, is_done=True)
    found = first_event(fetched.records, sought.offset, fetched.aborted)
    is_found = found.timestamp_ms is not None
    offset = sought.offset if is_found and sought.is_undecided else found.offset
    if is_found or offset >= sought.end:
        here = replace(sought, offset=offset, timestamp_ms=found.timestamp_ms, is_done=True)
        if not is_found or sought.is_undecided or not may_be_counted(offset, sought.end):
            return here
        seen = marks_in(
            fetched.records, offset, sought.end, fetched.aborted, batches_max=BATCHES_AT_ONCE_MAX
        )
        return replace(here, counted=seen.offset, marks=seen.marks)
    if offset >= fetched.stable_end and not sought.is_undecided:
        return replace(sought, offset=offset, is_undecided=True)
    if offset > sought.offset:  # marks alone so far
        return replace(sought, offset=offset)
    return _asking_for_more(sought)


def _asking_for_more(sought: Sought) -> Sought:
    """Return the search that asks for more bytes: what came held no whole batch."""
    larger = sought.size + 1
    return replace(sought, size=larger) if larger < len(SIZES) else replace(sought, is_done=True)


def _next_requests(state: Mapping[K, Sought], most: int) -> list[list[K]]:
    """Return whom the next requests are for: each of one leader and one size, a partition once."""
    open_now: dict[tuple[int, int, bool], list[K]] = {}
    chosen: list[list[K]] = []
    places: set[Place] = set()
    for key, each in state.items():
        if each.is_done or each.place in places:
            continue
        kind = each.leader, each.size, each.is_undecided
        keys = open_now.get(kind)
        if keys is None:
            if len(chosen) == most:
                continue
            keys = open_now[kind] = []
            chosen.append(keys)
        keys.append(key)
        places.add(each.place)
        if len(keys) * SIZES[each.size] >= FETCH_BYTES_MAX:
            del open_now[kind]
    return chosen


def _fetch(sought: Sequence[Sought]) -> Fetch:
    first = sought[0]
    return Fetch(
        leader=first.leader,
        wanted={each.place: each.offset for each in sought},
        bytes_max=SIZES[first.size],
        is_committed=not first.is_undecided,
    )
