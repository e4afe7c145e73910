"""The desk as a whole: its threads beside its pages.

with Desk(settings, registry=registry, catalogue=load_catalogue()) as desk:
    create_app(parts=[Part(router=desk.router())], sessions=settings.sessions, ...)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fastapi import APIRouter

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import SchemaCatalogue
from credit_bus.domain.event_types import ACTION_INITIATED, OBJECTION_RAISED
from credit_bus.domain.registry import Registry
from credit_bus.domain.registry import Role as PartyRole
from credit_bus.metrics.meter import Meter
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.desk.access import Account, Role
from credit_bus_connectors.departments.desk.account_pages import add_accounts
from credit_bus_connectors.departments.desk.accounts import Accounts
from credit_bus_connectors.departments.desk.database import Connections
from credit_bus_connectors.departments.desk.draft_pages import add_initiations
from credit_bus_connectors.departments.desk.draft_store import Drafts
from credit_bus_connectors.departments.desk.follower import Follower
from credit_bus_connectors.departments.desk.identities import Identities
from credit_bus_connectors.departments.desk.login import add_login
from credit_bus_connectors.departments.desk.overview import Overview
from credit_bus_connectors.departments.desk.overview_pages import add_overview
from credit_bus_connectors.departments.desk.petition_store import Requests
from credit_bus_connectors.departments.desk.publisher import Publisher
from credit_bus_connectors.departments.desk.request_pages import add_requests
from credit_bus_connectors.departments.desk.store import Store
from credit_bus_connectors.departments.desk.task_pages import add_tasks
from credit_bus_connectors.departments.desk.visits import Front, Pages
from credit_bus_connectors.platforms.postgres import WrongSchemaError
from credit_bus_connectors.web.pages import environment
from credit_bus_connectors.web.sessions import SessionSettings

TEMPLATES = Path(__file__).with_name("templates")
COOKIE = "credit-bus-desk"


def _now() -> datetime:
    return datetime.now(UTC)


def _allows(account: Account, registry: Registry) -> bool:
    """A department that left the registry has nobody who could speak for it."""
    return _is_department(account.party, registry)


def _is_department(code: str, registry: Registry) -> bool:
    """Operators have accounts of the hub, for which nobody speaks here."""
    party = registry.parties.get(code)
    return party is not None and party.role is PartyRole.DEPARTMENT


def _pages(account: Account, registry: Registry) -> Pages:
    found = [("/tasks", "办件"), ("/notices", "通知"), ("/said", "报送")]
    publishes = registry.parties[account.party].publishes
    if OBJECTION_RAISED in publishes:
        found.insert(1, ("/requests", "申请"))
    if ACTION_INITIATED in publishes:
        found.insert(1, ("/initiations", "发起"))
    if account.may(Role.ADMINISTRATOR):
        found.append(("/accounts", "账号"))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """Where a desk's collaborators are. One process of an instance speaks for a party at a time."""

    broker: str
    database: str
    sessions: SessionSettings
    secret: bytes = field(repr=False)  # the district's, that identity numbers are sealed under
    instance: str = "desk"
    now: Callable[[], datetime] = _now
    security: Mapping[str, Any] = field(default_factory=dict, repr=False)


class Desk:
    """The desk of the departments that have accounts. A context manager."""

    def __init__(
        self,
        settings: DeskSettings,
        *,
        registry: Registry,
        catalogue: SchemaCatalogue,
        meter: Meter | None = None,
    ) -> None:
        """Remember how to connect; nothing is opened before it is entered."""
        self._settings = settings
        self._registry = registry
        self._codec = Codec(catalogue)
        self._connections = Connections(settings.database)
        self.accounts = Accounts(self._connections)
        self.overview = Overview(self._connections)
        self.drafts = Drafts(self._connections)
        self.requests = Requests(self._connections)
        self.identities = Identities(settings.database, secret=settings.secret)
        self.store = Store(self._connections, registry)
        self.publisher = Publisher(self.store, self._connect, now=settings.now, meter=meter)
        self.follower = Follower(
            {
                "bootstrap_servers": settings.broker,
                "client_id": f"desk-{settings.instance}",
                **settings.security,
            },
            codec=self._codec,
            store=self.store,
            parties=self._parties,
            forget=self._forget,
        )

    def __enter__(self) -> Self:
        """Begin to read and to say what a former process left. Raises WrongSchemaError.

        A database that is away is waited for: pages say so meanwhile.
        """
        try:
            with self._connections.transaction():
                """A connection as a role looks at the schema's version."""
        except WrongSchemaError:
            raise
        except UnreachableError:
            pass
        self.follower.start()
        self.publisher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of everything; what is not said is said by the next process."""
        self.follower.stop()
        self.publisher.stop()
        self.identities.close()
        self._connections.close()

    def router(self) -> APIRouter:
        """Return the routes of all pages."""
        templates = environment(TEMPLATES)
        front = Front(
            registry=self._registry,
            accounts=self.accounts,
            sessions=self._settings.sessions,
            templates=templates,
            now=self._settings.now,
            home="/tasks",
            pages=_pages,
            allows=_allows,
        )
        router = APIRouter()
        add_login(router, front)
        publisher, codec, seal = self.publisher, self._codec, self.identities.seal
        add_tasks(router, front, store=self.store, publisher=publisher, codec=codec)
        add_initiations(
            router, front, drafts=self.drafts, publisher=publisher, codec=codec, seal=seal
        )
        add_requests(
            router, front, requests=self.requests, publisher=publisher, codec=codec, seal=seal
        )
        add_overview(router, front, overview=self.overview)
        add_accounts(router, front)
        return router

    def _parties(self) -> list[str]:
        return [each for each in self.accounts.parties() if _is_department(each, self._registry)]

    def _forget(self) -> None:
        now = self._settings.now()
        self.accounts.forget(now=now)
        self.overview.forget(now=now)
        if any(party.window for party in self._registry.parties.values()):
            self.requests.forget(now=now)

    def _connect(self, party: str) -> DepartmentClient:
        return DepartmentClient(
            party,
            self._settings.broker,
            codec=self._codec,
            instance=self._settings.instance,
            security=self._settings.security,
        )
