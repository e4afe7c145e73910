"""Waits until the bus is at rest: follows the log of record and keeps the balance of deliveries."""

import time
from collections import Counter
from collections.abc import Callable

from kafka import KafkaConsumer, TopicPartition

from credit_bus.contracts.codec import Codec
from credit_bus.domain.channels import RECORDS
from credit_bus.domain.event_types import DELIVERY_CONFIRMED, DELIVERY_REFUSED
from credit_bus.domain.registry import Registry
from credit_bus.flows.gate import BUS
from credit_bus.operations.audit import body_of
from credit_bus.operations.carried import matches
from credit_bus.operations.scan import Seen, seen_of
from credit_bus_deploy.demo.court import DayError

POLL_MS = 250
_DELIVERIES = (DELIVERY_CONFIRMED, DELIVERY_REFUSED)


class Balance:
    """Accepted records, and for each platform how many deliveries are still owed."""

    def __init__(self, registry: Registry, codec: Codec) -> None:
        self._registry = registry
        self._codec = codec
        self.accepted: Counter[str] = Counter()
        self.owed: Counter[str] = Counter()
        self.said_by_hub = 0

    def take(self, record: Seen) -> None:
        """Note one record of the log."""
        kind = record.text("ce_type")
        self.accepted[kind] += 1
        self.said_by_hub += record.text("ce_source") == BUS
        if kind in _DELIVERIES:
            self.owed[record.text("ce_source")] -= 1
            return
        body = body_of(record, self._codec)
        self.owed.update(
            {route.to for route in self._registry.routes if matches(route, record, body)}
        )

    @property
    def settled(self) -> bool:
        """Return whether nothing is owed to any platform."""
        return not any(self.owed.values())


def follow_log(
    broker: str,
    balance: Balance,
    *,
    enough: Callable[[], bool],
    told: Callable[[Balance], None],
    seconds_max: float,
) -> None:
    """Feed the log of record to the balance until there is enough; DayError when there never is."""
    consumer = KafkaConsumer(
        bootstrap_servers=broker,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_poll_records=2_000,
    )
    deadline = time.monotonic() + seconds_max
    try:
        numbers = consumer.partitions_for_topic(RECORDS) or set()
        consumer.assign([TopicPartition(RECORDS, number) for number in sorted(numbers)])
        while not enough():
            if time.monotonic() > deadline:
                raise DayError(
                    f"the bus did not come to rest within {seconds_max:.0f} s; owed to platforms:"
                    f" {dict(balance.owed)}; accepted: {dict(balance.accepted)}"
                )
            for records in consumer.poll(timeout_ms=POLL_MS).values():
                for record in records:
                    balance.take(seen_of(record))
            told(balance)
    finally:
        consumer.close()
