"""A party's receipts, read from positions that the reader keeps together with what it does of them.

Knows kafka-python's consumer. What is not a receipt is passed over undecoded: a party's replies
hold responses and feedback, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kafka import TopicPartition

from credit_bus.contracts.codec import Codec
from credit_bus.domain.event_types import EVENT_ACCEPTED, EVENT_REJECTED
from credit_bus_connectors.departments.failures import NotPublishedError
from credit_bus_connectors.departments.feed import event_of, milliseconds, open_consumer, poll
from credit_bus_connectors.departments.receipts import Receipt, receipt_of

ANSWER_SECONDS_MAX = 15.0

_TYPE = "ce_type"
_RECEIPTS = frozenset({EVENT_ACCEPTED.encode(), EVENT_REJECTED.encode()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """What one look found. `positions` are the next offsets, by partition, of those that moved."""

    receipts: tuple[Receipt, ...]
    positions: Mapping[int, int]


class ReplyReader:
    """The receipts of one party. `place` comes before `read`."""

    def __init__(self, settings: Mapping[str, Any], codec: Codec, *, topic: str) -> None:
        """Connect."""
        self._codec = codec
        self._topic = topic
        self._consumer = open_consumer(settings, group=None)

    def place(self, positions: Mapping[int, int]) -> tuple[dict[int, int], int]:
        """Go to these positions, and to the end in partitions that have none.

        Returns where each partition stands now, and how many records before that are gone from
        the broker, or were of a topic that is no more. Raises NotPublishedError without a topic.
        """
        numbers = self._consumer.partitions_for_topic(self._topic)
        if not numbers:
            raise NotPublishedError(
                f"topic {self._topic} does not exist; provision the topics of the registry"
            )
        partitions = [TopicPartition(self._topic, number) for number in sorted(numbers)]
        self._consumer.assign(partitions)
        bound = milliseconds(ANSWER_SECONDS_MAX)
        firsts = self._consumer.beginning_offsets(partitions, timeout_ms=bound)
        ends = self._consumer.end_offsets(partitions, timeout_ms=bound)
        placed: dict[int, int] = {}
        gone = 0
        for partition in partitions:
            first, end = firsts[partition], ends[partition]
            at = positions.get(partition.partition, end)
            if not first <= at <= end:
                gone += max(first - at, at - end)
                at = first
            self._consumer.seek(partition, at)
            placed[partition.partition] = at
        return placed, gone

    def read(self, seconds_max: float) -> Replies:
        """Return the receipts that are there, waiting that long for the first."""
        receipts: list[Receipt] = []
        positions: dict[int, int] = {}
        for record in poll(self._consumer, seconds_max):
            positions[record.partition] = record.offset + 1
            if any(name == _TYPE and value in _RECEIPTS for name, value in record.headers):
                receipt = receipt_of(event_of(record, self._codec))
                if receipt is not None:
                    receipts.append(receipt)
        return Replies(receipts=tuple(receipts), positions=positions)

    def close(self) -> None:
        """Close the connection."""
        self._consumer.close(autocommit=False)
