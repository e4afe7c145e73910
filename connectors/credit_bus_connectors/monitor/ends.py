"""Up to which moment the reader has read everything: where it is, and where the logs ended.

Logs end at their last record, whoever may read it yet: behind a transaction that nobody ended lies
what neither the gate nor the reader can see.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from credit_bus.operations.adding_up.differences import FOLLOWS_WITHIN
from credit_bus.operations.trace.hops import PartitionOf

LOOK_SECONDS = 1.0  # how often the topics' ends are asked for
HELD_SECONDS = 5.0  # well below what the gate has to answer in; transactions last less than one


class Places:
    """Where the consumer is in each partition. To ask it of hundreds at each turn costs seconds."""

    def __init__(self, consumer: Any, at: dict[Any, int]) -> None:
        self._consumer = consumer
        self.at = at
        self._looked_at = set(at)

    def read(self, polled: Mapping[Any, Sequence[Any]]) -> None:
        """Note what a poll brought. Marks of transactions behind it are seen by `look`."""
        for place, records in polled.items():
            self.at[place] = records[-1].offset + 1
            self._looked_at.add(place)

    def look(self, place: Any) -> int:
        """Ask where the consumer is in a partition, and return that."""
        at = self._consumer.position(place, timeout_ms=0)
        if at is not None and at > self.at[place]:
            self.at[place] = at
            self._looked_at.add(place)
        return self.at[place]

    def moved(self, kept: Mapping[PartitionOf, int]) -> dict[PartitionOf, int]:
        """Return where the partitions are that are not where they were kept, each once."""
        looked_at, self._looked_at = self._looked_at, set()
        return {
            (place.topic, place.partition): self.at[place]
            for place in looked_at
            if kept.get((place.topic, place.partition)) != self.at[place]
        }


class Ends:
    """Tells up to which moment all is read: the ends of a moment, and whether they are reached."""

    def __init__(
        self, now: Callable[[], datetime], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take the clocks; `begin` says of whom."""
        self._now = now
        self._clock = clock
        self._consumer: Any = None
        self._asker: Any = None
        self._places = Places(None, {})
        self._next_look_at = clock()
        self._moment: datetime | None = None
        self._open: dict[Any, int] = {}  # ends that are not reached yet
        self._waits_since: float | None = None
        self._is_held = False  # by a transaction that nobody ended

    def begin(self, consumer: Any, asker: Any, places: Places) -> None:
        """Begin with these: a consumer of committed records, and one that sees all, to ask."""
        self._consumer, self._asker, self._places = consumer, asker, places
        self._moment, self._open = None, {}

    def reached(self) -> datetime | None:
        """Return the last moment up to which all is read, once; None when there is no new one.

        After a transaction held it up there is none for as long as the gate has to answer what lay
        behind that transaction.
        """
        if self._moment is None and not self._look():
            return None
        while self._open:
            place, end = next(iter(self._open.items()))
            if self._places.at[place] < end and self._places.look(place) < end:
                self._note_whether_held(place)
                return None  # the others are asked when this one is past
            del self._open[place]
        moment, self._moment, self._waits_since = self._moment, None, None
        if self._is_held:
            self._is_held = False
            self._next_look_at = self._clock() + FOLLOWS_WITHIN.total_seconds()
            return None
        return moment

    def _look(self) -> bool:
        """Ask where the logs end, if it is time; return whether that was asked."""
        if self._clock() < self._next_look_at:
            return False
        self._next_look_at = self._clock() + LOOK_SECONDS
        if self._waits_since is None:
            self._waits_since = self._clock()
        places = sorted(self._places.at)
        moment = self._now()
        self._open = dict(self._asker.end_offsets(places)) if places else {}
        self._moment = moment
        return True

    def _note_whether_held(self, place: Any) -> None:
        """Note it when all that can be read there is read, and has been for long."""
        waits_since = self._waits_since
        if self._is_held or waits_since is None or self._clock() - waits_since < HELD_SECONDS:
            return
        readable = self._consumer.end_offsets([place])[place]
        self._is_held = self._places.at[place] >= readable
