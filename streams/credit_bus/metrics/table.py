"""Every metric of every process: name, kind, unit, labels, meaning. A new one is a row here.

Names are `credit_bus_<what>_<unit>`; a counter's ends in `_total`. What is measured is measured
once a batch or a request, never once an event. Pure.
"""

from dataclasses import dataclass
from enum import StrEnum

PREFIX = "credit_bus_"

# Up to the bound of a Kafka transaction: a batch that takes longer ends its process.
BATCH_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)


class Kind(StrEnum):
    """What can be done with a metric."""

    COUNTER = "counter"  # only grows, until the process begins anew
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A row of the table."""

    name: str
    kind: Kind
    unit: str
    labels: tuple[str, ...]
    meaning: str
    buckets: tuple[float, ...] = ()

    @property
    def series(self) -> frozenset[str]:
        """The names under which Prometheus keeps it."""
        if self.kind is Kind.HISTOGRAM:
            return frozenset(self.name + end for end in ("_bucket", "_sum", "_count"))
        return frozenset({self.name})


def _counter(name: str, unit: str, labels: tuple[str, ...], meaning: str) -> Metric:
    return Metric(
        name=f"{PREFIX}{name}_total",
        kind=Kind.COUNTER,
        unit=unit,
        labels=labels,
        meaning=meaning,
    )


def _gauge(name: str, unit: str, labels: tuple[str, ...], meaning: str) -> Metric:
    return Metric(name=PREFIX + name, kind=Kind.GAUGE, unit=unit, labels=labels, meaning=meaning)


def _seconds(
    name: str, labels: tuple[str, ...], meaning: str, buckets: tuple[float, ...] = BATCH_BUCKETS
) -> Metric:
    return Metric(
        name=f"{PREFIX}{name}_seconds",
        kind=Kind.HISTOGRAM,
        unit="seconds",
        labels=labels,
        meaning=meaning,
        buckets=buckets,
    )


READY = _gauge("ready", "1 or 0", (), "whether the process can do its work now")
ALIVE = _gauge("alive", "1 or 0", (), "whether the process's loops have moved within their bounds")

BATCH = _seconds("batch", ("stage",), "from a batch's begin to the end of its commit")
COMMIT = _seconds("commit", ("stage",), "the Kafka transaction of a batch by itself")
DATABASE = _seconds("database", ("stage",), "the database transaction of a lane's batch")
EVENTS_READ = _counter("events_read", "events", ("stage",), "events of committed batches")
EVENTS_WRITTEN = _counter(
    "events_written", "events", ("stage", "kind"), "events that committed batches wrote, by topic"
)
JUDGED = _counter(
    "events_judged",
    "events",
    ("party", "verdict"),
    "events that the gate judged, by their sender; no canaries",
)
REFUSALS = _counter(
    "refusals", "reasons", ("stage", "code"), "reasons of refusals; an event may have several"
)
LAST_COMMIT = _gauge(
    "last_commit_timestamp_seconds", "seconds", ("stage",), "when the last batch was committed"
)
LANES = _gauge("lanes_held", "lanes", ("stage",), "lanes that the process holds now")
DUE_ROWS = _counter("due_rows", "rows", (), "rows of casework that the clock looked at")

RELAY_WAITING = _gauge(
    "relay_waiting_events", "events", (), "what casework said and the relay has not published"
)

DELIVERIES = _counter(
    "deliveries",
    "events",
    ("party", "result"),
    "events put before a platform, by its answer; no canaries",
)
DELIVERY = _seconds("delivery", ("party",), "a batch before a platform, until its answers are said")
PARKED = _gauge("parked_events", "events", ("party",), "events that wait to be tried again")
PARKED_SUBJECTS = _gauge("parked_subjects", "subjects", ("party",), "subjects that wait in order")
PLATFORM_UP = _gauge("platform_up", "1 or 0", ("party",), "whether the platform answered last time")
REFUSED_LATE = _counter(
    "late_refusals", "events", ("party",), "what a platform refused after it had confirmed it"
)

UNSAID = _gauge(
    "desk_unsaid_events", "events", ("party",), "what a party's officials said and the bus has not"
)

ENQUIRIES = _counter("enquiries", "enquiries", ("way", "outcome"), "enquiries taken up")

FILES = _counter("files", "files", ("party",), "files of departments answered")
ROWS = _counter("rows", "rows", ("party", "answer"), "rows of files and outbox tables answered")
TABLE_BATCH = _seconds("table_batch", ("party",), "a batch of a department's outbox table")

REQUESTS = _counter(
    "http_requests", "requests", ("route", "method", "status"), "requests answered over HTTP"
)
REQUEST = _seconds("http_request", ("route",), "from a request to its answer", REQUEST_BUCKETS)

WATCH_BEAT = _gauge(
    "watch_beat_timestamp_seconds", "seconds", ("watch",), "when a watch last ended a pass"
)
WATCH_FAILURES = _counter(
    "watch_failures", "times", ("watch",), "times a watch found broker or database away"
)

LAG_EVENTS = _gauge("lag_events", "events", ("group", "topic"), "what a group has still to read")
LAG_SECONDS = _gauge(
    "lag_seconds", "seconds", ("group", "topic"), "age of the first event that waits; not guessed"
)
LAG_STATUS = _gauge(
    "lag_status",
    "0 OK, 1 WARN, 2 UNKNOWN, 3 STALL, 4 STOP, 5 REWIND, 6 ERR",
    ("group", "topic"),
    "how the group does, by Burrow's rules: its worst partition",
)
LAG_LOST = _gauge(
    "lag_lost_events", "events", ("group", "topic"), "what retention deleted before it was read"
)
LAG_LOST_IN = _gauge(
    "lag_lost_in_seconds",
    "seconds",
    ("group", "topic"),
    "time until retention may delete the first event that waits; no series where it never may",
)
READ_TO = _gauge(
    "read_to_timestamp_seconds", "seconds", (), "the independent reader read all topics up to then"
)
ALARMS = _gauge("open_alarms", "alarms", ("fault",), "what does not add up, and is not closed")
DUTIES = _gauge("duties", "duties", ("party", "standing"), "what parties owe by law, not yet done")
CANARIES_MISSING = _gauge(
    "canaries_missing", "canaries", ("party",), "not back from a platform in time, of the last ones"
)
CANARY_TRIP = _gauge(
    "canary_trip_seconds", "seconds", ("party",), "to a platform's answer in the log, 99 % of them"
)

PROCESS_UP = _gauge("process_up", "1 or 0", ("process",), "whether a supervised process runs")
PROCESS_RESTARTS = _gauge(
    "process_restarts", "times", ("process",), "times it was started again since `up` began"
)
PROCESS_EXIT_CODE = _gauge(
    "process_exit_code", "code", ("process",), "code of the last end that nobody asked for"
)

METRICS: tuple[Metric, ...] = tuple(
    each for name, each in sorted(globals().items()) if name.isupper() and isinstance(each, Metric)
)

# prometheus-client's own, on Linux; dashboards may use them.
LIBRARY_SERIES = frozenset(
    {
        "process_cpu_seconds_total",
        "process_resident_memory_bytes",
        "process_virtual_memory_bytes",
        "process_open_fds",
        "process_max_fds",
        "process_start_time_seconds",
    }
)
