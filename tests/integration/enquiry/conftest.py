"""A district's store with something in it, and what answers enquiries from it."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
import pytest
from tests import samples
from tests.integration.departments.intakes import new_key

from credit_bus.domain.event import Event
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus_connectors.enquiry.office import EnquirySettings, Office
from credit_bus_connectors.enquiry.provision import provision_enquiry
from credit_bus_connectors.enquiry.routes import PATHS, enquiry_router
from credit_bus_connectors.platforms.district import DistrictSink
from credit_bus_connectors.web.app import Part, create_app

SECRET = b"s" * 32
ASKER = "finance"
WINDOW = samples.WINDOW


class Silent:
    """A log that nobody reads."""

    def info(self, *_: object, **__: object) -> None:
        """Say nothing."""

    warning = error = info


@dataclass(slots=True)
class Web:
    """An application of enquiries, asked without a socket."""

    office: Office
    database: str
    burst: int = 1000
    keys: dict[str, str] = field(default_factory=dict)
    application: Any = None

    def __post_init__(self) -> None:
        router = enquiry_router(self.office, burst=self.burst, per_second=0.5)
        part = Part(router=router, streams=PATHS)
        self.application = create_app(parts=[part], probes={}, log=Silent(), version="0")

    def post(
        self, path: str, content: Any, *, party: str | None = ASKER, **headers: str
    ) -> httpx.Response:
        """Post a document, or bytes as they are, with a key of the party's."""
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        told = {"content-type": "application/json"}
        if party is not None:
            if party not in self.keys:
                self.keys[party] = new_key(self.database, party)[0]
            told["authorization"] = f"Bearer {self.keys[party]}"
        told |= {name.replace("_", "-"): value for name, value in headers.items()}

        async def posted() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.application)
            async with httpx.AsyncClient(transport=transport, base_url="http://bus") as client:
                return await client.post(path, content=raw, headers=told)

        return asyncio.run(posted())

    def ask(self, **changes: Any) -> httpx.Response:
        """Ask about the first subject, with these changes of the body."""
        return self.post("/enquiries", enquiry(**changes))


def enquiry(**changes: Any) -> dict[str, Any]:
    """Return the body of an enquiry by finance."""
    return {
        "enquiry_number": "财查〔2026〕1号",
        "subject": synthetic_uscc(1),
        "purpose": "government-procurement",
        "procedure": "供应商资格审查",
        "case_reference": "甘区采〔2026〕1号",
        **changes,
    }


@pytest.fixture
def district(database: str) -> str:
    """The URL of a database that is provisioned for enquiries."""
    provision_enquiry(database)
    return database


@pytest.fixture
def deliver(district: str) -> Iterator[Callable[..., None]]:
    """Return a function that brings events to the district platform."""
    sink = DistrictSink(district)

    def delivered(*events: Event) -> None:
        sink.deliver(events)

    yield delivered
    sink.close()


@pytest.fixture
def office(district: str) -> Iterator[Office]:
    """What answers, in the example district."""
    settings = EnquirySettings(database=district, registry=samples.registry(), secret=SECRET)
    opened = Office(settings, now=lambda: datetime.now(UTC))
    yield opened
    opened.close()


@pytest.fixture
def web(office: Office, district: str) -> Web:
    """The application that asks the office."""
    return Web(office, district)


@pytest.fixture
def rows(district: str) -> Callable[[str], list[tuple[Any, ...]]]:
    """Return a function that runs a query as the owner."""

    def asked(query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(district, autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    return asked
