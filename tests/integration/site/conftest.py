"""The public site over a real database, on the day of the samples."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests import samples
from tests.browser import browser  # noqa: F401 - a fixture

from credit_bus.domain.event import Event, document_key
from credit_bus_connectors.contract import Result
from credit_bus_connectors.platforms.public_site import PublicSiteSink
from credit_bus_connectors.site.allowance import Allowance
from credit_bus_connectors.site.feed import PREFIX, feed_router
from credit_bus_connectors.site.pages import Pages, Site, missing_router, pages_router
from credit_bus_connectors.site.petitions import petitions_router
from credit_bus_connectors.site.store import Store
from credit_bus_connectors.web.app import Part, create_app
from credit_bus_connectors.web.sessions import SessionSettings

SESSIONS = SessionSettings(name="site", secret=bytes(32), seconds_max=600, is_secure=False)


class Log:
    """Keeps what is logged."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def info(self, event: str, **told: Any) -> None:
        self.lines.append(f"{event} {told}")

    error = warning = info


@dataclass(slots=True)
class Running:
    """A site, its database, and its clock."""

    sink: PublicSiteSink
    store: Store
    log: Log
    now: datetime = samples.NOW
    allowance: Allowance = field(default_factory=Allowance)
    client: TestClient = field(init=False)

    def show(self, *events: Event) -> None:
        """Deliver the events."""
        assert {Result.DELIVERED} == {answer.result for answer in self.sink.deliver(events)}

    def on(self, day: date) -> None:
        """Turn the clock to that day's noon in Shanghai."""
        self.now = samples.NOW + timedelta(days=(day - samples.NOW.date()).days)

    def page(self, path: str, status: int = 200) -> str:
        """Return the text of a page."""
        answer = self.client.get(path)
        assert status == answer.status_code, path
        return answer.text


def address(event: Event) -> str:
    """The address of a record's page."""
    return f"/records/{document_key(event).hex()}"


def application(running: Running) -> Any:
    """The site's application, with the clock of the test."""
    site = Site(
        store=running.store,
        registry=samples.registry(),
        now=lambda: running.now,
        log=running.log,
    )
    pages = Pages(site)
    petitions = petitions_router(pages, csrf_key=SESSIONS.csrf_key, allowance=running.allowance)
    parts = [
        Part(router=pages_router(pages)),
        Part(router=petitions),
        Part(router=feed_router(running.store, running.log), prefix=PREFIX),
        Part(router=missing_router(pages)),
    ]
    probes: dict[str, Callable[[], bool]] = {"database": running.store.is_readable}
    return create_app(parts=parts, probes=probes, log=running.log, version="0", sessions=SESSIONS)


@pytest.fixture
def running(database: str) -> Iterator[Running]:
    sink = PublicSiteSink(database)
    sink.deliver([])
    made = Running(sink, Store(database), Log())
    made.client = TestClient(application(made))
    yield made
    made.store.close()
    sink.close()
