"""A hop: what one record of a topic is in the way of an event. No body, no key, no foreign text.

An event is called by the 16 bytes of its id; what has no id of 32 hexadecimal digits, by a digest
of whatever it claims, or of its place.
"""

import hashlib
import re
from datetime import datetime
from enum import IntEnum

from credit_bus.domain.channels import party_of
from credit_bus.domain.event_types import DELIVERY_CONFIRMED, DELIVERY_REFUSED
from credit_bus.domain.value import value

NAME_BYTES = 16
_ID = re.compile(r"[0-9a-f]{32}")

Place = tuple[str, int, int]  # topic, partition, offset
PartitionOf = tuple[str, int]

DELIVERY_TYPES = frozenset({DELIVERY_CONFIRMED, DELIVERY_REFUSED})


class Kind(IntEnum):
    """What a record is, by where it lies. The numbers are stored: never change one."""

    SAID = 1  # by a party, in its outbox
    LOGGED = 2  # accepted, in the log of record
    ACCEPTED = 3  # the receipt
    DUPLICATE = 4  # the receipt of what had been said before
    REJECTED = 5  # the receipt of a refusal
    QUARANTINED = 6
    FORWARDED = 7  # as it came, into an inbox
    ORDERED = 8  # an order of an initiation, into an inbox
    RETURNED = 9  # as it came, to whoever waits for it


RECEIPTS = frozenset({Kind.ACCEPTED, Kind.DUPLICATE, Kind.REJECTED})


@value
class Hop:
    """One record. `name` is whose way it belongs to first, `about` which event it follows from."""

    name: bytes
    kind: Kind
    topic: str
    partition: int
    offset: int
    at: datetime  # when the log took it
    type: str  # "" when it is none of the bus's
    source: str  # a party of the registry; of an outbox its owner, of quarantine the sender
    digest: bytes  # of the body as it lies there
    revision: int = 0
    about: bytes | None = None
    rule: str = ""  # version of the registry that judged it
    codes: tuple[str, ...] = ()  # of the reasons of a refusal
    origin: tuple[int, int] | None = None  # partition and offset in the sender's outbox
    document: bytes | None = None  # what it is a revision of
    expected: tuple[str, ...] | None = None  # where it must go, and each order's name
    about_type: str = ""  # of a receipt: the type of what it is about; told once, and not kept

    @property
    def place(self) -> Place:
        """Return where the record lies."""
        return (self.topic, self.partition, self.offset)

    @property
    def of(self) -> bytes:
        """Return the event to whose account the record belongs."""
        if self.kind in RECEIPTS or self.kind is Kind.ORDERED:
            return self.name if self.about is None else self.about
        return self.name

    @property
    def is_word(self) -> bool:
        """Whether it is a platform's word on an event that it was given, accepted or not yet."""
        return self.kind in (Kind.SAID, Kind.LOGGED) and self.type in DELIVERY_TYPES

    @property
    def is_delivery(self) -> bool:
        """Whether it is a platform's accepted word on an event that it was given."""
        return self.kind is Kind.LOGGED and self.type in DELIVERY_TYPES

    @property
    def accounts(self) -> tuple[bytes, ...]:
        """Return the events whose accounts it changes, its own first."""
        if self.is_word and self.about is not None and self.about != self.name:
            return (self.name, self.about)
        return (self.of,)

    @property
    def party(self) -> str:
        """Return whose topic it lies in, "" for topics of nobody's own."""
        return party_of(self.topic) or ""


def name_of(event_id: str) -> bytes:
    """Return how an event is called here: its own 16 bytes, or a digest of what it claims."""
    if _ID.fullmatch(event_id):
        return bytes.fromhex(event_id)
    return hashlib.blake2b(event_id.encode(), digest_size=NAME_BYTES).digest()


def name_of_place(topic: str, partition: int, offset: int) -> bytes:
    """Return how a message without a readable id is called."""
    return name_of(f"{topic}/{partition}@{offset}")
