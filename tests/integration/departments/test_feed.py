"""Where reading goes on: at the position that was kept, or behind what is gone, and said so."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import OffsetOutOfRangeError

from credit_bus_connectors.departments.feed import open_consumer, place, poll

pytestmark = pytest.mark.broker

WAIT_SECONDS_MAX = 60.0


def test_a_position_that_is_gone_is_told_and_reading_goes_on_behind_it(
    broker: str, fresh_topic: Callable[..., str]
) -> None:
    topic = fresh_topic("feed")
    here = TopicPartition(topic, 0)
    producer = KafkaProducer(bootstrap_servers=broker)
    for _ in range(10):
        producer.send(topic, b"event", partition=0)
    producer.close()
    consumer = open_consumer({"bootstrap_servers": broker}, group=None)
    with KafkaAdminClient(bootstrap_servers=broker) as admin:
        admin.delete_records({here: 7})

        for kept, offsets, at in (
            (None, None, 7),
            (3, 4, 7),
            (6, None, 7),
            (7, None, 7),
            (9, None, 9),
            (10, None, 10),
            (14, 4, 7),
        ):
            expected = {} if offsets is None else {here: offsets}

            assert expected == place(consumer, {here: kept}), kept
            assert at == consumer.position(here)
        assert {} == place(consumer, {here: 7})
        admin.delete_records({here: 9})
        with pytest.raises(OffsetOutOfRangeError):
            read_on(consumer)
    consumer.close(autocommit=False)


def read_on(consumer: Any) -> None:
    """Read until something comes, or goes wrong."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not list(poll(consumer, 0.5)):
        assert time.monotonic() < deadline, "nothing came, and nothing was said"
