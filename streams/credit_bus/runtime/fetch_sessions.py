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
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiokafka.protocol.api import Request
from aiokafka.protocol.fetch import FetchRequest, FetchRequest_v11
from aiokafka.structs import TopicPartition

_CONSUMER = -1  # instead of a replica's id
_UNKNOWN = -1
_FIRST_EPOCH = 0
_EPOCH_MAX = 2**31 - 1

_Place = tuple[str, int]  # topic, partition: what a TopicPartition is, too
_Aim = tuple[int, int]  # offset, most bytes
Basis = tuple[Any, int, int]  # the assignment, when metadata came, how many seeks there were


class Change(FetchRequest):
    """A fetch that names only what may have moved since the last; `fetch_plan` makes it."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.asked: dict[_Place, _Aim] = {}
        self.left: list[TopicPartition] = []  # not to be asked for now


class FetchSessions:
    """Stands before a client's `send` and turns full fetches into incremental ones."""

    def __init__(self, send: Callable[..., Awaitable[Any]], *, pace_seconds: float) -> None:
        self._send = send
        self._pace_seconds = pace_seconds
        self._not_before = 0.0
        self.by_node: dict[int, Session] = defaultdict(Session)

    def keep(self, nodes: set[int | None]) -> None:
        """Have a session for each of these brokers, and none for any other."""
        known = {node for node in nodes if node is not None and node != _UNKNOWN}
        for gone in self.by_node.keys() - known:
            del self.by_node[gone]
        for node in known:
            self.by_node[node]  # made, where there was none

    async def send(self, node: int, request: Any, **options: Any) -> Any:
        """Return the broker's answer; that of a fetch lacks the partitions without news."""
        if not isinstance(request, FetchRequest):
            return await self._send(node, request, **options)
        session = self.by_node[node]
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
            session.answered(request, answer)
        if answer.topics:
            self._not_before = began + self._pace_seconds
        return answer


class Session:
    """What one broker was told, and as of which look at all partitions."""

    def __init__(self) -> None:
        self._id = 0
        self._epoch = _FIRST_EPOCH
        self._told: dict[_Place, _Aim] = {}
        self._basis: Basis | None = None
        self.until = 0.0  # then all are looked at again
        self.moved: set[TopicPartition] = set()  # answered since, or not asked for then

    def begin(self, basis: Basis, *, moved: set[TopicPartition], until: float) -> None:
        """Note that the next request names all that is to be asked for but what has moved."""
        self._basis, self.moved, self.until = basis, moved, until

    def is_of(self, basis: Basis) -> bool:
        """Return whether what did not move since is as the broker was told."""
        return self._basis == basis

    def asks(self, change: Change) -> bool:
        """Return whether after this change the broker is still asked for something."""
        return bool(change.asked) or not self._told.keys() <= set(change.left)

    def next(self, request: FetchRequest) -> "_IncrementalFetch":
        """Return the request that brings the broker from what it was told to this."""
        told = self._told
        named: Mapping[_Place, _Aim]
        if isinstance(request, Change):
            named = request.asked
            forgotten = [place for place in request.left if place in told]
            self.moved = set(request.left)
        else:
            named = {
                (topic, partition): (offset, bytes_max)
                for topic, rows in request.topics
                for partition, offset, bytes_max in rows
            }
            forgotten = [place for place in told if place not in named]
        changed = {place: aim for place, aim in named.items() if told.get(place) != aim}
        told.update(changed)
        for place in forgotten:
            del told[place]
        return _IncrementalFetch(request, self._id, self._epoch, changed, forgotten)

    def answered(self, request: FetchRequest, answer: Any) -> None:
        """Go on; a broker that keeps no session for us answers 0 and is told all again."""
        if isinstance(request, Change):
            # aiokafka looks there for the offsets from which it asked for what was answered.
            request._topics = [
                (topic, [(row[0], *self._told[topic, row[0]]) for row in rows])
                for topic, rows in answer.topics
            ]
        if answer.session_id == 0 or self._epoch == _EPOCH_MAX:
            self.restart()
        else:
            self._id = answer.session_id
            self._epoch += 1
            self.moved |= {
                TopicPartition(topic, row[0]) for topic, rows in answer.topics for row in rows
            }

    def restart(self) -> None:
        """Tell all again, in the place of the session that the broker may still keep."""
        self._epoch = _FIRST_EPOCH
        self._told = {}
        self._basis = None


class _IncrementalFetch(Request[FetchRequest_v11]):
    API_KEY = 1

    def __init__(
        self,
        full: FetchRequest,
        session_id: int,
        epoch: int,
        changed: dict[_Place, _Aim],
        forgotten: Sequence[_Place],
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
