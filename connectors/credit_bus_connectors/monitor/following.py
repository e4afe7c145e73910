"""The watch that follows every event: reads all topics, keeps hops, and says what is amiss.

Reads committed records as no member of any group. Where reading goes on stands in the database, in
the transaction that holds what was read. What is amiss is judged only as far as every topic is
read to its end, so a reader that is behind says nothing wrong, and says so.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import message_of
from credit_bus.domain.registry import Registry
from credit_bus.logs import logger
from credit_bus.operations.lenient import make_lenient
from credit_bus.operations.trace.reading import Reader, topics_of
from credit_bus_connectors.departments.feed import milliseconds
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.ends import Ends, Places
from credit_bus_connectors.monitor.following_store import Alarm, Changed, FollowStore, Place
from credit_bus_connectors.monitor.process import Stop, Watch
from credit_bus_connectors.monitor.reach import require_listening

RECORDS_AT_ONCE_MAX = 2_000
POLL_SECONDS_MAX = 0.3
TOPICS_SECONDS = 30.0  # how soon a topic that is made later is followed
DROPS_MAX = 10  # bounded steps at a time
FETCH_BYTES_MAX = 16 * 1024 * 1024
PARTITION_FETCH_BYTES_MAX = 6 * 1024 * 1024  # above the largest record of any topic
EVENTS_NAMED_MAX = 20  # in a line of the log
BOOTSTRAP_SECONDS_MAX = 30.0

ALARM, CLEARED = "monitor.alarm", "monitor.alarm-cleared"
ALARMS_FULL = "monitor.alarms-full"
RECORDS_GONE = "monitor.records-gone"
TOPIC_MISSING = "monitor.topic-missing"

log = logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowSettings:
    """What the watch works with."""

    broker: str
    registry: Registry
    codec: Codec


def follow_watch(
    settings: FollowSettings, connections: Connections, *, now: Callable[[], datetime] | None = None
) -> Watch:
    """Return the watch that follows every event."""
    follower = Follower(
        settings,
        FollowStore(connections, platforms=frozenset(settings.registry.platforms)),
        now=now or (lambda: datetime.now(UTC)),
    )
    return Watch(name="follow", work=follower.work, passing=(KafkaError,))


class Follower:
    """The independent reader of a bus."""

    def __init__(
        self, settings: FollowSettings, store: FollowStore, *, now: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._store = store
        self._now = now
        self._ends = Ends(now)
        self._reader = Reader(codec=settings.codec, registry=settings.registry)

    def work(self, stop: Stop) -> None:
        """Follow until asked to stop. Raises KafkaError, UnreachableError."""
        with (
            closing(open_reader(self._settings.broker)) as consumer,
            closing(open_reader(self._settings.broker, committed=False)) as asker,
        ):
            while not stop.is_asked:
                self._follow(consumer, asker, stop, until=time.monotonic() + TOPICS_SECONDS)

    def _follow(self, consumer: Any, asker: Any, stop: Stop, *, until: float) -> None:
        """Read for a while from where the database says; then look for topics that are new."""
        kept = self._store.begin(self._now())
        places = Places(consumer, self._assign(consumer, kept))
        self._drop_old(stop)
        self._ends.begin(consumer, asker, places)
        while not stop.is_asked and time.monotonic() < until:
            self._read(consumer, places, kept)
            read_to = self._ends.reached()
            if read_to is not None:
                _tell(self._store.passed(read_to))
            stop.beat()

    def _assign(self, consumer: Any, kept: Mapping[Place, int]) -> dict[Any, int]:
        """Place the consumer where reading goes on; return where that is in each partition."""
        places = []
        for topic in topics_of(self._settings.registry):
            numbers = consumer.partitions_for_topic(topic)
            if not numbers:
                log.warning(TOPIC_MISSING, topic=topic)
            places += [TopicPartition(topic, number) for number in sorted(numbers or ())]
        consumer.assign(places)
        starts = consumer.beginning_offsets(places) if places else {}
        ends = consumer.end_offsets(places) if places else {}
        begins: dict[Any, int] = {}
        gone = []
        for place in places:
            at = kept.get((place.topic, place.partition), starts[place])
            begins[place] = min(max(at, starts[place]), ends[place])
            if at != begins[place]:  # deleted before it was read, or a log that was cut off
                gone.append((place.topic, place.partition))
                told = {"topic": place.topic, "partition": place.partition}
                log.error(RECORDS_GONE, **told, kept_at=at, goes_on_at=begins[place])
            consumer.seek(place, begins[place])
        if gone:
            _tell(self._store.lost(gone, self._now()))
        return begins

    def _read(self, consumer: Any, places: Places, kept: dict[Place, int]) -> None:
        """Keep what one poll brings, and how far that is."""
        polled = consumer.poll(
            timeout_ms=int(POLL_SECONDS_MAX * 1000), max_records=RECORDS_AT_ONCE_MAX
        )
        places.read(polled)
        hops = [
            self._reader.hop(message_of(record))
            for records in polled.values()
            for record in records
        ]
        moved = places.moved(kept)
        if moved:
            before = {name: kept[name] for name in moved if name in kept}
            _tell(self._store.keep(hops, before, moved))
            kept |= moved

    def _drop_old(self, stop: Stop) -> None:
        for _ in range(DROPS_MAX):
            if stop.is_asked or not self._store.drop_old(self._now()):
                return


def open_reader(
    broker: str, *, committed: bool = True, seconds_max: float = BOOTSTRAP_SECONDS_MAX
) -> Any:
    """Return a consumer that belongs to no group and saves no position.

    It reads committed records; or, to ask for the ends of logs, sees all. Raises KafkaError when
    the broker is away: at once where nobody listens, else after so many seconds.
    """
    require_listening(broker)
    return make_lenient(
        KafkaConsumer(
            bootstrap_servers=broker,
            bootstrap_timeout_ms=milliseconds(seconds_max),
            group_id=None,
            enable_auto_commit=False,
            isolation_level="read_committed" if committed else "read_uncommitted",
            auto_offset_reset="none",
            allow_auto_create_topics=False,
            max_poll_records=RECORDS_AT_ONCE_MAX,
            fetch_max_bytes=FETCH_BYTES_MAX,
            max_partition_fetch_bytes=PARTITION_FETCH_BYTES_MAX,
            metrics_enabled=False,
        )
    )


def _tell(changed: Changed) -> None:
    """Write what changed to the log: faults, topics, and some of the events, by their ids."""
    for event, told in ((ALARM, changed.raised), (CLEARED, changed.cleared)):
        for (fault, place), alarms in _grouped(told).items():
            log.warning(
                event,
                fault=fault,
                where=place,
                events=len(alarms),
                ids=[alarm.name.hex() for alarm in alarms[:EVENTS_NAMED_MAX]],
            )
    if changed.is_full:
        log.error(ALARMS_FULL)


def _grouped(alarms: Sequence[Alarm]) -> dict[tuple[str, str], list[Alarm]]:
    found: dict[tuple[str, str], list[Alarm]] = {}
    for alarm in alarms:
        found.setdefault((alarm.fault, alarm.place), []).append(alarm)
    return found
