"""The monitor tells Prometheus what it sees and keeps, from a real bus and a real database."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from tests import samples
from tests.bus import Bus, flowing_bus
from tests.integration.monitor.rig import SETTLE_SECONDS_MAX, end_monitors, logged, wait
from tests.integration.monitor.test_follow_store import LATER, end_of, keep
from tests.integration.runtime.test_health import series
from tests.unit.operations.faults import FAULTS
from tests.unit.operations.histories import PLATFORMS, usual

from credit_bus.metrics import table
from credit_bus.metrics.meter import Meter
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.following_store import FollowStore
from credit_bus_connectors.monitor.gauges import alarms_watch, trips_watch
from credit_bus_connectors.monitor.process import Stop, Watch
from credit_bus_connectors.monitor.trace_store import TraceStore
from credit_bus_deploy import monitor as joined
from credit_bus_deploy import ports
from credit_bus_deploy.database import apply_database
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.standing import standing_at

DOUBLED = "L6: a commit failed, and the router does it all again"


def turn(watch: Watch) -> None:
    """Let the watch look once."""
    asked = threading.Event()
    watch.work(Stop(asked, beat=asked.set))


def test_an_alarm_is_told_while_it_is_open_and_no_longer(
    connections: Connections, provisioned: str
) -> None:
    meter, store = Meter(), FollowStore(connections, platforms=frozenset(PLATFORMS))
    watch = alarms_watch(connections, meter)
    turn(watch)
    assert 0 == meter.value(table.ALARMS, fault="doubled")
    assert meter.value(table.READ_TO) is None

    history = FAULTS[DOUBLED][0](usual(is_answered=False))
    keep(store, history)
    read_to = end_of(history) + LATER
    store.passed(read_to)
    turn(watch)
    kept = Counter(each.fault for each in TraceStore(connections).alarms())
    assert kept["doubled"] == meter.value(table.ALARMS, fault="doubled")
    assert read_to.timestamp() == meter.value(table.READ_TO)

    with psycopg.connect(provisioned) as connection:
        connection.execute("UPDATE operations.alarm SET cleared_at = now(), cleared_why = 'x'")
    turn(watch)
    assert 0 == meter.value(table.ALARMS, fault="doubled")


def test_duties_that_cannot_be_read_are_a_failure_that_passes(database: str) -> None:
    """No schema of casework: the watch says that it cannot see, and tries again."""
    with pytest.raises(InstallationError):
        joined.duties_in(database, samples.registry())()


def test_canaries_that_nobody_confirmed_are_told_to_be_missing(
    connections: Connections, provisioned: str
) -> None:
    registry, meter = samples.registry(), Meter()
    sent = 3
    with psycopg.connect(provisioned) as connection:
        for number in range(sent):
            connection.execute(
                "INSERT INTO operations.hop (topic, partition, log_offset, name, kind, type,"
                " source, at, digest, revision, rule, codes) VALUES ('credit.outbox.tax', 0, %s,"
                " %s, 1, 'canary.sent', 'tax', now() - interval '2 minutes', '', 0, '', '{}')",
                [number, number.to_bytes(16)],
            )
    turn(trips_watch(connections, registry, meter, canary_seconds=60.0))

    assert sent == meter.value(table.CANARIES_MISSING, party="district-platform")


@pytest.fixture
def bus() -> Iterator[Bus]:
    with flowing_bus() as running:
        yield running
        end_monitors(running)


def test_a_monitor_beside_a_bus_tells_lag_and_how_far_it_has_read(bus: Bus, database: str) -> None:
    apply_database(database)
    port = ports.free_port()
    given = ("--broker", bus.broker, "--database", database, "--health-port", str(port))
    bus.run_alone("monitor", "monitor", *given)
    event = samples.penalty(900)
    bus.say([samples.message(event)])
    logged(bus, event.id)

    def value(metric: Any, *labels: str) -> float:
        return series(port).get((metric.name, *labels), -1.0)

    def eventually(holds: Callable[[], bool]) -> None:
        wait(holds, SETTLE_SECONDS_MAX, bus)

    eventually(lambda: standing_at(port).is_ready is True)
    eventually(lambda: time.time() - value(table.READ_TO) < 10)
    gate = ("credit-bus.gate", f"credit.outbox.{event.source}")
    eventually(lambda: value(table.LAG_EVENTS, *gate) == 0)
    assert 0 == value(table.LAG_STATUS, *gate) == value(table.LAG_LOST, *gate)
    assert 0 == value(table.ALARMS, "doubled")
    for watch in ("lag", "follow", "alarms", "duties"):
        assert time.time() - value(table.WATCH_BEAT, watch) < 120
    next(each for each in bus.workers if each.stage == "gate").kill()
    bus.say([samples.message(samples.penalty(901))])
    eventually(lambda: value(table.LAG_EVENTS, *gate) == 1)
    assert value(table.LAG_SECONDS, *gate) > 0
