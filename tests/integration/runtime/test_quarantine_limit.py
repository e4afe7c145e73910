"""One sender's flood of refusals never stops the gate; several senders' floods at once do."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests import samples
from tests.bus import WAIT_SECONDS_MAX, Bus, own_bus

from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import QUARANTINE, RECORDS, outbox
from credit_bus.flows.limit import QuarantinePolicy
from credit_bus.runtime.ending import ExitCode

POLICY = QuarantinePolicy()
FLOOD = POLICY.run_max + 50
PARTIES = ("market-regulation", "transport", "finance", "health")[: POLICY.parties_min]


@pytest.fixture
def bus() -> Iterator[Bus]:
    with (
        tempfile.TemporaryDirectory(prefix="credit-bus-") as home,
        own_bus(Path(home), partitions=1) as running,
    ):
        yield running


def flood(party: str) -> list[Message]:
    """Nothing but refusals."""
    message = replace(samples.message(samples.penalty()), topic=outbox(party), value=b"nonsense")
    return [message] * FLOOD


def test_a_flood_of_one_stops_nothing_and_floods_of_several_stop_before_pouring_away(
    bus: Bus,
) -> None:
    gate = bus.start("gate")
    event = samples.penalty(1)
    bus.say([*flood(PARTIES[0]), samples.message(event)])
    bus.read_until([RECORDS], lambda seen: [event.id] == [r.text("ce_id") for r in seen])

    assert gate.process.poll() is None
    assert FLOOD == len(bus.read(QUARANTINE))

    bus.say([message for party in PARTIES for message in flood(party)])

    assert ExitCode.QUARANTINE_LIMIT == gate.process.wait(WAIT_SECONDS_MAX)
    assert len(bus.read(QUARANTINE)) < FLOOD * (1 + len(PARTIES))
    assert "worker.quarantine_limit" in gate.log.read_text()
