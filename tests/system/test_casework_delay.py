"""From a department's word to what the hub answers in another one's inbox: less than a second."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from kafka import KafkaConsumer, TopicPartition
from tests import pace, samples
from tests.system.casework_rig import Rig, casework_rig

from credit_bus.domain.channels import inbox

pytestmark = pytest.mark.broker

REMINDED = "finance"  # whom the double's every word reminds
WORDS = 15
PARTITIONS = 2
DELAY_SECONDS_MAX = 1.0
WAIT_SECONDS_MAX = 60.0


@pytest.fixture
def rig() -> Iterator[Rig]:
    with (
        tempfile.TemporaryDirectory(prefix="credit-bus-") as home,
        casework_rig(Path(home), partitions=PARTITIONS) as rig,
    ):
        for stage in ("gate", "router"):
            rig.bus.start(stage)
        for name in ("casework", "relay"):
            rig.start(name)
        yield rig


def heard(consumer: KafkaConsumer, because: str) -> float:
    """Return when what the hub says because of an event is there."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while time.monotonic() < deadline:
        for records in consumer.poll(timeout_ms=500).values():
            for record in records:
                if dict(record.headers).get("ce_causationid") == because.encode():
                    return time.monotonic()
    raise TimeoutError(f"nothing came because of {because}")


def test_what_the_hub_answers_is_in_the_inbox_within_a_second(rig: Rig) -> None:
    consumer = KafkaConsumer(
        bootstrap_servers=rig.bus.broker,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        group_id=None,
    )
    consumer.assign([TopicPartition(inbox(REMINDED), number) for number in range(PARTITIONS)])
    delays: list[float] = []
    with pace.measured() as machine:
        for number in range(WORDS + 1):
            event = samples.penalty(number, document_number=f"甘区市监罚〔2026〕{number}号")
            rig.bus.say([samples.message(event)])
            began = time.monotonic()
            delays.append(heard(consumer, event.id) - began)
    consumer.close()

    settled = delays[1:]  # the first one waits until everybody has joined
    assert machine.bound(DELAY_SECONDS_MAX) > median(settled), settled
