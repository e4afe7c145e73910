"""Fetch sessions (KIP-227) for aiokafka's consumer: a fetch names only what changed.

A gate reads every party's outbox, hundreds of partitions, of which few say something at a time.
aiokafka names all of them in each fetch and gets all of them back; with a session the broker
remembers them, and requests and answers hold those alone that moved.

A fetch that brought something is followed by the next after a pace at the soonest, so that a
trickle is not one fetch and one transaction an event; the first after a pause comes at once.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, cast

from aiokafka.consumer.fetcher import Fetcher
from aiokafka.protocol.api import Request
from aiokafka.protocol.fetch import FetchRequest, FetchRequest_v11

_CONSUMER = -1  # instead of a replica's id
_UNKNOWN = -1
_FIRST_EPOCH = 0
_EPOCH_MAX = 2**31 - 1

_Place = tuple[str, int]  # topic, partition
_Aim = tuple[int, int]  # offset, most bytes


def actions_when_free(fetcher: Fetcher, assignment: Any) -> tuple[Any, ...]:
    """Return what aiokafka's fetcher is to do next.

    It is nothing while the only broker is asked already, or what it brought is not yet taken: the
    fetcher would look at every partition to find that out, once more a fetch: with 800 of them a
    tenth of a gate's time.
    """
    untaken = max((each.calculate_backoff() for each in fetcher._records.values()), default=0)
    if len(fetcher._client.cluster.brokers()) == 1 and (untaken or fetcher._in_flight):
        return [], {}, untaken or fetcher._fetcher_timeout, False, []
    return cast("tuple[Any, ...]", Fetcher._get_actions_per_node(fetcher, assignment))


class FetchSessions:
    """Stands before a client's `send` and turns full fetches into incremental ones."""

    def __init__(self, send: Callable[..., Awaitable[Any]], *, pace_seconds: float) -> None:
        self._send = send
        self._pace_seconds = pace_seconds
        self._not_before = 0.0
        self._sessions: dict[int, _Session] = defaultdict(_Session)

    async def send(self, node: int, request: Any, **options: Any) -> Any:
        """Return the broker's answer; that of a fetch lacks the partitions without news."""
        if not isinstance(request, FetchRequest):
            return await self._send(node, request, **options)
        session = self._sessions[node]
        await asyncio.sleep(self._not_before - time.monotonic())
        began = time.monotonic()
        try:
            answer = await self._send(node, session.next(request), **options)
        except BaseException:  # cancelled too: the broker may have taken it in or not
            session.restart()
            raise
        if answer.error_code:  # forgotten by the broker, or out of step: aiokafka fetches again
            session.restart()
        else:
            session.answered(answer.session_id)
        if answer.topics:
            self._not_before = began + self._pace_seconds
        return answer


class _Session:
    """What one broker was told."""

    def __init__(self) -> None:
        self._id = 0
        self._epoch = _FIRST_EPOCH
        self._told: dict[_Place, _Aim] = {}

    def next(self, full: FetchRequest) -> "_IncrementalFetch":
        """Return the request that brings the broker from what it was told to this."""
        wanted: dict[_Place, _Aim] = {
            (topic, partition): (offset, bytes_max)
            for topic, rows in full.topics
            for partition, offset, bytes_max in rows
        }
        told = self._told
        changed = {place: aim for place, aim in wanted.items() if told.get(place) != aim}
        forgotten = [place for place in told if place not in wanted]
        self._told = wanted
        return _IncrementalFetch(full, self._id, self._epoch, changed, forgotten)

    def answered(self, session_id: int) -> None:
        """Go on; a broker that keeps no session for us answers 0 and is told all again."""
        if session_id == 0 or self._epoch == _EPOCH_MAX:
            self.restart()
        else:
            self._id = session_id
            self._epoch += 1

    def restart(self) -> None:
        """Tell all again, in the place of the session that the broker may still keep."""
        self._epoch = _FIRST_EPOCH
        self._told = {}


class _IncrementalFetch(Request[FetchRequest_v11]):
    API_KEY = 1

    def __init__(
        self,
        full: FetchRequest,
        session_id: int,
        epoch: int,
        changed: dict[_Place, _Aim],
        forgotten: list[_Place],
    ) -> None:
        self._full = full
        self._session = (session_id, epoch)
        self._changed = changed
        self._forgotten = forgotten

    def build(self, request_struct_class: type[FetchRequest_v11]) -> FetchRequest_v11:
        """Return the request as it goes over the wire."""
        full = self._full
        changed: dict[str, list[tuple[int, ...]]] = defaultdict(list)
        for (topic, partition), (offset, bytes_max) in self._changed.items():
            changed[topic].append((partition, _UNKNOWN, offset, _UNKNOWN, bytes_max))
        forgotten: dict[str, list[int]] = defaultdict(list)
        for topic, partition in self._forgotten:
            forgotten[topic].append(partition)
        return request_struct_class(
            _CONSUMER,
            full._max_wait_ms,
            full._min_bytes,
            full._max_bytes,
            full._isolation_level,
            *self._session,
            list(changed.items()),
            list(forgotten.items()),
            full._rack_id,
        )
