"""The watch of lag: a sample each interval, judged by the windows before it, and kept."""

import time

from kafka.errors import KafkaError

from credit_bus.logs import logger
from credit_bus.metrics.meter import Meter
from credit_bus.operations.lag.burrow import Status
from credit_bus.operations.lag.rollup import TopicLag, by_topic
from credit_bus.operations.lag.windows import Windows, moved
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.gauges import show_lag
from credit_bus_connectors.monitor.lag_reads import Readers
from credit_bus_connectors.monitor.lag_requests import requests_to
from credit_bus_connectors.monitor.lag_sampling import PREFIX, Sample, Sampler
from credit_bus_connectors.monitor.lag_store import LagStore
from credit_bus_connectors.monitor.process import Stop, Watch

SAMPLE_SECONDS = 10.0
PAUSE_SECONDS_MIN = 1.0  # a cluster that answers slowly is not asked without a pause
STATUS_CHANGED = "lag.status"

log = logger()


class LagWatch:
    """Samples a cluster and keeps what comes of it; the windows outlive a broker's absence."""

    def __init__(
        self,
        *,
        broker: str,
        store: LagStore,
        prefix: str = PREFIX,
        readers: Readers | None = None,
        interval_seconds: float = SAMPLE_SECONDS,
        meter: Meter | None = None,
    ) -> None:
        """Remember where; nothing is asked before `work`."""
        self._broker = broker
        self._store = store
        self._prefix = prefix
        self._readers = readers or Readers()
        self._interval_seconds = interval_seconds
        self._meter = meter or Meter()
        self._windows: Windows = {}
        self._statuses: dict[tuple[str, str], Status] = {}

    def work(self, stop: Stop) -> None:
        """Sample until asked to stop. Raises KafkaError and UnreachableError."""
        with requests_to(self._broker) as requests:
            sampler = Sampler(
                requests=requests,
                prefix=self._prefix,
                readers=self._readers,
                positions=self._store.positions,
            )
            while not stop.is_asked:
                begun = time.monotonic()
                self._keep(sampler.sample())
                stop.beat()
                left = begun + self._interval_seconds - time.monotonic()
                stop.wait(max(left, min(PAUSE_SECONDS_MIN, self._interval_seconds)))

    def _keep(self, sample: Sample) -> None:
        self._windows, states = moved(self._windows, sample.partitions, sample.unseen, at=sample.at)
        rows = by_topic(states, sample.at)
        self._tell(rows)
        self._store.keep(
            states, rows, at=sample.at, seconds=sample.seconds, requests=sample.requests
        )
        show_lag(self._meter, rows)

    def _tell(self, rows: tuple[TopicLag, ...]) -> None:
        """Say which status changed; a row that is new begins at OK."""
        for row in rows:
            before = self._statuses.get((row.group, row.topic), Status.OK)
            if before is not row.status:
                log.warning(
                    STATUS_CHANGED,
                    group=row.group,
                    topic=row.topic,
                    status=str(row.status),
                    before=str(before),
                    events=row.events,
                    lost=row.lost,
                    seconds_behind=row.seconds_behind,
                )
        self._statuses = {(row.group, row.topic): row.status for row in rows}


def lag_watch(
    broker: str, database: str, readers: Readers | None = None, meter: Meter | None = None
) -> Watch:
    """Return the watch of a cluster's lag, and of who must read there."""
    store = LagStore(Connections(database, connections_max=1))
    watching = LagWatch(broker=broker, store=store, readers=readers, meter=meter)
    return Watch(name="lag", work=watching.work, passing=(KafkaError,))
