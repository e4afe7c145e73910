"""The transport overrides methods of exactly these releases: look at a change upstream."""

import hashlib
import inspect
from importlib.metadata import version

import pytest
from aiokafka import client
from aiokafka.consumer import fetcher
from faust.transport import consumer
from faust.transport.drivers import aiokafka as driver

from credit_bus.runtime.transport import PINNED

# sha256, first 12 digits, of the source that ours takes the place of or relies on.
OVERRIDDEN = {
    "Consumer.getmany": (consumer.Consumer.getmany, "4b168d84882a"),
    "Consumer.commit": (consumer.Consumer.commit, "a354437baaa0"),
    "Consumer.ack": (consumer.Consumer.ack, "5fcf41cf4515"),
    "Consumer.track_message": (consumer.Consumer.track_message, "217d7f1399a4"),
    "Consumer._add_gap": (consumer.Consumer._add_gap, "4df2573ded7c"),
    "Consumer.perform_seek": (consumer.Consumer.perform_seek, "0e8c130ff4b0"),
    "Consumer.on_partitions_revoked": (consumer.Consumer.on_partitions_revoked, "d04b7ae72c6f"),
    "Consumer.on_partitions_assigned": (consumer.Consumer.on_partitions_assigned, "29ce96596f05"),
    "Consumer._wait_next_records": (consumer.Consumer._wait_next_records, "6218e1969a63"),
    "Thread._create_worker_consumer": (
        driver.AIOKafkaConsumerThread._create_worker_consumer,
        "c2701bfc3e6f",
    ),
    "Fetcher._get_actions_per_node": (fetcher.Fetcher._get_actions_per_node, "1dab2cf937d1"),
    "Fetcher._fetch_requests_routine": (fetcher.Fetcher._fetch_requests_routine, "2a8ec5932644"),
    "Fetcher._select_read_replica": (fetcher.Fetcher._select_read_replica, "70f0665e44fc"),
    "Fetcher.fetched_records": (fetcher.Fetcher.fetched_records, "be4348896b9b"),
    "Fetcher.request_offset_reset": (fetcher.Fetcher.request_offset_reset, "e5bd8ba88386"),
    "Fetcher.seek_to": (fetcher.Fetcher.seek_to, "f0ba6aba6c22"),
    "Fetcher._proc_fetch_request": (fetcher.Fetcher._proc_fetch_request, "59bf948fff47"),
    "Client.send": (client.AIOKafkaClient.send, "246b277687d7"),
}


@pytest.mark.parametrize(("name", "release"), PINNED.items())
def test_the_library_is_the_release_the_transport_was_written_for(name: str, release: str) -> None:
    assert release == version(name)


@pytest.mark.parametrize("name", OVERRIDDEN)
def test_the_overridden_method_is_the_one_that_was_read(name: str) -> None:
    method, expected = OVERRIDDEN[name]
    digest = hashlib.sha256(inspect.getsource(method).encode()).hexdigest()[:12]

    assert expected == digest, f"{name} changed upstream: read it, then renew the digest"
