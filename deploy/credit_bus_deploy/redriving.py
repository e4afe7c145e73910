"""Opens what looks at the quarantine of an installation, and sends from it, for an operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.registry import Registry
from credit_bus.operations.quarantine.rejudged import Bench
from credit_bus_connectors.console.database import Connections
from credit_bus_connectors.console.operators import ROLES, Act, Hindrance, hindrance, is_operator
from credit_bus_connectors.departments.desk.access import FAILED_MAX, LOCKED_FOR, Account
from credit_bus_connectors.departments.desk.accounts import Accounts
from credit_bus_connectors.monitor.quarantine_store import QuarantineStore
from credit_bus_connectors.monitor.redrive_store import RedriveStore
from credit_bus_connectors.monitor.redriving import RedriveError, Redriving
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.kept import opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """The quarantine of an installation, and who may do something about it."""

    redriving: Redriving
    connections: Connections

    def log_in(
        self, name: str, password: str, act: Act, *, now: datetime, proposed_by: str | None = None
    ) -> Account:
        """Return the operator's account, by the rules of the console.

        An attempt counts as one there. Raises InstallationError for who may not do it.
        """
        accounts = Accounts(self.connections)
        secret = accounts.log_in(name, password, now=now)
        account = None if secret is None else accounts.session(secret, now=now)
        if secret is not None:
            accounts.log_out(secret)
        if account is None or not is_operator(account, self.redriving.bench.registry):
            raise InstallationError(
                f"{name} is no account of the hub, is disabled or locked, or its password is"
                f" another: see `credit-bus desk-users list`; {FAILED_MAX} wrong passwords lock an"
                f" account for {LOCKED_FOR.seconds // 60} minutes"
            )
        match hindrance(account, act, proposed_by=proposed_by):
            case Hindrance.ROLE:
                roles = " or ".join(ROLES[act])
                raise InstallationError(f"{name} may not {act.value}: that needs the role {roles}")
            case Hindrance.OWN:
                raise InstallationError(f"{name} proposed it: another person must approve it")
            case None:
                return account


@contextmanager
def open_redriving(database: str, broker: str | None, registry: Registry) -> Iterator[Operation]:
    """Yield what looks at the quarantine of an installation. Raises InstallationError.

    It acts as the console does, so that both have the same rights.
    """
    bench = Bench(codec=Codec(load_catalogue()), registry=registry)
    with opened(Connections(database, connections_max=1)) as connections:
        redriving = Redriving(
            store=QuarantineStore(connections),
            redrives=RedriveStore(connections),
            bench=bench,
            broker=broker,
        )
        try:
            yield Operation(redriving=redriving, connections=connections)
        except RedriveError as error:
            raise InstallationError(str(error)) from error
