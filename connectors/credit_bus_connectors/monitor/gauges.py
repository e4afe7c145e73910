"""What Prometheus is told of what the monitor sees and keeps.

Each gauge is shown whole at each look: a group, a fault or a duty that is no more is gone from it
at the next. What cannot be read keeps its last value, and the watch that reads it beats no more.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from credit_bus.domain.calendar import local_day
from credit_bus.domain.registry import Registry
from credit_bus.metrics import table
from credit_bus.metrics.meter import Meter
from credit_bus.operations.adding_up.differences import Fault
from credit_bus.operations.canaries import Canaries, canaries_of
from credit_bus.operations.lag.rollup import TopicLag
from credit_bus_connectors.monitor.canaries import read_canaries
from credit_bus_connectors.monitor.process import Stop, Watch
from credit_bus_connectors.monitor.trace_store import TraceStore
from credit_bus_connectors.platforms.pool import Pool

ALARMS_SECONDS = 10.0
DUTIES_SECONDS = 60.0  # adding up all open duties takes a second or so
TRIPS_SECONDS = 30.0
TRIPS_SPAN_MIN = timedelta(minutes=15)  # the last canaries are those of so long
TRIPS_ROUNDS_MIN = 3  # and of so many rounds

_OPEN_BY_FAULT = "SELECT fault, count(*) FROM operations.alarm WHERE cleared_at IS NULL GROUP BY 1"

Duties = Mapping[tuple[str, ...], int]  # by party and standing


def looking(
    name: str,
    look: Callable[[], None],
    *,
    every_seconds: float,
    passing: tuple[type[Exception], ...] = (),
) -> Watch:
    """Return a watch that looks each so many seconds."""

    def work(stop: Stop) -> None:
        while not stop.is_asked:
            look()
            stop.beat()
            stop.wait(every_seconds)

    return Watch(name=name, work=work, passing=passing)


def alarms_watch(connections: Pool, meter: Meter) -> Watch:
    """Return the watch that tells of open alarms, and up to when everything is read."""
    store = TraceStore(connections)

    def look() -> None:
        show_alarms(meter, _open_by_fault(connections))
        read_to = store.read_to()
        if read_to is not None:
            meter.set(table.READ_TO, read_to.timestamp())

    return looking("alarms", look, every_seconds=ALARMS_SECONDS)


def duties_watch(
    read: Callable[[], Duties], meter: Meter, *, passing: tuple[type[Exception], ...]
) -> Watch:
    """Return the watch that tells of legal time; `read` raises one of `passing` when it cannot."""
    return looking(
        "duties",
        lambda: meter.show(table.DUTIES, read()),
        every_seconds=DUTIES_SECONDS,
        passing=passing,
    )


def trips_watch(
    connections: Pool, registry: Registry, meter: Meter, *, canary_seconds: float
) -> Watch:
    """Return the watch that tells how the last canaries fare."""
    span = max(TRIPS_SPAN_MIN, TRIPS_ROUNDS_MIN * timedelta(seconds=canary_seconds))

    def look() -> None:
        now = datetime.now(UTC)
        found = read_canaries(connections, now - span)
        platforms = registry.platforms_on(local_day(now))
        show_trips(meter, canaries_of(found, platforms, now=now))

    return looking("trips", look, every_seconds=TRIPS_SECONDS)


def show_lag(meter: Meter, rows: Iterable[TopicLag]) -> None:
    """Tell of lag by group and topic; the rows that come first are the worst."""
    by: dict[tuple[str, ...], TopicLag] = {(row.group, row.topic): row for row in rows}
    seconds = {key: row.seconds_behind for key, row in by.items()}
    lost_in = {key: row.lost_in for key, row in by.items()}
    meter.show(table.LAG_EVENTS, {key: row.events for key, row in by.items()})
    meter.show(table.LAG_SECONDS, _known(seconds))
    meter.show(table.LAG_STATUS, {key: row.status.rank for key, row in by.items()})
    meter.show(table.LAG_LOST, {key: row.lost for key, row in by.items()})
    meter.show(table.LAG_LOST_IN, _known(lost_in))


def show_alarms(meter: Meter, open_by_fault: Mapping[str, int]) -> None:
    """Tell of open alarms: of each fault, how many; 0 of a fault that is nowhere."""
    none = {fault.value: 0 for fault in Fault}
    found = none | dict(open_by_fault)
    meter.show(table.ALARMS, {(fault,): number for fault, number in found.items()})


def show_trips(meter: Meter, found: Canaries) -> None:
    """Tell of canaries by platform: how many are missing, how long 99 % of the others took."""
    trips = {(trip.name,): trip for trip in found.platforms if trip.sent}
    meter.show(table.CANARIES_MISSING, {key: trip.missing for key, trip in trips.items()})
    meter.show(table.CANARY_TRIP, _known({key: trip.p99 for key, trip in trips.items()}))


def _open_by_fault(connections: Pool) -> dict[str, int]:
    with connections.transaction() as connection:
        return dict(connection.execute(_OPEN_BY_FAULT).fetchall())


def _known(values: Mapping[tuple[str, ...], float | None]) -> dict[tuple[str, ...], float]:
    """Return the values that are known: an unknown one has no series, and is no zero."""
    return {key: value for key, value in values.items() if value is not None}
