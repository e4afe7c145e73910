"""Looks for the first event at or after many offsets, in few requests that wait for nothing.

A request names many partitions, of each a few bytes: mostly the first batch is small. Where it is
not, more bytes of fewer partitions are asked for. Bounded by requests: what they did not reach
stays unknown, and is no obstacle.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from credit_bus_connectors.monitor.lag_heads import first_event
from credit_bus_connectors.monitor.lag_requests import Requests
from credit_bus_connectors.monitor.lag_wire import FETCH_BYTES_MAX, Fetch, Fetched, Place

REQUESTS_MAX = 40
UNDER_WAY_MAX = 4  # at a time: so many times the bytes of one may be held
SIZES = (4 * 1024, 64 * 1024, 1024 * 1024, 8 * 1024 * 1024)

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


def after(sought: Sought, fetched: Fetched | None) -> Sought:
    """Return how far the search has come with what one fetch brought of the partition."""
    if fetched is None:  # its leader changed, or the log was cut meanwhile
        return replace(sought, is_done=True)
    found = first_event(fetched.records, sought.offset, fetched.aborted)
    is_found = found.timestamp_ms is not None
    offset = sought.offset if is_found and sought.is_undecided else found.offset
    if is_found or offset >= sought.end:
        return replace(sought, offset=offset, timestamp_ms=found.timestamp_ms, is_done=True)
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
