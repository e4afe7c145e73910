"""A reader in a process of its own that notes when each event lies committed in an inbox."""

import multiprocessing
import time
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from benchmarks.figures.patience import patiently
from benchmarks.figures.stamped import number_of

READY_SECONDS_MAX = 60.0
QUIET_SECONDS_MAX = 40.0  # more than a lost worker may hold its partitions
DOUBLES_SECONDS = 1.0  # for what comes once too often
POLL_SECONDS = 0.05
COPIES_MAX = 255
ENDS_SECONDS_MAX = 30.0

# Which event of the range a record is; None for one that is none of ours.
NumberBy = Callable[[Any], int | None]

_FORK = multiprocessing.get_context("fork")


class ReaderEndedError(Exception):
    """The reader ended while it was to read: there is no figure."""


class Arrivals:
    """When the events of a range of numbers came, in memory that reader and measurer share."""

    def __init__(self, numbers: range, *, copies: int = 1) -> None:
        assert 1 <= copies <= COPIES_MAX
        self.numbers = numbers
        self.copies = copies
        self.seen = _FORK.RawValue("q", 0)  # copies that were due
        self._first = _FORK.RawArray("d", len(numbers))
        self._last = _FORK.RawArray("d", len(numbers))
        self._times = _FORK.RawArray("B", len(numbers))

    def note(self, number: int | None, moment: float) -> None:
        """Take note of an event; one of another range is none of ours."""
        if number is None or number not in self.numbers:
            return
        place = number - self.numbers.start
        times = self._times[place]
        if times == 0:
            self._first[place] = moment
        self._last[place] = moment
        self._times[place] = min(times + 1, COPIES_MAX)
        if times < self.copies:
            self.seen.value += 1

    def first(self, number: int) -> float:
        """Return when the first copy came."""
        return float(self._first[number - self.numbers.start])

    def last(self, number: int) -> float:
        """Return when the last copy came."""
        return float(self._last[number - self.numbers.start])

    def came(self, numbers: range) -> Iterator[int]:
        """Yield those of the numbers whose copies all came."""
        for number in numbers:
            if self._times[number - self.numbers.start] >= self.copies:
                yield number

    def lost(self, numbers: range) -> int:
        """Return how many copies of these are missing."""
        counts = self._counts(numbers)
        return sum((self.copies - times) * counts.count(times) for times in range(self.copies))

    def doubled(self, numbers: range) -> int:
        """Return how many copies of these came once too often."""
        counts = self._counts(numbers)
        beyond = range(self.copies + 1, COPIES_MAX + 1)
        return sum((times - self.copies) * counts.count(times) for times in beyond)

    def broken(self, numbers: range) -> dict[str, int]:
        """Return how many of these were lost and doubled: none, of a bus that is sound."""
        return {"lost": self.lost(numbers), "doubled": self.doubled(numbers)}

    def wait(
        self,
        numbers: range,
        *,
        alive: Callable[[], None],
        seconds_max: float = QUIET_SECONDS_MAX,
    ) -> None:
        """Return when all of these came, or nothing has come for so long; `alive` may raise."""
        seen, moved = -1, time.monotonic()
        while self.lost(numbers) and time.monotonic() - moved < seconds_max:
            alive()
            if self.seen.value != seen:
                seen, moved = self.seen.value, time.monotonic()
            time.sleep(POLL_SECONDS)

    def _counts(self, numbers: range) -> bytes:
        start = numbers.start - self.numbers.start
        return memoryview(self._times).cast("B")[start : start + len(numbers)].tobytes()


def by_body(message: Any) -> int | None:
    """Return the number that stands in the record's body."""
    return number_of(message.value())


@contextmanager
def reading(
    broker: str, topics: Sequence[str], arrivals: Arrivals, *, number_by: NumberBy = by_body
) -> Iterator[None]:
    """Note from now on what is written to the topics."""
    ready = _FORK.Event()
    told = (broker, topics, arrivals, number_by, ready)
    process = _FORK.Process(target=_read, args=told, daemon=True)
    process.start()
    try:
        if not ready.wait(READY_SECONDS_MAX):
            raise TimeoutError("the reader did not start")
        yield
        if not process.is_alive():  # what it no longer saw would count as lost
            raise ReaderEndedError(f"the reader ended by itself, {process.exitcode}")
    finally:
        process.kill()
        process.join()


def _read(
    broker: str, topics: Sequence[str], arrivals: Arrivals, number_by: NumberBy, ready: Any
) -> None:
    consumer = _consumer(broker)
    consumer.assign(
        [TopicPartition(tp.topic, tp.partition, high) for tp, (_, high) in _ends(consumer, topics)]
    )
    ready.set()
    while True:  # until the process is ended
        # One at a time: to ask for many would wait until there are many.
        message = consumer.poll(POLL_SECONDS)
        if message is not None and message.error() is None:
            arrivals.note(number_by(message), time.time())


def timestamps(
    broker: str, topics: Sequence[str], numbers: range, *, number_by: NumberBy = by_body
) -> Mapping[int, float]:
    """Return the broker's time of writing of each of these events, in seconds; 0 for none."""
    consumer = _consumer(broker)
    found = array("d", bytes(8 * len(numbers)))
    behind = {}
    for tp, (low, high) in _ends(consumer, topics):
        if low < high:
            behind[tp.topic, tp.partition] = high
    consumer.assign([TopicPartition(*place, OFFSET_BEGINNING) for place in behind])
    moved = time.monotonic()
    while behind and time.monotonic() - moved < ENDS_SECONDS_MAX:
        for message in consumer.consume(5_000, timeout=POLL_SECONDS):
            moved = time.monotonic()
            number = None if message.error() is not None else number_by(message)
            if number is not None and number in numbers:
                found[number - numbers.start] = message.timestamp()[1] / 1000
        for tp in consumer.position([TopicPartition(*place) for place in behind]):
            if tp.offset >= behind[tp.topic, tp.partition]:
                del behind[tp.topic, tp.partition]
    consumer.close()
    return {number: found[number - numbers.start] for number in numbers}


def _consumer(broker: str) -> Consumer:
    return Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": "figures",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
        }
    )


def _ends(
    consumer: Consumer, topics: Sequence[str]
) -> Iterator[tuple[TopicPartition, tuple[int, int]]]:
    """Yield every partition of the topics with its first and its next offset."""
    known = consumer.list_topics(timeout=ENDS_SECONDS_MAX).topics
    for topic in topics:
        for partition in known[topic].partitions:
            tp = TopicPartition(topic, partition)
            yield tp, watermarks(consumer, tp)


def watermarks(consumer: Consumer, tp: TopicPartition) -> tuple[int, int]:
    """Return the partition's first and next offset."""
    first, following = patiently(
        lambda: consumer.get_watermark_offsets(tp, timeout=ENDS_SECONDS_MAX)
    )
    return first, following


def settle(seconds: float) -> None:
    """Let pass what might still come once too often: only time tells that nothing does."""
    time.sleep(seconds)
