"""Looks for the first event at or after many offsets, in few requests that wait for nothing.

A request names many partitions, of each a few bytes: mostly the first batch is small. Where it is
not, more bytes of fewer partitions are asked for. Bounded by requests: what they did not reach
stays unknown, and is no obstacle.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from credit_bus_connectors.monitor.lag_heads import first_event
from credit_bus_connectors.monitor.lag_requests import Requests
from credit_bus_connectors.monitor.lag_wire import FETCH_BYTES_MAX, Fetched, Place

REQUESTS_MAX = 40
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
    for _ in range(REQUESTS_MAX):
        chosen = _next_request(state)
        if not chosen:
            break
        first = state[chosen[0]]
        fetched = requests.fetched(
            first.leader,
            {state[key].place: state[key].offset for key in chosen},
            bytes_max=SIZES[first.size],
            is_committed=not first.is_undecided,
        )
        for key in chosen:
            state[key] = after(state[key], fetched.get(state[key].place))
    return state


def after(sought: Sought, fetched: Fetched | None) -> Sought:
    """Return how far the search has come with what one fetch brought of the partition."""
    if fetched is None:  # its leader changed, or the log was cut meanwhile
        return replace(sought, is_done=True)
    found = first_event(fetched.records, sought.offset, fetched.aborted)
    if found.timestamp_ms is not None and sought.is_undecided:
        return replace(sought, timestamp_ms=found.timestamp_ms, is_done=True)
    come = replace(sought, offset=found.offset, timestamp_ms=found.timestamp_ms)
    if found.timestamp_ms is not None or come.offset >= come.end:
        return replace(come, is_done=True)
    if come.offset >= fetched.stable_end and not sought.is_undecided:
        return replace(come, is_undecided=True)
    return come if come.offset > sought.offset else _asking_for_more(come)


def _asking_for_more(sought: Sought) -> Sought:
    """Return the search that asks for more bytes: what came held no whole batch."""
    larger = sought.size + 1
    return replace(sought, size=larger) if larger < len(SIZES) else replace(sought, is_done=True)


def _next_request(state: Mapping[K, Sought]) -> list[K]:
    """Return whom the next request is for: of one leader and one size, each partition once."""
    chosen: list[K] = []
    places: set[Place] = set()
    kind: tuple[int, int, bool] | None = None
    for key, each in state.items():
        if each.is_done or each.place in places:
            continue
        kind = kind or _kind(each)
        if _kind(each) == kind:
            chosen.append(key)
            places.add(each.place)
            if len(chosen) * SIZES[kind[1]] >= FETCH_BYTES_MAX:
                break
    return chosen


def _kind(sought: Sought) -> tuple[int, int, bool]:
    return sought.leader, sought.size, sought.is_undecided
