"""The log of record played in memory through the real core, and what a database and topics hold.

Both are told in the same form, so that a test compares them whole.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from tests import samples
from tests.system.casework_rig import HUB, Rig
from tests.unit.casework.play import Kept, play

from credit_bus.casework.step import DistrictCasework
from credit_bus.contracts.wire import Message, message_of, write_event
from credit_bus.domain.calendar import moment_of
from credit_bus.domain.channels import RECORDS
from credit_bus.domain.event import Event
from credit_bus.runtime.batch import accepted_event

READ_SECONDS_MAX = 60.0
POLL_MS = 500

RowKey = tuple[int, str, str]  # lane, kind, name
CountKey = tuple[int, date, str, str]  # lane, day, party, what
Word = tuple[bytes, list[tuple[str, str]], bytes]  # key, headers, value


@dataclass(slots=True)
class Ledger:
    """All that casework keeps and says: rows with subject, day and state; counts; words in order.

    `nexts` is, for each lane, the offset behind the last record that was stepped.
    """

    rows: dict[RowKey, tuple[str, date | None, Any]] = field(default_factory=dict)
    counts: Counter[CountKey] = field(default_factory=Counter)
    words: defaultdict[int, list[Word]] = field(default_factory=lambda: defaultdict(list))
    nexts: dict[int, int] = field(default_factory=dict)


def replayed(log: Iterable[Message]) -> Ledger:
    """Return what follows from the log of record; each step at the moment of its record.

    Subjects do not touch each other, so each is played by itself.
    """
    core = DistrictCasework(samples.registry())
    kept: defaultdict[tuple[int, str], Kept] = defaultdict(Kept)
    ledger = Ledger()
    for message in log:
        lane, event = message.partition, accepted_event(message, samples.codec())
        after = play(core, kept[lane, event.subject], event, moment_of(message.timestamp_ms))
        ledger.words[lane] += [_said(each) for each in after.waiting]
        ledger.nexts[lane] = message.offset + 1
        kept[lane, event.subject] = replace(after, waiting=())
    for (lane, subject), each in kept.items():
        for (kind, name), row in each.rows.items():
            state = json.loads(json.dumps(row.state))
            ledger.rows[lane, kind, name] = (subject, row.due_on, state)
        for (day, party, what), times in each.counts.items():
            ledger.counts[lane, day, party, what] += times
    return ledger


def stored(rig: Rig) -> Ledger:
    """Return what the database of casework holds."""
    ledger = Ledger()
    for lane, kind, name, subject, due_on, state in rig.ask(
        "SELECT lane, kind, name, subject, due_on, state FROM casework.row"
    ):
        ledger.rows[lane, kind, name] = (subject, due_on, state)
    for lane, day, party, what, n in rig.ask("SELECT * FROM casework.count"):
        ledger.counts[lane, day, party, what] = n
    for lane, key, headers, value in rig.ask(
        "SELECT lane, key, headers, value FROM casework.outbox ORDER BY lane, seq"
    ):
        told = [(name, text) for name, text in headers]
        ledger.words[lane].append((bytes(key), told, bytes(value)))
    ledger.nexts = dict(rig.ask("SELECT lane, next_offset FROM casework.position"))
    return ledger


def published(rig: Rig) -> dict[int, list[Word]]:
    """Return what stands in the hub's outbox topic, in order in each lane."""
    found: defaultdict[int, list[Word]] = defaultdict(list)
    for each in messages(rig.bus.broker, HUB):
        found[each.partition].append(_word(each.key or b"", each.headers, each.value or b""))
    return dict(found)


def messages(broker: str, topic: str = RECORDS) -> list[Message]:
    """Return every committed record of the topic with its time, in order in each partition."""
    consumer = KafkaConsumer(
        bootstrap_servers=broker,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_poll_records=5_000,
        consumer_timeout_ms=int(READ_SECONDS_MAX * 1000),
    )
    places = [TopicPartition(topic, each) for each in consumer.partitions_for_topic(topic) or ()]
    consumer.assign(places)
    ends = consumer.end_offsets(places)
    found: list[Message] = []
    while any(consumer.position(place) < ends[place] for place in places):
        for records in consumer.poll(timeout_ms=POLL_MS).values():
            found += [message_of(record) for record in records]
    consumer.close()
    return found


def _said(event: Event) -> Word:
    wire = write_event(event, samples.codec())
    return _word(wire.key, wire.headers, wire.value)


def _word(key: bytes, headers: Sequence[tuple[str, bytes]], value: bytes) -> Word:
    return key, [(name, told.decode()) for name, told in headers], value
