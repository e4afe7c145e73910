"""A running console: its pages in a thread of the test, over a real database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page
from tests import samples
from tests.browser import browser
from tests.integration.desk.rig import PASSWORD
from tests.served import served

from credit_bus.domain.channels import outbox
from credit_bus.logs import logger
from credit_bus.operations.lag.burrow import Status
from credit_bus.operations.lag.rollup import by_topic
from credit_bus.operations.lag.windows import PartitionLag
from credit_bus.reports.legal_time import LegalTime, legal_time
from credit_bus_connectors.console.console import COOKIE, Console, ConsoleSettings
from credit_bus_connectors.departments.desk.access import SESSION_MAX, Role
from credit_bus_connectors.departments.desk.accounts import Accounts
from credit_bus_connectors.departments.desk.database import Connections as DeskConnections
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.lag_store import LagStore
from credit_bus_connectors.web.app import Part, create_app
from credit_bus_connectors.web.sessions import SessionSettings
from credit_bus_deploy.database import apply_database

__all__ = ["browser"]

SESSIONS = SessionSettings(
    name=COOKIE, secret=bytes(range(32)), seconds_max=int(SESSION_MAX.total_seconds())
)
GATE = "credit-bus.gate"
NO_BROKER = "127.0.0.1:1"


@dataclass(slots=True)
class Running:
    """A console, and what a monitor would keep for it."""

    url: str
    database: str
    lag: LagStore
    accounts: Accounts

    def log_in(self, page: Page, name: str = "ops.one") -> None:
        """Log in on the page."""
        page.goto(self.url + "/login")
        page.get_by_label("用户名").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()

    def sample(self, *states: PartitionLag, at: datetime | None = None) -> None:
        """Keep a sample, as the monitor does."""
        at = at or datetime.now(UTC)
        self.lag.keep(states, by_topic(states, at), at=at, seconds=0.1, requests=4)


def state(party: str = "finance", partition: int = 0, **changes: Any) -> PartitionLag:
    """The gate has read all that the party said."""
    now = datetime.now(UTC)
    given: dict[str, Any] = {
        "group": GATE,
        "topic": outbox(party),
        "partition": partition,
        "status": Status.OK,
        "completeness": 1.0,
        "committed": 100,
        "log_start": 0,
        "end": 100,
        "events": 0,
        "lost": 0,
        "ahead": 0,
        "waiting_since": None,
        "lost_at": None,
        "coming": 0.0,
        "going": 0.0,
        "last_commit_at": now,
        "members": 1,
        "client": "gate-1",
        "host": "/127.0.0.1",
    }
    return PartitionLag(**{**given, **changes})


def stuck(party: str = "finance", *, events: int = 42, seconds: float = 400) -> PartitionLag:
    """The gate holds the partition and does not go on."""
    return state(
        party,
        status=Status.STALL,
        committed=100 - events,
        events=events,
        waiting_since=datetime.now(UTC) - timedelta(seconds=seconds),
    )


def no_legal_time(_: date) -> LegalTime | None:
    return legal_time([], samples.registry(), date(2026, 6, 10))


@contextmanager
def running_console(
    database: str,
    legal: Callable[[date], LegalTime | None] = no_legal_time,
    *,
    broker: str = NO_BROKER,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Running]:
    """Run a console."""
    apply_database(database)
    settings = ConsoleSettings(broker=broker, database=database, sessions=SESSIONS, now=now)
    console = Console(settings, registry=samples.registry(), codec=samples.codec(), legal=legal)
    application = create_app(
        parts=[Part(router=console.router())],
        probes={"database": console.is_readable},
        log=logger(process="console"),
        version="test",
        sessions=SESSIONS,
    )
    monitor, desk = Connections(database), DeskConnections(database)
    try:
        with served(application) as url:
            accounts = Accounts(desk)
            accounts.add("ops.one", samples.HUB, [Role.CLERK], PASSWORD, by="test")
            yield Running(url, database, LagStore(monitor), accounts)
    finally:
        for each in (monitor, desk, console):
            each.close()


@pytest.fixture
def running(database: str) -> Iterator[Running]:
    """A console."""
    with running_console(database) as running:
        yield running


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a new visitor; nothing is loaded from elsewhere."""
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    context.set_default_timeout(20_000)
    opened = context.new_page()
    elsewhere: list[str] = []
    opened.on(
        "request",
        lambda asked: asked.url.startswith("http://127.0.0.1:") or elsewhere.append(asked.url),
    )
    yield opened
    context.close()
    assert [] == elsewhere


@pytest.fixture
def rows(database: str) -> Callable[[str], list[tuple[Any, ...]]]:
    """Ask the database as its owner."""

    def ask(query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(database, autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()

    return ask
