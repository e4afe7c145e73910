"""A watchdog outside the event loop: a record that waits while the committed offset stands.

It asks the broker itself, with a client and a thread of its own, because what it guards against
(a partition assigned but never fetched, a hung loop) is invisible from inside.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from credit_bus.reach import listens
from credit_bus.runtime import logs

_FETCH_BYTES_MAX = 64 * 1024  # one record tells; a larger batch comes when its partition is first
_POLL_MS = 2_000

Place = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Where a record was seen to wait at the committed offset, and since when."""

    since: Mapping[Place, tuple[int, float]] = field(default_factory=dict)

    def seen(self, waiting: Mapping[Place, int], now: float) -> "Waiting":
        """Return what waits after one look: offsets at which a record lies.

        A place where nothing waits, or whose offset moved, starts anew when something does.
        """
        fresh = {}
        for place, offset in waiting.items():
            before = self.since.get(place)
            fresh[place] = before if before is not None and before[0] == offset else (offset, now)
        return replace(self, since=fresh)

    def too_long(self, now: float, seconds_max: float) -> list[str]:
        """Return where a record has waited for longer than allowed, for a log line."""
        return [
            f"{topic}/{partition}@{offset}"
            for (topic, partition), (offset, since) in self.since.items()
            if now - since > seconds_max
        ]


class Watchdog(threading.Thread):
    """Calls `stuck` with the places at which a record has waited too long.

    It calls `reached` each time the broker has answered.
    """

    def __init__(
        self,
        *,
        broker: str,
        group: str,
        assignment: Callable[[], Iterable[Any]],
        stuck: Callable[[list[str]], None],
        interval_seconds: float,
        stuck_seconds_max: float,
        reached: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._broker = broker
        self._group = group
        self._assignment = assignment
        self._stuck = stuck
        self._interval_seconds = interval_seconds
        self._stuck_seconds_max = stuck_seconds_max
        self._reached = reached
        self._behind: Mapping[Any, int] = {}  # committed offsets before the end, at the last look
        self._ending = threading.Event()
        self._log = logs.logger(group=group)

    def end(self) -> None:
        """Stop looking."""
        self._ending.set()

    def run(self) -> None:
        """Look once an interval. A broker that does not answer is not a stuck worker."""
        waiting = Waiting()
        while not self._ending.wait(self._interval_seconds):
            try:
                waiting = waiting.seen(self._look(), time.monotonic())
            except (KafkaError, OSError) as error:
                self._log.warning(logs.WATCHDOG_BLIND, error=type(error).__name__)
                waiting = Waiting()
            told = waiting.too_long(time.monotonic(), self._stuck_seconds_max)
            if told:
                self._stuck(told)

    def _look(self) -> dict[Place, int]:
        """Return the committed offsets at which a record lies and waits, and lay at the last look.

        Records are asked for only where an offset stands: what a look fetches, up to 13 MiB of 200
        partitions, hung in the closed client until the collector came, minutes later.
        """
        tps = [TopicPartition(tp.topic, tp.partition) for tp in self._assignment()]
        if not listens(self._broker):
            return {}
        if not tps:
            self._reached()
            return {}
        consumer = KafkaConsumer(
            bootstrap_servers=self._broker,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            max_poll_records=len(tps),
            max_partition_fetch_bytes=_FETCH_BYTES_MAX,
        )
        try:
            ends = consumer.end_offsets(tps)
            behind = {
                tp: offset
                for tp, offset in committed_offsets(self._broker, self._group, tps).items()
                if offset < ends[tp]
            }
            self._reached()
            still, self._behind = standing(behind, self._behind), behind
            return _records_at(consumer, still) if still else {}
        finally:
            consumer.close()


def standing(now: Mapping[Any, int], before: Mapping[Any, int]) -> dict[Any, int]:
    """Return the offsets that have not moved from one look to the next."""
    return {tp: offset for tp, offset in now.items() if before.get(tp) == offset}


def committed_offsets(broker: str, group: str, tps: Iterable[Any]) -> dict[Any, int]:
    """Return the committed offset of each partition, in one request; 0 where there is none."""
    admin = KafkaAdminClient(bootstrap_servers=broker)
    try:
        found = admin.list_group_offsets([group])[group]
    finally:
        admin.close()
    return {tp: max(found[tp].offset, 0) if tp in found else 0 for tp in tps}


def _records_at(consumer: Any, offsets: Mapping[Any, int]) -> dict[Place, int]:
    """Return the offsets at or after which a real record lies, not only transaction markers.

    All partitions are polled together; one whose record does not come within the bound counts as
    empty until the next look.
    """
    consumer.assign(list(offsets))
    for tp, offset in offsets.items():
        consumer.seek(tp, offset)
    found: dict[Place, int] = {}
    deadline = time.monotonic() + _POLL_MS / 1000
    while len(found) < len(offsets) and time.monotonic() < deadline:
        for tp, records in consumer.poll(timeout_ms=_POLL_MS // 4).items():
            if records:
                found[(tp.topic, tp.partition)] = offsets[tp]
                consumer.pause(tp)
    return found
