"""The district platform's tables: subjects, actions, orders and answers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from tests import samples
from tests.conformance.platforms import natural_person, rows

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import MEASURE_EXECUTED
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus_connectors.contract import Result
from credit_bus_connectors.platforms.district import DistrictSink
from credit_bus_connectors.platforms.postgres import migrate, migrations


@pytest.fixture
def sink(database: str) -> Iterator[DistrictSink]:
    connected = DistrictSink(database)
    yield connected
    connected.close()


def initiation(*measures: str, revision: int = 1) -> Event:
    body = samples.initiation_body(1, measures=list(measures))
    return samples.said("action.initiated", body, party=samples.COURT, revision=revision)


def orders(database: str) -> list[tuple[str, int]]:
    return rows(database, "SELECT measure, revision FROM district.measure_order ORDER BY 1")


def test_an_order_that_a_newer_revision_drops_is_gone_and_no_stale_one_brings_it_back(
    sink: DistrictSink, database: str
) -> None:
    first, second = initiation("a", "b"), initiation("b", "c", revision=2)

    for event in (first, second, first):
        sink.deliver([event])

    assert [("b", 2), ("c", 2)] == orders(database)
    assert [(2,)] == rows(database, "SELECT revision FROM district.action")


def test_a_response_may_come_before_its_action(sink: DistrictSink, database: str) -> None:
    answers = sink.deliver([samples.response(1), samples.initiation(1)])

    assert [Result.DELIVERED] * 2 == [answer.result for answer in answers]
    assert [("finance", "accepted")] == rows(
        database, "SELECT department, decision FROM district.measure_response"
    )


def test_an_execution_is_kept_with_its_newest_revision(sink: DistrictSink, database: str) -> None:
    body = {
        "action_id": samples.initiation_body(1)["action_id"],
        "measure": samples.COURT_MEASURES[0],
        "outcome": "not_executed",
        "executed_on": samples.NOW.date(),
        "result": "无此类项目",
        "amount_10k": None,
        "legal_basis": None,
        "document_number": None,
        "division": "620702",
        "remark": None,
    }
    made = [
        samples.said(
            MEASURE_EXECUTED,
            {**body, "outcome": outcome},
            party="finance",
            revision=revision,
            subject=synthetic_uscc(1),
        )
        for revision, outcome in ((2, "executed"), (1, "not_executed"))
    ]

    sink.deliver(made)

    assert [("executed", 2)] == rows(
        database, "SELECT outcome, revision FROM district.measure_execution"
    )


def test_the_newest_word_on_a_subject_stands_whatever_the_order(
    sink: DistrictSink, database: str
) -> None:
    renamed = samples.penalty(1, subject=samples.subject(1, name="更名后有限公司"))
    renamed = replace(renamed, time=samples.NOW + timedelta(days=1))
    older = samples.penalty(1, document_number="另一号")

    sink.deliver([renamed])
    sink.deliver([older])

    assert [("更名后有限公司",)] == rows(database, "SELECT name FROM district.legal_person")


def test_a_natural_person_is_kept_by_pseudonym_and_a_representative_not_at_all(
    sink: DistrictSink, database: str
) -> None:
    person = natural_person(database)
    sealed = person.body["subject"]["person_id"]
    company = samples.penalty(
        2, subject=samples.subject(2, representative_id_type="身份证", representative_id=sealed)
    )

    sink.deliver([company])
    before = rows(database, "SELECT count(*) FROM district.natural_person")
    sink.deliver([person])

    assert [(0,)] == before
    assert [(sealed["pseudonym"], sealed["box"])] == rows(
        database, "SELECT pseudonym, sealed_id FROM district.natural_person"
    )


def test_migrations_count_from_one_without_a_gap_and_are_applied_once(database: str) -> None:
    import psycopg

    for schema in ("district", "front", "municipal_standin"):
        versions = list(migrations(schema))
        with psycopg.connect(database, autocommit=True) as connection:
            for _ in range(2):
                migrate(connection, schema)

        assert list(range(1, len(versions) + 1)) == versions
        assert [(version,) for version in versions] == rows(
            database, f"SELECT version FROM {schema}.migration ORDER BY 1"
        )
