"""The worker's log lines: one a transaction, event names from this table, no personal data."""

from credit_bus.logs import configure_logs, logger, told_of

__all__ = ["configure_logs", "logger", "told_of"]

BATCH_COMMITTED = "batch.committed"
LANES_STARTED = "lanes.started"
LANES_STOPPED = "lanes.stopped"
WORKER_STARTED = "worker.started"
WORKER_STOPPED = "worker.stopped"
WORKER_FAILED = "worker.failed"
WORKER_STUCK = "worker.stuck"
WATCHDOG_BLIND = "watchdog.blind"
CASEWORK_TICKED = "casework.ticked"
DATABASE_AWAY = "database.away"
RELAY_STARTED = "relay.started"
RELAY_WAITS = "relay.waits"
RELAY_PUBLISHED = "relay.published"
RELAY_FORGOT = "relay.forgot"
RELAY_STOPPED = "relay.stopped"
RELAY_FAILED = "relay.failed"
QUARANTINE_LIMIT = "worker.quarantine_limit"
