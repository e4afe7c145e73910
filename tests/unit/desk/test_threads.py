"""What a desk's threads tell of themselves: one that hangs or only fails does not do its work."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from kafka.errors import KafkaError

from credit_bus.metrics import table
from credit_bus.metrics.meter import Meter
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments import pulse
from credit_bus_connectors.departments.desk import follower, publisher
from credit_bus_connectors.departments.desk.follower import Follower
from credit_bus_connectors.departments.desk.publisher import Publisher
from credit_bus_connectors.departments.failures import NotPublishedError
from credit_bus_connectors.departments.http import receipts
from credit_bus_connectors.departments.http.receipts import Receipts

SECONDS_MAX = 0.3
WAIT_SECONDS_MAX = 20.0
NOW = datetime(2026, 6, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "TURN_SECONDS_MAX", SECONDS_MAX)
    for module in (follower, publisher, receipts):
        monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    for module in (follower, receipts):
        monkeypatch.setattr(module, "ASK_SECONDS", 0.01)
    monkeypatch.setattr(publisher, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(follower, "POLL_SECONDS", 0.01)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Consumer(SimpleNamespace):
    """A consumer of nothing."""

    def assignment(self) -> set[Any]:
        """Nothing is read."""
        return set()

    def close(self, **_: Any) -> None:
        """Let go."""


def fails(*_: Any, **__: Any) -> Any:
    raise KafkaError


def opens(*_: Any, **__: Any) -> Any:
    return Consumer()


def hangs(*_: Any, **__: Any) -> Any:
    threading.Event().wait(2.0)
    raise KafkaError


def follower_of() -> Follower:
    return Follower({}, codec=None, store=None, parties=list, forget=lambda: None)  # type: ignore[arg-type]


def receipts_of() -> Receipts:
    store = SimpleNamespace(reading=dict)
    return Receipts({}, codec=None, store=store)  # type: ignore[arg-type]


def gets_on(reader: Follower | Receipts) -> bool:
    """Return what the process's readiness asks."""
    return reader.is_reading if isinstance(reader, Follower) else reader.is_getting_on


@pytest.mark.parametrize("made", [follower_of, receipts_of])
@pytest.mark.parametrize("consumer", [fails, hangs])
def test_a_reader_that_hangs_or_only_fails_is_not_reading(
    made: Callable[[], Any], consumer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "open_consumer", consumer)
    monkeypatch.setattr(receipts, "open_consumer", consumer)
    reader = made()
    reader.start()
    for _ in range(5):
        assert not gets_on(reader)
        time.sleep(SECONDS_MAX / 5)
    reader.stop()


@pytest.mark.parametrize("made", [follower_of, receipts_of])
def test_a_reader_that_turns_is_reading(
    made: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (follower, receipts):
        monkeypatch.setattr(module, "open_consumer", opens)
    monkeypatch.setattr(receipts, "_assign", lambda *_: None)
    reader = made()
    reader.start()
    until(lambda: gets_on(reader))
    for _ in range(10):
        time.sleep(SECONDS_MAX / 5)
        assert gets_on(reader)
    reader.stop()


class Said:
    """What waits to be said; away when it is told to be."""

    def __init__(self) -> None:
        self.waiting: dict[str, list[tuple[str, Any]]] = {}
        self.is_away = False

    def unsaid(self) -> dict[str, list[tuple[str, Any]]]:
        if self.is_away:
            raise UnreachableError("gone")
        return dict(self.waiting)

    def mark_said(self, traces: list[str], *, now: datetime) -> None:
        self.waiting.clear()


class Client:
    """A way out that fails as long as it is closed."""

    def __init__(self) -> None:
        self.is_open = False

    def send(self, _: Any) -> None:
        if not self.is_open:
            raise NotPublishedError("no")

    def close(self) -> None:
        """Let go."""


def publisher_of(store: Said, client: Client, meter: Meter | None = None) -> Publisher:
    given: Any = store
    way: Any = client
    return Publisher(given, lambda _: way, now=lambda: NOW, meter=meter)


def test_a_publisher_that_does_not_see_what_waits_is_not_publishing() -> None:
    store = Said()
    made = publisher_of(store, Client())
    made.start()
    until(lambda: made.is_publishing)
    store.is_away = True
    until(lambda: not made.is_publishing)
    store.is_away = False
    until(lambda: made.is_publishing)
    made.stop()


def test_what_a_party_could_not_say_is_told_until_it_is_said() -> None:
    store, client, meter = Said(), Client(), Meter()
    store.waiting = {"finance": [("t1", None), ("t2", None)]}
    made = publisher_of(store, client, meter)

    assert not made.publish()
    assert 2 == meter.value(table.UNSAID, party="finance")
    client.is_open = True
    assert made.publish()
    assert meter.value(table.UNSAID, party="finance") is None
