"""Histories of a bus in memory, made by the real gate and router, and an independent reader of
them that keeps its rows in memory.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tests import samples

from credit_bus.contracts.wire import Message, Wire
from credit_bus.domain.calendar import moment_of
from credit_bus.domain.channels import RECORDS, inbox
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    DELIVERY_CONFIRMED,
    DELIVERY_REFUSED,
)
from credit_bus.flows.outcome import Known as Revision
from credit_bus.operations.adding_up.differences import Difference
from credit_bus.operations.adding_up.ledger import Found, Known, settle, touched
from credit_bus.operations.adding_up.repeats import Repeats
from credit_bus.operations.adding_up.sequence import Flow, Step
from credit_bus.operations.trace.hops import Hop
from credit_bus.operations.trace.reading import Reader
from credit_bus.runtime.batch import gate_batch, partition_of, router_batch

PLATFORMS = ("district-platform", "municipal-platform", "provincial-platform", "public-site")
PARTITIONS = 2
STEP_MS = 200
READER = Reader(codec=samples.codec(), registry=samples.registry())

History = list[Message]


@dataclass(slots=True)
class MemoryBus:
    """Topics in memory, with gate and router that work on each message at once."""

    history: History = field(default_factory=list)
    now_ms: int = samples.NOW_MS
    _ends: dict[tuple[str, int], int] = field(default_factory=dict)
    _revisions: dict[bytes, Revision] = field(default_factory=dict)

    def write(self, topic: str, partition: int, wire: Wire) -> Message:
        """Append a record to a partition."""
        offset = self._ends.get((topic, partition), 0)
        self._ends[topic, partition] = offset + 1
        self.now_ms += STEP_MS
        written = Message(
            topic=topic,
            partition=partition,
            offset=offset,
            timestamp_ms=self.now_ms,
            key=wire.key,
            headers=tuple(wire.headers),
            value=wire.value,
        )
        self.history.append(written)
        return written

    def say(self, *events: Event) -> None:
        """Let parties say these, one after another."""
        for event in events:
            self.judge(samples.message(event))

    def judge(self, message: Message, *, behind: timedelta = timedelta()) -> None:
        """Let gate and router work on one message of an outbox; the gate's clock may be behind."""
        own = Wire(
            key=message.key or b"", headers=list(message.headers), value=message.value or b""
        )
        partition = partition_of(own.key, PARTITIONS)
        arrived = self.write(message.topic, partition, own)
        common: dict[str, Any] = {"codec": samples.codec(), "registry": samples.registry()}
        judged = gate_batch(
            [arrived],
            lookup=lambda _: self._revisions,
            partitions=PARTITIONS,
            now=moment_of(self.now_ms) - behind,
            **common,
        )
        self._revisions |= judged.changes
        logged = []
        for topic, wires in judged.records.items():
            for wire in wires:
                written = self.write(topic, partition, wire)
                logged += [written] if topic == RECORDS else []
        for written in logged:
            for topic, wires in router_batch([written], **common).records.items():
                for wire in wires:
                    self.write(topic, partition, wire)

    def answer(self, platform: str, *, refuses: bool = False, twice: bool = False) -> None:
        """Let a platform answer all that its inbox holds."""
        kind = DELIVERY_REFUSED if refuses else DELIVERY_CONFIRMED
        for record in [each for each in self.history if each.topic == inbox(platform)]:
            word = word_of(platform, kind, record)
            self.say(*[word] * (2 if twice else 1))


def word_of(platform: str, kind: str, record: Message) -> Event:
    """Return what the platform says of a record of its inbox."""
    told = {name: value.decode() for name, value in record.headers}
    reason = {"code": "column-too-long", "field": "", "rule": "太长", "remedy": "缩短"}
    body = {
        "event_id": told["ce_id"],
        "event_type": told["ce_type"],
        "provider": told["ce_source"],
        "event_revision": int(told["ce_revision"]),
    }
    if kind == DELIVERY_CONFIRMED:
        body |= {"acknowledgement": "1", "delivered_at": samples.NOW}
    else:
        body |= {"reasons": [reason], "refused_at": samples.NOW}
    return samples.said(
        kind, body, party=platform, subject=told["ce_subject"], causation_id=told["ce_id"]
    )


def undecodable(number: int) -> Message:
    """Return a message whose body nobody can read."""
    good = samples.message(samples.penalty(number))
    return replace(good, value=(good.value or b"")[:5] + b"\xff" * 30)


def usual(*, is_answered: bool = True) -> History:
    """Penalties, one repeated, one bad, one undecodable; an action with all that follows; and
    what platforms answer.
    """
    bus = MemoryBus()
    bus.say(samples.penalty(1), samples.penalty(2), samples.penalty(1))
    bus.say(samples.penalty(1, revision=2), samples.penalty(3, violation=""))
    bus.judge(undecodable(4))
    bus.say(samples.initiation(1), samples.response(1))
    for kind in samples.COURSE:
        bus.say(samples.of_course(kind, 1))
    for kind in samples.STANDING:
        bus.say(samples.of_standing(kind, 1))
    for platform in PLATFORMS if is_answered else ():
        bus.answer(platform, twice=platform == "public-site")
    return bus.history


@dataclass(slots=True)
class MemoryReader:
    """An independent reader whose rows lie in memory."""

    judged_from: datetime = samples.NOW
    hops: list[Hop] = field(default_factory=list)
    due: dict[bytes, datetime] = field(default_factory=dict)
    amiss: dict[bytes, tuple[Difference, ...]] = field(default_factory=dict)
    counts: dict[tuple[datetime, str, str], int] = field(default_factory=dict)
    reached: dict[Flow, Step] = field(default_factory=dict)
    answered: dict[Flow, int] = field(default_factory=dict)
    saved: dict[Flow, int] = field(default_factory=dict)  # by platforms' connectors
    repeats: dict[bytes, Repeats] = field(default_factory=dict)

    def read(self, messages: Sequence[Message], *, read_to: datetime = samples.NOW) -> None:
        """Take in a batch."""
        self._settle([READER.hop(each) for each in messages], (), read_to)

    def passed(self, read_to: datetime) -> None:
        """All topics are read to where they ended at that moment.

        Each connector has saved its position behind the last that its platform answered.
        """
        self.saved = {flow: offset + 1 for flow, offset in self.answered.items()}
        given = {hop.name for hop in self.hops if (hop.topic, hop.partition) in self.saved}
        due = {name for name, due in self.due.items() if due <= read_to}
        self._settle([], due | given, read_to)

    @property
    def faults(self) -> set[tuple[str, str]]:
        """Return what is amiss, and where."""
        return {each.key for told in self.amiss.values() for each in told}

    @property
    def names(self) -> set[str]:
        """Return which faults there are."""
        return {fault for fault, _ in self.faults}

    def _settle(self, batch: list[Hop], also: Iterable[bytes], read_to: datetime) -> None:
        names = touched(batch) | set(also)
        known = Known(
            hops=[hop for hop in self.hops if names & {hop.of, hop.about}],
            reached=self.reached,
            passed=self.saved,
            repeats=self.repeats,
        )
        found = settle(
            batch,
            known,
            also=also,
            judged_from=self.judged_from,
            read_to=read_to,
            platforms=frozenset(PLATFORMS),
        )
        self._take(found, names)
        self.hops += found.hops
        self.repeats |= found.repeats

    def _take(self, found: Found, names: set[bytes]) -> None:
        for name in names:
            self.due.pop(name, None)
        self.due |= found.due
        for name, told in found.judged.items():
            lasting = tuple(
                each for each in self.amiss.get(name, ()) if each.fault.value == "disordered"
            )
            self.amiss[name] = tuple(dict.fromkeys((*lasting, *told)))
        for count, times in found.counts.items():
            self.counts[count] = self.counts.get(count, 0) + times
        self.reached |= found.reached
        self.answered |= found.answered


def read_whole(history: History, *, batch: int = 50) -> MemoryReader:
    """Return a reader that has read it all, and then waited long enough for everything."""
    reader = MemoryReader()
    for start in range(0, len(history), batch):
        reader.read(history[start : start + batch])
    reader.passed(moment_of(max(each.timestamp_ms for each in history)) + timedelta(minutes=1))
    return reader
