"""What is left where it lies besides what the gate refuses; many are judged one behind another."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from tests import samples
from tests.unit.operations.test_quarantine import kept

from credit_bus.contracts.wire import Message
from credit_bus.flows.outcome import Known
from credit_bus.operations.quarantine.kept import Kept
from credit_bus.operations.quarantine.rejudged import Bench
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor import redriving
from credit_bus_connectors.monitor.quarantine_store import QuarantineStore
from credit_bus_connectors.monitor.quarantine_topic import Place
from credit_bus_connectors.monitor.redrive_store import RedriveStore
from credit_bus_connectors.monitor.redriving import Redriving, UnsentError

Lying = dict[Place, Kept | None]


class Store(QuarantineStore):
    """Knows nothing of any document."""

    def __init__(self) -> None:
        """Need no database."""

    def known(self, documents: Iterable[bytes]) -> dict[bytes, Known]:
        return {}


class Quarantine:
    """Holds these messages, and knows an outbox in one partition, or none."""

    def __init__(self, lying: Lying, partitions: int) -> None:
        self._lying, self._partitions = lying, partitions

    def kept(self, places: Iterable[Place]) -> Iterator[tuple[Place, Kept | None]]:
        yield from ((place, self._lying[place]) for place in sorted(places))

    def partitions_of(self, topic: str) -> int:
        return self._partitions


def codes_of(
    monkeypatch: pytest.MonkeyPatch, *lying: Message | None, partitions: int = 1
) -> list[tuple[str, ...]]:
    """Return why each of these would be left, in order."""
    places: Lying = {
        Place(0, number): None if each is None else kept(each) for number, each in enumerate(lying)
    }

    @contextmanager
    def opened(_: str) -> Iterator[Quarantine]:
        yield Quarantine(places, partitions)

    monkeypatch.setattr(redriving, "open_quarantine", opened)
    desk = Redriving(
        store=Store(),
        redrives=RedriveStore.__new__(RedriveStore),
        bench=Bench(codec=samples.codec(), registry=samples.registry()),
        broker="nowhere:1",
    )
    looks = list(desk.looked(places, samples.NOW))
    worth = desk.weigh(looks).worth
    assert [look.place for look in looks if not look.codes] == list(worth)
    return [look.codes for look in looks]


def test_what_lies_there_no_more_and_what_has_no_outbox_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = samples.message(samples.penalty(1))

    assert [("not-kept",), ()] == codes_of(monkeypatch, None, good)
    assert [("outbox-gone",)] == codes_of(monkeypatch, good, partitions=0)


def test_an_outbox_made_anew_with_fewer_partitions_takes_nothing_in_another_lane(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    far = replace(samples.message(samples.penalty(1)), partition=3)

    assert [("wrong-partition",)] == codes_of(monkeypatch, far)


def test_of_one_document_the_first_goes_and_the_next_is_judged_behind_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(redriving, "LOOKED_AT_ONCE_MAX", 2)  # across what is read at once, too
    first, second = (samples.message(samples.penalty(1, revision=each)) for each in (1, 2))
    found = codes_of(monkeypatch, first, first, second, first)

    assert [(), ("said-before",), (), ("stale-revision",)] == found


def test_what_is_approved_and_not_known_to_be_sent_is_told_as_that_and_not_as_nothing_done() -> (
    None
):
    def away(*_: object, **__: object) -> None:
        raise UnreachableError("it went")

    approved = SimpleNamespace(number=7, is_open=True, state="approved")
    store: Any = SimpleNamespace(find=lambda _: approved, waiting=away)
    desk = Redriving(
        store=Store(),
        redrives=store,
        bench=Bench(codec=samples.codec(), registry=samples.registry()),
        broker="nowhere:1",
    )

    with pytest.raises(UnsentError, match=r"redrive 7 is approved.*approve it again"):
        desk.approve(7, by="ops.two", now=samples.NOW)
