"""Canaries on a real broker: an outbox that is not there stops its own party's alone."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from kafka import KafkaConsumer, TopicPartition
from tests import samples

from credit_bus_connectors.departments import producer
from credit_bus_connectors.monitor import canaries
from credit_bus_connectors.monitor.process import Monitor

pytestmark = pytest.mark.broker

WAIT_SECONDS_MAX = 60.0
PARTIES = ("finance", "justice", "district-court")


def said(broker: str, topic: str) -> int:
    """Return how many committed records lie in a topic of one partition."""
    place = TopicPartition(topic, 0)
    reader = KafkaConsumer(
        bootstrap_servers=broker,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    reader.assign([place])
    found = len(reader.poll(timeout_ms=2_000).get(place, ()))
    reader.close(autocommit=False)
    return found


def test_an_outbox_that_is_not_there_stops_its_own_canaries_alone(
    broker: str,
    fresh_topic: Callable[..., str],
    unique_name: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = fresh_topic("outbox", partitions=1), fresh_topic("outbox", partitions=1)
    topics = dict(zip(PARTIES, (first, unique_name("nowhere"), second), strict=True))
    monkeypatch.setattr(canaries, "outbox", topics.__getitem__)
    monkeypatch.setattr(canaries, "_TRANSACTIONAL_ID", unique_name("canaries"))
    monkeypatch.setattr(producer, "CONNECT_SECONDS_MAX", 8.0)
    known = samples.registry()
    registry = replace(known, parties={code: known.parties[code] for code in PARTIES})
    watch = canaries.canary_watch(broker, registry, samples.codec(), every_seconds=0.3)
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    with Monitor([watch]):
        while min(said(broker, first), said(broker, second)) < 2 and time.monotonic() < deadline:
            time.sleep(0.5)

    assert min(said(broker, first), said(broker, second)) >= 2
