"""What aiokafka's fetcher asks for next, found by what moved instead of by all partitions.

The fetcher looks at every assigned partition twice a fetch, and once more when it is answered: of
800 partitions a quarter of a gate's time. What it asked for stands in the session with the broker,
so only partitions that were answered since, or not asked for then, can have moved. It looks at all
of them after a change of assignment, metadata or position, after a fetch that failed, and every few
seconds, so that nothing that this overlooks stays so.
"""

import time
from collections.abc import Callable
from typing import Any, cast

from aiokafka.consumer.fetcher import Fetcher

from credit_bus.runtime.fetch_sessions import Basis, Change, FetchSessions, Session

LOOK_SECONDS = 5.0  # from one look at all partitions to the next

# To ask of which broker; positions to reset by broker; until when to wait; whether metadata is
# missing; what to wait for.
Actions = tuple[list[tuple[int, Any]], dict[int, Any], float, bool, list[Any]]


class FetchPlan:
    """Takes the place of a fetcher's look at its partitions."""

    def __init__(self, fetcher: Fetcher, sessions: FetchSessions) -> None:
        self._fetcher = fetcher
        self._sessions = sessions
        self._look = fetcher._get_actions_per_node
        self._seeks = 0
        fetcher._get_actions_per_node = self.actions
        fetcher.seek_to = self._noted(fetcher.seek_to)
        fetcher.request_offset_reset = self._noted(fetcher.request_offset_reset)

    def actions(self, assignment: Any) -> Actions:
        """Return what the fetcher is to do next."""
        cluster = self._fetcher._client.cluster
        basis = (assignment, cluster._last_successful_refresh_ms, self._seeks)
        return self._from_what_moved(basis) or self._from_all(basis)

    def _noted(self, seek: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any) -> Any:
            self._seeks += 1
            return seek(*given)

        return noted

    def _from_what_moved(self, basis: Basis) -> Actions | None:
        """Return it without a look at what did not move; None where that does not tell."""
        fetcher, now = self._fetcher, time.monotonic()
        requests: list[tuple[int, Any]] = []
        waits: list[float] = []
        for node, session in self._sessions.by_node.items():
            if not session.is_of(basis):
                return None  # though it be asked at this moment: there may be a new leader
            if node in fetcher._in_flight:
                continue
            if now >= session.until:
                return None
            untaken = [fetcher._records[tp] for tp in session.moved if tp in fetcher._records]
            wait = max((each.calculate_backoff() for each in untaken), default=0)
            if wait:
                waits.append(wait)
                continue
            change = self._change(session, basis[0])
            if change is None:
                return None
            if session.asks(change):
                requests.append((node, change))
        if not self._sessions.by_node:
            return None
        return requests, {}, min(waits, default=fetcher._fetcher_timeout), False, []

    def _change(self, session: Session, assignment: Any) -> Change | None:
        """Return the request that names what moved; None when aiokafka must see to a position."""
        fetcher = self._fetcher
        change = Change(
            fetcher._fetch_max_wait_ms,
            fetcher._fetch_min_bytes,
            fetcher._fetch_max_bytes,
            fetcher._isolation_level,
            [],
            rack_id=fetcher._client_rack or "",
        )
        for tp in session.moved:
            state = assignment.state_value(tp)
            if tp in fetcher._records:
                change.left.append(tp)
            elif not state.has_valid_position or state.paused:
                return None
            else:
                change.asked[tp] = (state.position, fetcher._max_partition_fetch_bytes)
        return change

    def _from_all(self, basis: Basis) -> Actions:
        fetcher = self._fetcher
        found = cast("Actions", self._look(basis[0]))
        requests, resets, _, invalid, paused = found
        self._sessions.keep({*resets, *map(fetcher._select_read_replica, basis[0].tps)})
        if not (resets or invalid or paused):
            for node, _ in requests:
                left = {tp for tp in fetcher._records if fetcher._select_read_replica(tp) == node}
                session = self._sessions.by_node[node]
                session.begin(basis, moved=left, until=time.monotonic() + LOOK_SECONDS)
        return found
