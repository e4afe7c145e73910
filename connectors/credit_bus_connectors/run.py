"""A connector as a process: the platform's sink, built by a table, and the pump that drives it.

Knows which platform has which sink, and how a connector ends: 0 when asked to, else with a code and
one line in the log. Log lines hold counts, codes, topics and positions; never a body, a key, a
name, or the text of an error that a database or a library wrote about a row.
"""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.calendar import local_day
from credit_bus.domain.event_types import DELIVERY_CONFIRMED, DELIVERY_REFUSED
from credit_bus.domain.registry import Registry, Role
from credit_bus.logs import configure_logs, logger, told_of
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.contract import Sink
from credit_bus_connectors.ending import EXIT_UNFORESEEN
from credit_bus_connectors.kafka_ends import KafkaEnds, UnreadableRecordError
from credit_bus_connectors.keys import PostgresKeyStore
from credit_bus_connectors.platforms.district import DistrictSink
from credit_bus_connectors.platforms.municipal import MunicipalSink
from credit_bus_connectors.platforms.provincial import ProvincialSink
from credit_bus_connectors.platforms.public_site import PublicSiteSink
from credit_bus_connectors.pump import Pump

EXIT_UNREADABLE = 65  # the inbox holds what our own release cannot read
BROKER = "broker"  # what its health is told by

CONNECTOR_STARTED = "connector.started"
CONNECTOR_STOPPED = "connector.stopped"
CONNECTOR_FAILED = "connector.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a sink may need."""

    database: str
    endpoint: str | None
    secret: bytes

    def connect_keys(self) -> PostgresKeyStore:
        """Return a key store that is connected anew."""
        return PostgresKeyStore(self.database, secret=self.secret)


def _district(settings: Settings) -> Sink:
    return DistrictSink(settings.database)


def _municipal(settings: Settings) -> Sink:
    if settings.endpoint is None:
        raise ValueError("the municipal platform's connector needs an endpoint, http://HOST:PORT")
    return MunicipalSink(settings.endpoint, connect_keys=settings.connect_keys)


def _provincial(settings: Settings) -> Sink:
    return ProvincialSink(settings.database, connect_keys=settings.connect_keys)


def _public_site(settings: Settings) -> Sink:
    return PublicSiteSink(settings.database)


SINKS: Mapping[str, Callable[[Settings], Sink]] = MappingProxyType(
    {
        "district-platform": _district,
        "municipal-platform": _municipal,
        "provincial-platform": _provincial,
        "public-site": _public_site,
    }
)


def run_connector(
    *,
    party: str,
    broker: str,
    database: str,
    registry_folder: Path,
    endpoint: str | None,
    log_level: str,
    secret: bytes,
    instance: str = "1",
    vitals: Vitals | None = None,
) -> None:
    """Carry what the bus has for this platform to it, until SIGTERM or SIGINT.

    Returns when asked to stop, between two batches. Anything unforeseen ends the process with a
    code, so that a supervisor starts it anew: SystemExit. ValueError for a party that has no sink
    or no right to confirm. Two processes of one platform need two instance names.
    """
    _check_party(party, load_registry(registry_folder), local_day(datetime.now(UTC)))
    configure_logs(log_level)
    log = logger(platform=party, instance=instance)
    vitals = vitals or Vitals()
    sink = SINKS[party](Settings(database=database, endpoint=endpoint, secret=secret))
    stopping = _stop_on_signals()
    vitals.health.expect_reach(BROKER)  # until there is a pump
    try:
        codec = Codec(load_catalogue())
        ends = KafkaEnds(platform=party, broker=broker, codec=codec, log=log, instance=instance)
        vitals.health.expect_that(BROKER, lambda: ends.is_member)
        pump = Pump(
            platform=party,
            sink=sink,
            ends=ends,
            clock=lambda: datetime.now(UTC),
            log=log,
            vitals=vitals,
        )
        log.info(CONNECTOR_STARTED)
        pump.run(stopping)
        ends.close()
    except UnreadableRecordError as error:
        log.error(CONNECTOR_FAILED, exit_code=EXIT_UNREADABLE, error=str(error))
        raise SystemExit(EXIT_UNREADABLE) from None
    except Exception as error:  # noqa: BLE001 - the outermost loop of a connector
        log.error(CONNECTOR_FAILED, exit_code=EXIT_UNFORESEEN, **told_of(error))
        raise SystemExit(EXIT_UNFORESEEN) from None
    finally:
        sink.close()
    log.info(CONNECTOR_STOPPED)


def _check_party(party: str, registry: Registry, today: date) -> None:
    known = registry.parties.get(party)
    if party not in SINKS or known is None or known.role is not Role.PLATFORM:
        raise ValueError(
            f"{party!r} is no platform with a connector; use one of {', '.join(SINKS)},"
            " as the registry names them"
        )
    missing = {DELIVERY_CONFIRMED, DELIVERY_REFUSED} - known.publishes
    if missing or not known.exists_on(today):
        raise ValueError(
            f"{party} must exist today and publish {DELIVERY_CONFIRMED} and {DELIVERY_REFUSED};"
            " correct the registry"
        )


def _stop_on_signals() -> Callable[[], bool]:
    """Return a function that tells whether SIGTERM or SIGINT came."""
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: asked.append(received))
    return lambda: bool(asked)
