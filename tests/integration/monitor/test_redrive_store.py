"""Rows of redrives: the first decision stands, two persons, one sender at a time, and old rows."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from tests import samples

from credit_bus.operations.trace.hops import Hop, Kind
from credit_bus_connectors.console.database import Connections
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor.database import SCHEMA, apply_schema
from credit_bus_connectors.monitor.quarantine_store import Filter, QuarantineStore
from credit_bus_connectors.monitor.quarantine_topic import Place
from credit_bus_connectors.monitor.redrive_store import OnePersonError, RedriveStore
from credit_bus_connectors.platforms.postgres import migrations, statement

NOW = samples.NOW
HOP = Hop(
    name=b"n" * 16, kind=Kind.SAID, topic="credit.outbox.x", partition=0, offset=7, at=NOW,
    type="penalty.decided", source="x", digest=b"d" * 16,
)  # fmt: skip
HERE, THERE = Place(0, 1), Place(2, 3)
_QUARANTINED = """
INSERT INTO operations.hop (name, kind, topic, partition, log_offset, at, type, source, digest,
                            revision, rule, codes)
SELECT 'n', 6, 'credit.quarantine', 0, number, %s, 'penalty.decided', 'finance', 'd', 1, '',
       ARRAY['text-missing']
  FROM generate_series(1, %s) AS number
"""


@pytest.fixture
def console(provisioned: str) -> Iterator[Connections]:
    opened = Connections(provisioned)
    yield opened
    opened.close()


@pytest.fixture
def store(console: Connections) -> RedriveStore:
    return RedriveStore(console)


def proposed(store: RedriveStore, *places: Place, by: str = "li") -> int | None:
    which = dict.fromkeys(places or (HERE,), HOP)
    return store.propose(which, by=by, why="x", asked="", now=NOW)


def number_of(store: RedriveStore, *places: Place) -> int:
    number = proposed(store, *places)
    assert number is not None
    return number


def test_one_person_alone_is_refused_by_the_table_whatever_the_case(
    store: RedriveStore, provisioned: str
) -> None:
    number = number_of(store)
    for same in ("li", "LI"):
        with pytest.raises(OnePersonError):
            store.decide(number, by=same, approves=True, now=NOW)
    with (
        psycopg.connect(provisioned) as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="redrive_two_persons"),
    ):
        connection.execute(
            "UPDATE operations.redrive"
            " SET state = 'sent', decided_by = proposed_by, sent_at = now()"
        )


def test_the_first_decision_stands(store: RedriveStore) -> None:
    number = number_of(store)
    decisions = [
        store.decide(number, by=by, approves=approves, now=NOW)
        for by, approves in (("wang", True), ("zhao", True), ("zhao", False))
    ]
    found = store.find(number)

    assert [True, False, False] == decisions
    assert found is not None
    assert ("approved", "wang", NOW) == (found.state, found.decided_by, found.decided_at)


def test_of_two_who_decide_at_once_one_does(store: RedriveStore) -> None:
    number = number_of(store)
    start, decided = threading.Barrier(4), []

    def decide(by: str) -> None:
        start.wait()
        if store.decide(number, by=by, approves=True, now=NOW):
            decided.append(by)

    threads = [threading.Thread(target=decide, args=[f"reviewer.{each}"]) for each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = store.find(number)

    assert found is not None
    assert [found.decided_by] == decided


def test_who_proposed_may_decline_and_then_it_can_be_proposed_anew(store: RedriveStore) -> None:
    first = number_of(store, HERE, THERE)
    second = proposed(store, THERE, by="bo")
    beside = proposed(store, THERE, Place(5, 5), by="bo")
    assert store.decide(first, by="li", approves=False, now=NOW)
    third = proposed(store, HERE)
    newest, other = store.newest_of(HERE), store.newest_of(Place(5, 5))

    assert second is None, "it waits"
    assert beside is not None, "some of it does not wait"
    assert newest is not None
    assert other is not None
    assert (third, beside, 1) == (newest.number, other.number, other.places)


def test_what_is_sent_is_noted_and_what_is_not_worth_it_is_left_with_its_codes(
    store: RedriveStore,
) -> None:
    number = number_of(store, HERE, THERE)
    sent: list[set[Place]] = []
    ended: dict[Place, tuple[str, ...]] = {HERE: (), THERE: ("text-missing",)}
    store.end(number, ended, send=sent.append, now=NOW)
    assert [] == sent, "nobody approved it"
    store.decide(number, by="wang", approves=True, now=NOW)
    for _ in range(2):
        store.end(number, ended, send=sent.append, now=NOW)
    found = store.find(number)

    assert [{HERE}] == sent
    assert found is not None
    assert ("sent", 1, 1, 0, NOW) == (
        found.state, found.sent, found.left, found.waiting, found.sent_at
    )  # fmt: skip


def test_what_could_not_be_sent_waits_as_before(store: RedriveStore) -> None:
    number = number_of(store, HERE, THERE)
    store.decide(number, by="wang", approves=True, now=NOW)

    def away(_: set[Place]) -> None:
        raise UnreachableError("the broker is away")

    with pytest.raises(UnreachableError):
        store.end(number, {HERE: (), THERE: ("canary",)}, send=away, now=NOW)

    assert [HERE, THERE] == store.waiting(number, most=10)


def test_of_two_who_send_at_once_each_message_is_sent_by_one(store: RedriveStore) -> None:
    places = [Place(0, each) for each in range(8)]
    number = number_of(store, *places)
    store.decide(number, by="wang", approves=True, now=NOW)
    sent: list[Place] = []
    ended: dict[Place, tuple[str, ...]] = dict.fromkeys(places, ())

    def send(still: set[Place]) -> None:
        sent.extend(still)

    threads = [
        threading.Thread(target=store.end, args=[number, ended], kwargs={"send": send, "now": NOW})
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert places == sorted(sent)


def test_who_proposed_and_why_cannot_be_written_again(
    console: Connections, store: RedriveStore
) -> None:
    number_of(store)
    for statement_ in (
        "UPDATE operations.redrive SET proposed_by = 'x'",
        "UPDATE operations.redrive SET why = 'x'",
        "DELETE FROM operations.redrive_place",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            console.transaction() as connection,
        ):
            connection.execute(statement_.encode())


def test_more_than_is_listed_is_told_and_what_was_sent_is_selected_no_more(
    console: Connections, store: RedriveStore, provisioned: str
) -> None:
    with psycopg.connect(provisioned, autocommit=True) as connection:
        connection.execute(_QUARANTINED, [NOW, 5])
    quarantine = QuarantineStore(console)
    which = Filter(party="finance", code="text-missing")
    number = number_of(store, Place(0, 1), Place(0, 2))
    store.decide(number, by="wang", approves=True, now=NOW)
    store.end(number, {Place(0, 1): ()}, send=lambda _: None, now=NOW)
    few, all_ = quarantine.listed(which, most=4), quarantine.listed(which, most=5)
    found = quarantine.selected(which, most=2)
    other = quarantine.selected(Filter(party="justice"))
    last = quarantine.selected(Filter(first=NOW.date().min, last=NOW.date().max))

    assert (4, True, 5, False) == (len(few.rows), few.more, len(all_.rows), all_.more)
    assert [Place(0, 3), Place(0, 4)] == list(found.places)
    assert (True, 1, 1) == (found.more, found.redriven, found.waiting)
    assert ([], False, 0, 0) == (list(other.places), other.more, other.redriven, other.waiting)
    assert 3 == len(last.places)


def test_redrives_are_listed_newest_first_and_more_is_told(store: RedriveStore) -> None:
    numbers = [number_of(store, Place(0, each)) for each in range(3)]
    found, more = store.newest(most=2)
    all_, no_more = store.newest(most=3)

    assert ([numbers[2], numbers[1]], True) == ([each.number for each in found], more)
    assert (3, False) == (len(all_), no_more)


def test_redrives_of_the_former_release_are_kept(database: str) -> None:
    state = {
        1: ("sent", "wang", NOW),
        2: ("declined", "li", None),
        3: ("approved", "wang", None),
        4: ("waiting", None, None),
    }
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA operations")
        connection.execute(
            "CREATE TABLE operations.migration (version integer PRIMARY KEY, file text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT now())"
        )
        for version, file in migrations(SCHEMA).items():
            if version < 40:
                connection.execute(statement(SCHEMA, file))
                connection.execute(
                    "INSERT INTO operations.migration VALUES (%s, %s)", [version, file]
                )
        for number, (word, by, sent_at) in state.items():
            connection.execute(
                "INSERT INTO operations.redrive (partition, log_offset, topic, name, type,"
                " proposed_by, proposed_at, why, state, decided_by, decided_at, sent_at)"
                " VALUES (1, %s, 'credit.outbox.x', 'n', '', 'li', %s, 'x', %s, %s, %s, %s)",
                [number, NOW, word, by, None if by is None else NOW, sent_at],
            )
    apply_schema(database)
    connections = Connections(database, connections_max=1)
    store = RedriveStore(connections)
    found = [store.newest_of(Place(1, number)) for number in state]
    connections.close()

    assert [*state] == [each.number for each in found if each]
    assert [(1, 0), (0, 0), (0, 1), (0, 1)] == [(each.sent, each.waiting) for each in found if each]
