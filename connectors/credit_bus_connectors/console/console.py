"""The console as a whole: who may use it, and its pages.

    console = Console(settings, registry=registry, sources=...)
    create_app(parts=[Part(router=console.router())], sessions=settings.sessions, ...)

Operators have accounts of the hub, made where those of departments are. An operator looks; a clerk
of the hub proposes to put something right, a reviewer of it who is somebody else approves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import APIRouter

from credit_bus.contracts.codec import Codec
from credit_bus.domain.registry import Registry
from credit_bus.operations.canaries import Canaries, canaries_of
from credit_bus.operations.quarantine.rejudged import Bench
from credit_bus_connectors.console.database import Connections
from credit_bus_connectors.console.operators import is_operator
from credit_bus_connectors.console.pages import HEADERS, Legal, Sources, add_pages
from credit_bus_connectors.console.quarantine_pages import add_quarantine
from credit_bus_connectors.console.redrive_pages import add_redrives
from credit_bus_connectors.console.sources import LagSource, LegalSource
from credit_bus_connectors.console.way_pages import add_ways
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.desk import desk
from credit_bus_connectors.departments.desk.access import Account, Role
from credit_bus_connectors.departments.desk.account_pages import add_accounts
from credit_bus_connectors.departments.desk.accounts import Accounts
from credit_bus_connectors.departments.desk.login import add_login
from credit_bus_connectors.departments.desk.visits import Front, Pages
from credit_bus_connectors.monitor.canaries import read_canaries
from credit_bus_connectors.monitor.lag_store import LagStore
from credit_bus_connectors.monitor.quarantine_store import QuarantineStore
from credit_bus_connectors.monitor.redrive_store import RedriveStore
from credit_bus_connectors.monitor.redriving import Redriving
from credit_bus_connectors.monitor.trace_store import TraceStore
from credit_bus_connectors.web.pages import environment
from credit_bus_connectors.web.sessions import SessionSettings

TEMPLATES = Path(__file__).with_name("templates")
COOKIE = "credit-bus-console"
CANARIES_WITHIN = timedelta(hours=1)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleSettings:
    """Where a console's collaborators are."""

    database: str
    broker: str
    sessions: SessionSettings
    now: Callable[[], datetime] = _now


class Console:
    """The console of the operators. Close it at the end."""

    def __init__(
        self, settings: ConsoleSettings, *, registry: Registry, codec: Codec, legal: Legal
    ) -> None:
        """Remember how to connect; the first request connects.

        `legal` reads legal time, None where it cannot be read now.
        """
        self._settings = settings
        self._registry = registry
        self._legal = LegalSource(legal)
        self.connections = Connections(settings.database)
        self._lag = LagSource(LagStore(self.connections))
        self._traces = TraceStore(self.connections)
        self._redriving = Redriving(
            store=QuarantineStore(self.connections),
            redrives=RedriveStore(self.connections),
            bench=Bench(codec=codec, registry=registry),
            broker=settings.broker,
        )
        self.accounts = Accounts(self.connections)

    def close(self) -> None:
        """Let go of the database."""
        self.connections.close()

    def is_readable(self) -> bool:
        """Return whether the console could show anything now."""
        try:
            self._lag.now()
        except UnreachableError:
            return False
        return True

    def _canaries(self, now: datetime) -> Canaries:
        found = read_canaries(self.connections, now - CANARIES_WITHIN)
        return canaries_of(found, self._registry.platforms, now=now)

    def router(self) -> APIRouter:
        """Return the routes of all pages."""
        front = Front(
            registry=self._registry,
            accounts=self.accounts,
            sessions=self._settings.sessions,
            templates=environment(TEMPLATES, desk.TEMPLATES),
            now=self._settings.now,
            home="/",
            pages=_pages,
            allows=is_operator,
            headers=HEADERS,
        )
        router = APIRouter()
        add_login(router, front)
        sources = Sources(
            lag=self._lag.now,
            curve=self._lag.curve,
            legal=self._legal.on,
            refused=self._redriving.store.counts,
            parked=self._traces.parked,
            alarms=self._traces.open_alarms,
            read_to=self._traces.read_to,
            canaries=self._canaries,
        )
        add_pages(router, front, sources=sources)
        add_ways(router, front, traces=self._traces)
        add_quarantine(router, front, redriving=self._redriving)
        add_redrives(router, front, redriving=self._redriving)
        add_accounts(router, front)
        return router


def _pages(account: Account, _registry: Registry) -> Pages:
    found = [
        ("/", "总览"),
        ("/groups", "积压"),
        ("/due", "办理期限"),
        ("/alarms", "告警"),
        ("/quarantine", "退回"),
        ("/trace", "追踪"),
    ]
    if account.may(Role.ADMINISTRATOR):
        found.append(("/accounts", "账号"))
    return found
