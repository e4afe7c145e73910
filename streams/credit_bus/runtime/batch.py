"""A batch of one lane, from messages to everything that follows from them. No Kafka, no clock.

The two functions here translate between the wire and the pure steps in `flows/`; what they return
is committed by a lane in one transaction.
"""

import json
import struct
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.receipts import receipt_writer
from credit_bus.contracts.wire import Message, Reading, Wire, arrival_of, read_event, write_event
from credit_bus.domain.arrival import Arrival
from credit_bus.domain.calendar import moment_of
from credit_bus.domain.channels import QUARANTINE, owner_of_outbox
from credit_bus.domain.event import Event, document_key
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Registry
from credit_bus.domain.upkeep import is_of_canary
from credit_bus.flows.gate import gate
from credit_bus.flows.outcome import Forward, Known, Outcome, Quarantine, Say
from credit_bus.flows.refusals import refusal
from credit_bus.flows.routing import route

_KEYS_REMEMBERED_MAX = 65_536
_MURMUR_SEED = 0x9747B28C
_MURMUR_FACTOR = 0x5BD1E995
_32_BITS = 0xFFFFFFFF
OUTPUT_BYTES_MAX = 8 * 1024 * 1024  # then the rest of a batch is a transaction of its own

Lookup = Callable[[Sequence[bytes]], Mapping[bytes, Known]]


class UnreadableRecordError(Exception):
    """The log of record holds something that cannot be read: our own mistake, no sender's."""


@dataclass(slots=True, kw_only=True)
class Produced:
    """Everything that follows from a batch: records by topic, new knowledge, and what to count."""

    records: dict[str, list[Wire]] = field(default_factory=lambda: defaultdict(list))
    changes: dict[bytes, Known] = field(default_factory=dict)
    verdicts: list[tuple[str, bool]] = field(default_factory=list)  # party, refused; no canary's
    reasons: dict[str, int] = field(default_factory=dict)  # code: how often
    taken: int = 0  # messages from the front of the batch that this follows from
    bytes: int = 0  # of the records' bodies and headers

    @property
    def full(self) -> bool:
        """Return whether the rest of the batch must wait for the next transaction."""
        return self.bytes >= OUTPUT_BYTES_MAX

    def add(self, outcome: Outcome, message: Message, write: Callable[[Event], Wire]) -> bool:
        """Take over what follows from one message; return whether it was refused."""
        refused = False
        came: Wire | None = None
        for output in outcome.outputs:
            match output:
                case Forward(topic=topic):
                    wire = came = came or _as_it_came(message)
                case Say(topic=topic, event=event):
                    wire = write(event)
                case Quarantine(stage=stage, reasons=reasons):
                    refused = True
                    topic, wire = QUARANTINE, quarantined(message, stage, reasons)
                    for reason in reasons:
                        self.reasons[reason.code] = self.reasons.get(reason.code, 0) + 1
            self.records[topic].append(wire)
            self.bytes += len(wire.value) + sum([len(value) for _, value in wire.headers if value])
        self.taken += 1
        return refused


def gate_batch(
    messages: Sequence[Message],
    *,
    lookup: Lookup,
    codec: Codec,
    registry: Registry,
    partitions: int,
    now: datetime,
) -> Produced:
    """Return what follows from the front of a batch, in the order in which it was said."""
    produced = Produced()
    write = receipt_writer(codec).write
    arrivals = [_arrival(message, read_event(message, codec), partitions) for message in messages]
    keys = [document_key(a.event) if a.event is not None else None for a in arrivals]
    known = dict(lookup(list({key for key in keys if key is not None})))
    for message, arrival, key in zip(messages, arrivals, keys, strict=True):
        outcome = gate(
            arrival, known.get(key) if key is not None else None, registry=registry, now=now
        )
        if outcome.known is not None and key is not None:
            known[key] = produced.changes[key] = outcome.known
        refused = produced.add(outcome, message, write)
        if arrival.event is None or not is_of_canary(arrival.event):
            produced.verdicts.append((arrival.sender, refused))
        if produced.full:
            break
    return produced


def router_batch(messages: Sequence[Message], *, codec: Codec, registry: Registry) -> Produced:
    """Return where the front of a batch of events goes. Raises UnreadableRecordError.

    It decides by when the log took an event, not by a clock: whoever reads the log later, and
    asks who was told, comes to the same.
    """
    produced = Produced()
    write = partial(write_event, codec=codec)
    for message in messages:
        event = accepted_event(message, codec)
        moment = moment_of(message.timestamp_ms)
        produced.add(route(event, registry=registry, now=moment), message, write)
        if produced.full:
            break
    return produced


def accepted_event(message: Message, codec: Codec) -> Event:
    """Return the event that a record of the log of record says. Raises UnreadableRecordError."""
    reading = read_event(message, codec)
    if reading.event is None or reading.reasons:
        codes = ", ".join(reason.code for reason in reading.reasons)
        place = f"{message.topic}/{message.partition}@{message.offset}"
        raise UnreadableRecordError(
            f"{place} cannot be read ({codes}); the gate wrote it: check that this process and the"
            " gate run the same release and the same schemas"
        )
    return reading.event


def quarantined(message: Message, stage: str, reasons: Sequence[Reason]) -> Wire:
    """Return the message whole, with its origin, the refusing stage and every reason.

    The original headers come first and unchanged; ours follow, and a reader takes the last of a
    name, so a sender cannot pass its own off as ours.
    """
    told = json.dumps(
        [{"code": r.code, "field": r.field, "rule": r.rule, "remedy": r.remedy} for r in reasons],
        ensure_ascii=False,
    )
    origin = {
        "quarantine-stage": stage,
        "quarantine-topic": message.topic,
        "quarantine-partition": str(message.partition),
        "quarantine-offset": str(message.offset),
        "quarantine-timestamp": str(message.timestamp_ms),
        "quarantine-null": "".join(
            name for name, value in (("k", message.key), ("v", message.value)) if value is None
        ),
        "quarantine-reasons": told,
    }
    headers = [*message.headers, *((name, text.encode()) for name, text in origin.items())]
    return Wire(key=message.key or b"", headers=headers, value=message.value or b"")


def _as_it_came(message: Message) -> Wire:
    assert message.key is not None, "an accepted event has a key"
    assert message.value is not None, "an accepted event has a body"
    return Wire(key=message.key, headers=list(message.headers), value=message.value)


def _arrival(message: Message, reading: Reading, partitions: int) -> Arrival:
    is_astray = message.key and partition_of(message.key, partitions) != message.partition
    return arrival_of(
        message,
        reading,
        sender=owner_of_outbox(message.topic),
        more=(refusal("wrong-partition", "key"),) if is_astray else (),
    )


@lru_cache(maxsize=_KEYS_REMEMBERED_MAX)
def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition that Kafka's default partitioner gives this key."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def murmur2(data: bytes) -> int:
    """Return Kafka's 32-bit MurmurHash2. Source: `Utils.murmur2` of Kafka's clients.

    By words: half the time of aiokafka's, which goes by bytes.
    """
    words = len(data) // 4
    found = _MURMUR_SEED ^ len(data)
    for word in struct.unpack_from(f"<{words}I", data):
        mixed = word * _MURMUR_FACTOR & _32_BITS
        mixed = (mixed ^ mixed >> 24) * _MURMUR_FACTOR & _32_BITS
        found = found * _MURMUR_FACTOR & _32_BITS ^ mixed
    if rest := data[words * 4 :]:
        found = (found ^ int.from_bytes(rest, "little")) * _MURMUR_FACTOR & _32_BITS
    found = (found ^ found >> 13) * _MURMUR_FACTOR & _32_BITS
    return found ^ found >> 15
