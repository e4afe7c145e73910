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
from credit_bus_connectors.platforms.district import CASE_TYPES, DistrictSink
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
    action = samples.initiation_body(1)["action_id"]
    body = samples.execution_body(action, samples.COURT_MEASURES[0])
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

    assert [("executed", 2, "甘区惩通〔2026〕1号", "采购管理岗")] == rows(
        database,
        "SELECT outcome, revision, batch_number, operator FROM district.measure_execution",
    )


@pytest.mark.parametrize("kind", list(samples.COURSE))
def test_every_revision_of_what_follows_an_initiation_is_kept(
    sink: DistrictSink, database: str, kind: str
) -> None:
    second, first = (samples.of_course(kind, 1, revision=number) for number in (2, 1))

    answers = sink.deliver([second, first, second])

    assert [Result.DELIVERED] * 3 == [answer.result for answer in answers]
    assert [(kind, first.source, first.subject, 1), (kind, first.source, first.subject, 2)] == rows(
        database,
        "SELECT type, said_by, subject_key, revision FROM district.case_event ORDER BY revision",
    )
    assert [(2,)] == rows(database, "SELECT revision FROM district.current_record")


def test_what_follows_an_initiation_is_routed_here_and_kept_as_case_events() -> None:
    routed = {
        kind
        for route in samples.registry().routes
        if route.to == "district-platform"
        for kind in route.types
    }

    assert set(samples.COURSE) == set(CASE_TYPES)
    assert set() == set(CASE_TYPES) - routed


def test_what_happened_to_an_action_and_to_a_record_is_found_in_its_order(
    sink: DistrictSink, database: str
) -> None:
    said = [
        replace(samples.of_course(kind, 1), time=samples.NOW + timedelta(minutes=minute))
        for minute, kind in enumerate(samples.COURSE)
    ]
    action, record = samples.about_action(1)["action_id"], samples.about_penalty(1)["record"]

    sink.deliver(said)

    assert [
        ("action.suspended", "objection_under_verification"),
        ("action.resumed", "objection_dismissed"),
        ("action.ended", "objection_upheld"),
        ("action.closed", None),
        ("reminder.due", "overdue"),
    ] == rows(
        database,
        "SELECT type, outcome FROM district.case_event WHERE action_id = %s ORDER BY said_at",
        action,
    )
    assert [
        ("objection.raised", None),
        ("objection.decided", "upheld"),
        ("repair.requested", None),
        ("repair.decided", "granted"),
        ("reputation.restored", None),
    ] == rows(
        database,
        "SELECT type, outcome FROM district.case_event WHERE (about_provider, about_type,"
        " about_document) = (%s, %s, %s) ORDER BY said_at",
        *record.values(),
    )


def test_what_is_said_at_a_window_is_no_entry_of_the_register_of_subjects(
    sink: DistrictSink, database: str
) -> None:
    subject = {**samples.reference(1), "name": "窗口误录有限公司"}

    sink.deliver([samples.of_course("objection.raised", 1, subject=subject)])
    before = rows(database, "SELECT count(*) FROM district.legal_person")
    sink.deliver([samples.penalty(1), samples.of_course("repair.requested", 1, subject=subject)])

    assert [(0,)] == before
    assert [("示例商贸1号有限公司",)] == rows(database, "SELECT name FROM district.legal_person")


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
