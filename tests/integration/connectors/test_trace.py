"""One trace from what a department says to what a platform confirms, on a real bus."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests import samples
from tests.bus import Bus, own_bus

from credit_bus.contracts.trace import trace_id
from credit_bus.domain.channels import RECORDS, inbox, outbox, replies
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import DELIVERY_CONFIRMED, EVENT_ACCEPTED, MEASURE_ORDERED
from credit_bus.operations.scan import Seen
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_deploy.database import apply_database

pytestmark = pytest.mark.broker

PLATFORM = "district-platform"


@dataclass(frozen=True, slots=True)
class Hop:
    """Where a record of the trace must lie, and what it says."""

    topic: str
    type: str


@pytest.fixture
def bus() -> Iterator[Bus]:
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home, own_bus(Path(home)) as running:
        yield running


def start(bus: Bus, database: str, secret: Path) -> None:
    """Start every process between a department and the district platform."""
    apply_database(database)
    bus.start("gate")
    bus.start("router")
    bus.start("casework", "--database", database)
    bus.run("relay", "relay", "--database", database)
    bus.run(
        "connector",
        *("connector", PLATFORM, "--database", database),
        *("--registry", str(bus.registry), "--secret-file", str(secret)),
    )


def traces_at(bus: Bus, hop: Hop) -> set[str | None]:
    """Return the traces of the hop's records, once there is one."""

    def is_hop(record: Seen) -> bool:
        return record.text("ce_type") == hop.type

    seen = bus.read_until([hop.topic], lambda records: any(map(is_hop, records)))
    return {trace_id(record.text("traceparent")) for record in seen if is_hop(record)}


def say(bus: Bus, event: Event) -> None:
    client = DepartmentClient(event.source, bus.broker, codec=samples.codec())
    with closing(client):
        client.publish([event])


def test_one_trace_goes_from_a_statement_to_its_last_confirmation(
    bus: Bus, database: str, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("ab" * 32)
    start(bus, database, secret)
    event = samples.initiation(1)
    assert event.traceparent is None
    say(bus, event)

    hops = [
        Hop(outbox(event.source), event.type),
        Hop(RECORDS, event.type),
        Hop(replies(event.source), EVENT_ACCEPTED),
        Hop(inbox(PLATFORM), event.type),
        Hop(inbox("finance"), MEASURE_ORDERED),
        Hop(outbox(PLATFORM), DELIVERY_CONFIRMED),
        Hop(RECORDS, DELIVERY_CONFIRMED),
    ]
    found = {hop: traces_at(bus, hop) for hop in hops}
    (trace,) = found[hops[0]]

    assert trace is not None
    assert {hop: {trace} for hop in hops} == found
