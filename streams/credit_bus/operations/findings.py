"""What one look at a bus at rest brings: counts, and every difference in a sentence."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from credit_bus.operations.scan import Seen

_DIFFERENCES_SHOWN_MAX = 50

Place = tuple[str, int, int]
Said = tuple[str, bytes]  # id and digest of the body
Bodies = Mapping[Place, Mapping[str, Any]]
ByTopic = Mapping[str, list[Seen]]


@dataclass(slots=True, kw_only=True)
class Conservation:
    """The counts of one look, and what does not add up (empty when everything does)."""

    said: Counter[str] = field(default_factory=Counter)  # by type; deliveries told apart by type
    accepted: Counter[str] = field(default_factory=Counter)
    duplicates: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)  # by reason code
    routed: Counter[str] = field(default_factory=Counter)  # by platform
    delivered: Counter[str] = field(default_factory=Counter)
    refused_by_platform: Counter[str] = field(default_factory=Counter)
    orders: int = 0
    orders_responded: int = 0
    orders_executed: int = 0
    replies: Counter[str] = field(default_factory=Counter)  # by type
    differences: list[str] = field(default_factory=list)

    def differ(self, sentence: str) -> None:
        """Note what does not add up; bounded, so that a disaster stays readable."""
        if len(self.differences) < _DIFFERENCES_SHOWN_MAX:
            self.differences.append(sentence)


def place(record: Seen) -> Place:
    """Return where the record lies."""
    return (record.topic, record.partition, record.offset)


def at(record: Seen) -> str:
    """Return where the record lies, for a sentence."""
    return f"{record.topic}/{record.partition}@{record.offset}"


def by_topic(seen: Iterable[Seen]) -> dict[str, list[Seen]]:
    """Return the records by topic, in order; a topic without records is empty, not missing."""
    found: dict[str, list[Seen]] = defaultdict(list)
    for record in seen:
        found[record.topic].append(record)
    return found
