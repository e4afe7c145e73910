"""The outbox adapter as a process: sessions one after another, with pauses while something is away.

Knows signals, clocks and back-off; the work is `session.py`.
"""

import threading
from importlib.resources import files
from pathlib import Path
from time import monotonic

import psycopg
import structlog
from kafka.errors import KafkaError

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.failures import (
    NotPublishedError,
    UnansweredError,
    UncertainError,
)
from credit_bus_connectors.departments.json_form.statement import shapes_of
from credit_bus_connectors.departments.stopping import until_told
from credit_bus_connectors.departments.table.reading import Settings
from credit_bus_connectors.departments.table.session import Session

PAUSE_SECONDS_FIRST = 0.5  # doubles with each attempt
PAUSE_SECONDS_MAX = 30.0
ONCE_WAIT_SECONDS_MAX = 60.0  # `once` ends this long after the last thing that happened
WHY_CHARACTERS_MAX = 300
LOOP, SESSION = "loop", "session"  # what its health is told by
TURN_SECONDS_MAX = 240.0  # longer than a session may wait for a broker that is away

log = structlog.get_logger()

# What passes, or what a new session reports in full: somebody changed the tables or the rights.
_TROUBLE = (
    UnreachableError,
    NotPublishedError,
    UncertainError,
    KafkaError,
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.InvalidSchemaName,
)


def table_ddl() -> str:
    """Return the SQL that makes the outbox in a department's database."""
    package = "credit_bus_connectors.departments.table"
    return files(package).joinpath("outbox.sql").read_text("utf-8")


def run_table(
    *,
    party: str,
    source_database: str,
    broker: str,
    database: str,
    registry_folder: Path,
    secret: bytes,
    once: bool = False,
    vitals: Vitals | None = None,
) -> None:
    """Say what stands in the party's outbox and answer each row, until SIGTERM or SIGINT.

    With `once`, until every row is answered; raises UnansweredError, or what stood in the way,
    when nothing happened for `ONCE_WAIT_SECONDS_MAX`. Raises ValueError for a party that the
    registry does not have, WrongTableError for a database without the outbox and the rights, and
    FencedError when another adapter took over.
    """
    if party not in load_registry(registry_folder).parties:
        raise ValueError(f"{party} is no party of the registry {registry_folder}; use its code")
    catalogue = load_catalogue()
    settings = Settings(
        party=party,
        source_database=source_database,
        broker=broker,
        database=database,
        secret=secret,
        codec=Codec(catalogue),
        shapes=shapes_of(catalogue),
    )
    with until_told() as stop:
        _sessions(settings, stop, vitals or Vitals(), once=once)


def _sessions(settings: Settings, stop: threading.Event, vitals: Vitals, *, once: bool) -> None:
    vitals.health.expect_loop(LOOP, TURN_SECONDS_MAX)
    vitals.health.expect_reach(SESSION)  # both databases and the broker
    pause = PAUSE_SECONDS_FIRST
    moved_at = monotonic()
    while not stop.is_set():
        vitals.health.beat(LOOP)
        try:
            with Session(settings, vitals.meter) as session:
                log.info("table.started", party=settings.party)
                while not stop.is_set():
                    vitals.health.beat(LOOP)
                    vitals.health.beat(SESSION)
                    if session.turn():
                        moved_at = monotonic()
                    pause = PAUSE_SECONDS_FIRST
                    if once and _is_done(session, settings, moved_at):
                        return
        except _TROUBLE as error:
            if once and monotonic() - moved_at > ONCE_WAIT_SECONDS_MAX:
                raise
            why = str(error)[:WHY_CHARACTERS_MAX] if _is_ours(error) else type(error).__name__
            log.warning("table.paused", party=settings.party, seconds=pause, why=why)
            stop.wait(pause)
            pause = min(pause * 2, PAUSE_SECONDS_MAX)
    log.info("table.stopped", party=settings.party)


def _is_done(session: Session, settings: Settings, moved_at: float) -> bool:
    """Return whether every row has its answer. Raises UnansweredError after too long a silence."""
    waiting = session.still_pending()
    if session.is_read and not waiting:
        return True
    if monotonic() - moved_at > ONCE_WAIT_SECONDS_MAX:
        raise UnansweredError(settings.party, tuple(waiting), ONCE_WAIT_SECONDS_MAX)
    return False


def _is_ours(error: Exception) -> bool:
    """Return whether the error's text is our own: a library's may tell what a row holds."""
    return isinstance(error, UnreachableError | NotPublishedError | UncertainError)
