"""A running bus with the monitor beside it, and patience."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from tests import samples
from tests.bus import Bus

from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox
from credit_bus.operations.scan import Seen
from credit_bus_connectors.monitor.trace_store import TraceStore

SETTLE_SECONDS_MAX = 90.0
POLL_SECONDS = 0.5
DISTRICT = inbox("district-platform")


def awake(bus: Bus) -> None:
    """Wait until the gate judges: what it refuses for its time must come in time."""
    body = samples.penalty_body(violation="")
    bus.say([samples.message(samples.said("penalty.decided", body, party="transport"))])
    bus.read_until([QUARANTINE], bool)


def monitor(bus: Bus, database: str) -> None:
    """Start the monitor's process."""
    bus.run_alone("monitor", "monitor", "--broker", bus.broker, "--database", database)


def end_monitors(bus: Bus) -> None:
    """End every monitor of the bus without a word."""
    for each in [worker for worker in bus.workers if worker.stage == "monitor"]:
        each.kill()
        bus.workers.remove(each)


def wait(until: Callable[[], bool], seconds: float, bus: Bus) -> float:
    """Wait until it holds; return how long that took."""
    began = time.monotonic()
    while not until():
        told = bus.workers[-1].log.read_text()[-3000:]
        assert time.monotonic() - began < seconds, told
        time.sleep(POLL_SECONDS)
    return time.monotonic() - began


def followed(bus: Bus, store: TraceStore) -> None:
    """Wait until the monitor has read what the topics hold now."""
    now = datetime.now(UTC)

    def is_past() -> bool:
        found = store.followed()
        return found is not None and found.read_to is not None and found.read_to > now

    wait(is_past, SETTLE_SECONDS_MAX, bus)


def logged(bus: Bus, *event_ids: str) -> list[Seen]:
    """Return the log and the district platform's inbox once these events stand there."""
    wanted = set(event_ids)

    def is_there(seen: list[Seen]) -> bool:
        return wanted <= {each.text("ce_id") for each in seen if each.topic == DISTRICT}

    return bus.read_until([RECORDS, DISTRICT], is_there)
