"""Opens what looks at the quarantine of an installation, and sends from it, for an operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.registry import Registry
from credit_bus.operations.quarantine.rejudged import Bench
from credit_bus_connectors.monitor.quarantine_store import QuarantineStore
from credit_bus_connectors.monitor.redrive_store import RedriveStore
from credit_bus_connectors.monitor.redriving import RedriveError, Redriving
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.operators import Operators, operators_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """The quarantine of an installation, and who may do something about it."""

    redriving: Redriving
    operators: Operators


@contextmanager
def open_redriving(database: str, broker: str | None, registry: Registry) -> Iterator[Operation]:
    """Yield what looks at the quarantine of an installation. Raises InstallationError.

    It acts as the console does, so that both have the same rights.
    """
    bench = Bench(codec=Codec(load_catalogue()), registry=registry)
    with operators_of(database, registry) as operators:
        redriving = Redriving(
            store=QuarantineStore(operators.connections),
            redrives=RedriveStore(operators.connections),
            bench=bench,
            broker=broker,
        )
        try:
            yield Operation(redriving=redriving, operators=operators)
        except RedriveError as error:
            raise InstallationError(str(error)) from error
