"""What a cluster says of groups and offsets, asked of a real one."""

import time
from collections.abc import Callable

import pytest
from confluent_kafka import Consumer
from kafka import KafkaProducer
from kafka.errors import KafkaError

from credit_bus_connectors.monitor.lag_requests import requests_to
from credit_bus_connectors.monitor.lag_sampling import Sampler
from credit_bus_connectors.monitor.lag_wire import EARLIEST, LATEST, Fetch

pytestmark = pytest.mark.broker

WAIT_SECONDS_MAX = 60.0


def test_a_cluster_that_is_not_there_is_an_error_within_its_bound() -> None:
    with pytest.raises(KafkaError), requests_to("127.0.0.1:9,127.0.0.1:10"):
        raise AssertionError("nobody answers there")


def test_a_partition_that_is_not_there_is_left_out_and_the_others_are_told(
    broker: str, fresh_topic: Callable[..., str]
) -> None:
    topic = fresh_topic("lag", partitions=2)
    with requests_to(broker) as requests:
        leaders = dict(requests.topology(topic).leaders)
        node = leaders[topic, 0]
        asked = {**leaders, ("no-such-topic", 0): node, (topic, 7): node}

        assert {(topic, 0): 0, (topic, 1): 0} == requests.offsets(asked, EARLIEST)
        assert {(topic, 0): 0, (topic, 1): 0} == requests.offsets(asked, LATEST)
        wanted = {(topic, 0): 0, ("no-such-topic", 0): 0, (topic, 1): 5}
        asked_for = Fetch(leader=node, wanted=wanted, bytes_max=1024, is_committed=True)
        (found,) = requests.fetched([asked_for])
        assert {(topic, 0)} == found.keys()
        assert b"" == found[topic, 0].records


def test_retention_is_none_where_a_record_is_kept_for_ever(
    broker: str, fresh_topic: Callable[..., str]
) -> None:
    expected = {
        fresh_topic("lag", retention_ms="60000"): 60_000,
        fresh_topic("lag", retention_ms="-1"): None,
        fresh_topic("lag", cleanup_policy="compact", retention_ms="60000"): None,
        fresh_topic("lag", cleanup_policy="compact,delete", retention_ms="60000"): 60_000,
    }
    with requests_to(broker) as requests:
        assert expected == requests.retention_ms(expected)


def test_a_group_of_the_newer_protocol_is_sampled_and_its_members_are_not_known(
    broker: str, fresh_topic: Callable[..., str], unique_name: Callable[[str], str]
) -> None:
    topic, group = fresh_topic("lag"), unique_name("lag")
    producer = KafkaProducer(bootstrap_servers=broker)
    for _ in range(5):
        producer.send(topic, b"event", partition=0)
    producer.close()
    consumer = Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": group,
            "group.protocol": "consumer",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([topic])
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while (message := consumer.poll(1.0)) is None or message.error():
        assert time.monotonic() < deadline, "no event came"
    consumer.commit(message, asynchronous=False)
    with requests_to(broker) as requests:
        sampler = Sampler(requests=requests, prefix=topic)
        (held,) = sampler.sample().partitions
        consumer.close()
        (left,) = sampler.sample().partitions

    assert (group, 1, 5) == (held.group, held.committed, held.end)
    assert (None, True, False) == (held.members, held.is_held, left.is_held)
