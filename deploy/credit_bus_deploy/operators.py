"""Who acts at the command line: an account of the hub, by the rules of the console."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from credit_bus.domain.registry import Registry
from credit_bus_connectors.console.database import Connections
from credit_bus_connectors.console.operators import ROLES, Act, Hindrance, hindrance, is_operator
from credit_bus_connectors.departments.desk.access import FAILED_MAX, LOCKED_FOR, Account
from credit_bus_connectors.departments.desk.accounts import Accounts
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.kept import opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Operators:
    """The accounts of an installation, and the registry that says whose they are."""

    connections: Connections
    registry: Registry

    def log_in(
        self, name: str, password: str, act: Act, *, now: datetime, proposed_by: str | None = None
    ) -> Account:
        """Return the operator's account.

        An attempt counts as one at the console. Raises InstallationError for who may not do it.
        """
        accounts = Accounts(self.connections)
        secret = accounts.log_in(name, password, now=now)
        account = None if secret is None else accounts.session(secret, now=now)
        if secret is not None:
            accounts.log_out(secret)
        if account is None or not is_operator(account, self.registry):
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
def operators_of(database: str, registry: Registry) -> Iterator[Operators]:
    """Yield the accounts, over connections of the console. Raises InstallationError."""
    with opened(Connections(database, connections_max=1)) as connections:
        yield Operators(connections=connections, registry=registry)
