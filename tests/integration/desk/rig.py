"""A running desk: its pages in a thread of the test, before a real broker, gate and database."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaProducer
from playwright.sync_api import Page
from tests import samples
from tests.served import served

from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.wire import write_event
from credit_bus.domain.channels import inbox
from credit_bus.domain.event import Event, action_of, event_id
from credit_bus.domain.event_types import ACTION_INITIATED, MEASURE_ORDERED
from credit_bus.domain.registry import Registry
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus.logs import logger
from credit_bus_connectors.departments.desk.access import SESSION_MAX, Role
from credit_bus_connectors.departments.desk.database import apply_schema
from credit_bus_connectors.departments.desk.desk import COOKIE, Desk, DeskSettings
from credit_bus_connectors.web.app import Part, create_app
from credit_bus_connectors.web.sessions import SessionSettings
from credit_bus_deploy.database import provision_site

PASSWORD = "一句足够长的口令 2026"
MEASURE = samples.COURT_MEASURES[0]
WAIT_SECONDS_MAX = 30.0
SESSIONS = SessionSettings(
    name=COOKIE, secret=bytes(range(32)), seconds_max=int(SESSION_MAX.total_seconds())
)


@dataclass(slots=True)
class Office:
    """A desk, and the party whose officials use it."""

    url: str
    party: str
    desk: Desk
    broker: str
    registry: Registry

    def add(self, name: str, *roles: Role, party: str | None = None) -> str:
        """Make an account; return its name."""
        self.desk.accounts.add(name, party or self.party, roles, PASSWORD, by="test")
        return name

    def log_in(self, page: Page, name: str, password: str = PASSWORD) -> None:
        """Log in on the page."""
        page.goto(self.url + "/login")
        page.get_by_label("用户名").fill(name)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()

    def tell(self, *events: Event) -> None:
        """Bring events to the party's inbox, as the router does."""
        producer = KafkaProducer(bootstrap_servers=self.broker)
        try:
            for event in events:
                wire = write_event(event, samples.codec())
                producer.send(
                    inbox(self.party), key=wire.key, value=wire.value, headers=wire.headers
                ).get(timeout=WAIT_SECONDS_MAX)
        finally:
            producer.close()


def eventually(told: Callable[[], Any], seconds_max: float = WAIT_SECONDS_MAX) -> Any:
    """Return what the function returns once that is true; fail when it never is."""
    deadline = time.monotonic() + seconds_max
    while time.monotonic() < deadline:
        found = told()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come about in time")


def registry_with(party: str) -> Registry:
    """The example district with one more department like finance.

    It implements finance's measures, and may initiate any.
    """
    registry = samples.registry()
    finance = registry.parties["finance"]
    like = replace(
        finance, code=party, publishes=finance.publishes | {ACTION_INITIATED}, window=True
    )
    measures = {
        code: replace(
            each,
            implementers=(*each.implementers, party)
            if "finance" in each.implementers
            else each.implementers,
            initiators=each.initiators | {party} if each.initiators else each.initiators,
        )
        for code, each in registry.measures.items()
    }
    return replace(registry, parties={**registry.parties, party: like}, measures=measures)


def order(party: str, number: int = 0, **changes: Any) -> Event:
    """The order of the court's first measure to the party, as the router makes it."""
    initiation = samples.initiation(number)
    body = initiation.body
    measure = samples.registry().measures[MEASURE]
    names = ("action_id", "kind", "subject", "cause", "instrument", "notice", "term")
    ordered = {
        **{name: body[name] for name in names},
        "measure": MEASURE,
        "measure_name": measure.name,
        "content": measure.content,
        "initiator": samples.COURT,
        "implementer": party,
        "recipients": [{"measure": MEASURE, "implementer": party}],
        **changes,
    }
    return hub_says(
        MEASURE_ORDERED, ordered, number, step=party, causation_id=initiation.id, document=MEASURE
    )


def hub_says(
    kind: str,
    body: dict[str, Any],
    number: int = 0,
    *,
    step: str = "",
    document: str = "",
    causation_id: str | None = None,
    source: str = samples.HUB,
) -> Event:
    """An event of the bus about that company."""
    subject = synthetic_uscc(number)
    made = event_id(
        source=source, kind=kind, document=document, subject=subject, revision=1, step=step
    )
    return Event(
        id=made,
        source=source,
        type=kind,
        time=datetime.now(UTC).replace(microsecond=0),
        subject=subject,
        revision=1,
        correlation_id=action_of(body),
        causation_id=causation_id,
        body=body,
    )


@contextmanager
def running_office(
    broker: str, database: str, party: str, *, threads: bool = True
) -> Iterator[Office]:
    """Run the desk of a party; without `threads` its pages alone, which need no broker."""
    apply_schema(database)
    provision_site(database)
    registry = registry_with(party)
    settings = DeskSettings(
        broker=broker, database=database, sessions=SESSIONS, secret=bytes(range(32))
    )
    desk = Desk(settings, registry=registry, catalogue=load_catalogue())
    application = create_app(
        parts=[Part(router=desk.router())],
        probes={},
        log=logger(process="desk"),
        version="test",
        sessions=SESSIONS,
    )
    try:
        with served(application) as url:
            if threads:
                desk.follower.start()
                desk.publisher.start()
            yield Office(url, party, desk, broker, registry)
    finally:
        desk.__exit__(None, None, None)
