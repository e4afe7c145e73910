"""Many threads share one party's client: each record once, several requests in a transaction."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from kafka import KafkaConsumer, TopicPartition
from tests import samples
from tests.integration.departments.small_gate import PARTITIONS, make_topics

from credit_bus.contracts.wire import Wire, write_event
from credit_bus.domain.channels import outbox
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.failures import NotPublishedError
from credit_bus_connectors.departments.http.outlet import Outlet
from credit_bus_connectors.departments.producer import REQUEST_BYTES_MAX
from credit_bus_connectors.departments.statement import make_event

pytestmark = pytest.mark.broker

THREADS = 12
LOADS = 120
LOAD_RECORDS = 20


class Counting(DepartmentClient):
    """A client that remembers how many records each transaction had."""

    sizes: list[int]

    def send(self, wires: Sequence[Wire]) -> None:
        """Send, and remember."""
        self.sizes.append(len(wires))
        super().send(wires)


def load(party: str, number: int) -> list[Wire]:
    events = [
        make_event(
            party=party,
            type_="penalty.decided",
            body=samples.penalty_body(each),
            subject=samples.penalty_body(each)["subject"]["uscc"],
            time=datetime(2026, 7, 27, tzinfo=UTC),
        )
        for each in range(number * LOAD_RECORDS, (number + 1) * LOAD_RECORDS)
    ]
    return [write_event(event, samples.codec()) for event in events]


def committed(broker: str, party: str) -> list[bytes]:
    """Return the values of the committed records of the party's outbox, sorted."""
    with KafkaConsumer(
        bootstrap_servers=broker,
        group_id=None,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        consumer_timeout_ms=2_000,
    ) as consumer:
        consumer.assign([TopicPartition(outbox(party), number) for number in range(PARTITIONS)])
        return sorted(record.value for record in consumer)


def test_a_transaction_that_fails_is_told_and_the_next_one_goes_through(
    broker: str, unique_name: Callable[[str], str]
) -> None:
    party = unique_name("dept")
    make_topics(broker, party)
    good = load(party, 0)
    too_large = replace(good[0], value=bytes(REQUEST_BYTES_MAX + 1))
    outlet = Outlet(DepartmentClient(party, broker, codec=samples.codec()))
    with pytest.raises(NotPublishedError):
        outlet.say([good[1], too_large])
    outlet.say(good)
    outlet.close()

    assert sorted(wire.value for wire in good) == committed(broker, party)


def test_what_comes_at_once_goes_in_few_transactions_and_each_record_once(
    broker: str, unique_name: Callable[[str], str]
) -> None:
    party = unique_name("dept")
    make_topics(broker, party)
    loads = [load(party, number) for number in range(LOADS)]
    client = Counting(party, broker, codec=samples.codec())
    client.sizes = []
    outlet = Outlet(client)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(outlet.say, loads))
    outlet.close()

    assert sorted(wire.value for each in loads for wire in each) == committed(broker, party)
    assert LOADS > len(client.sizes)
    assert max(client.sizes) <= 500
    assert max(client.sizes) > LOAD_RECORDS
