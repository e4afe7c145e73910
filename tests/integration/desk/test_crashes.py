"""What is kept is said, what is read is kept, once each, wherever the process ends."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import psycopg
import pytest
from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from tests import samples
from tests.integration.departments.small_gate import make_topics, small_gate
from tests.integration.desk.rig import MEASURE, Office, eventually, order, running_office

from credit_bus.domain.channels import inbox
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.desk import follower
from credit_bus_connectors.departments.desk.acts import answer_to
from credit_bus_connectors.departments.desk.follower import POSITION_LOST
from credit_bus_connectors.departments.desk.saying import Act, act_of
from credit_bus_connectors.departments.desk.store import Found
from credit_bus_connectors.departments.desk.tasks import Standing

pytestmark = pytest.mark.broker


def accept(office: Office, name: str) -> bool:
    """An official takes the order on."""

    def make(found: Found) -> Act:
        now = datetime.now(UTC)
        entered = {"decision": "accepted", "responded_on": now.date(), "remark": None}
        event = answer_to(found.task, found.case, entered, registry=office.registry, now=now).event
        return act_of(event, account="li.si", now=now, codec=samples.codec())

    return office.desk.store.answer(office.party, name, make)


def test_said_before_a_crash_and_again_after_it_is_taken_once(
    broker: str, database: str, unique_name: Callable[[str], str]
) -> None:
    party = unique_name("finance")
    make_topics(broker, party)
    with running_office(broker, database, party, threads=False) as office:
        office.add("li.si", "clerk")
        office.tell(order(party))
        office.desk.follower.start()
        [task] = eventually(lambda: office.desk.store.tasks(party))
        assert accept(office, task.name)
        assert not accept(office, task.name), "a second click says nothing"
        [(_, wire)] = office.desk.store.unsaid()[party]
        with small_gate(broker, party, samples.codec()) as said:
            with DepartmentClient(party, broker, codec=samples.codec(), instance="desk") as died:
                died.send([wire])
            assert office.desk.publisher.publish()
            eventually(lambda: len(said) == 2)
            done = eventually(lambda: office.desk.store.tasks(party, done=True))
    assert 1 == len({event.id for event in said})
    assert [("respond", Standing.DONE)] == [(each.kind, each.standing) for each in done]
    assert {} == office.desk.store.unsaid()


def test_a_new_process_goes_on_where_the_database_says_and_hears_nothing_twice(
    broker: str, database: str, unique_name: Callable[[str], str]
) -> None:
    party = unique_name("finance")
    make_topics(broker, party)
    with running_office(broker, database, party) as office:
        office.add("li.si", "clerk")
        office.tell(order(party, 1), order(party, 1), order(party, 2))
        eventually(lambda: len(office.desk.store.tasks(party)) == 2)
        before = office.desk.store.reading()
    with running_office(broker, database, party) as again:
        again.tell(order(party, 3))
        tasks = eventually(
            lambda: found if len(found := again.desk.store.tasks(party)) == 3 else None
        )
        with psycopg.connect(database) as connection:
            [(kept,)] = connection.execute("SELECT count(*) FROM desk.heard").fetchall()
        assert 3 == kept
        assert 4 == sum(again.desk.store.reading().values()) >= sum(before.values())
    assert {MEASURE} == {each.measure for each in tasks}


def test_what_was_deleted_before_the_desk_read_it_is_told(
    broker: str,
    database: str,
    unique_name: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It goes on behind what is gone, and says how much."""
    party = unique_name("finance")
    make_topics(broker, party)
    told: list[dict[str, object]] = []
    monkeypatch.setattr(
        follower, "log", SimpleNamespace(info=ignored, warning=ignored, error=keeping(told))
    )
    with running_office(broker, database, party) as office:
        office.add("li.si", "clerk")
        office.tell(order(party, 1))
        eventually(lambda: len(office.desk.store.tasks(party)) == 1)
    assert [] == told
    office.tell(*[order(party, 1)] * 5)
    ((place, reached),) = office.desk.store.reading().items()
    with KafkaAdminClient(bootstrap_servers=broker) as admin:
        admin.delete_records({TopicPartition(*place): reached + 4})
    with running_office(broker, database, party) as again:
        eventually(lambda: again.desk.store.reading() == {place: reached + 5})

    assert [
        {"event": POSITION_LOST, "topic": inbox(party), "partition": place[1], "lost": 4}
    ] == told


def keeping(told: list[dict[str, object]]) -> Callable[..., None]:
    """Return what keeps the lines that are logged."""
    return lambda event, **fields: told.append({"event": event, **fields})


def ignored(event: str, **fields: object) -> None:
    """Nobody looks at it."""


def test_a_bus_that_is_away_keeps_nobody_from_reading_and_answering(
    database: str, unique_name: Callable[[str], str]
) -> None:
    party = unique_name("finance")
    with running_office("127.0.0.1:1", database, party, threads=False) as office:
        assert office.desk.publisher.publish(), "there is nothing to say"
        assert [] == office.desk.store.tasks(party)
