"""The district platform's tables: subjects, actions, orders and answers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from tests import samples
from tests.conformance.platforms import natural_person, rows

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    FOLLOWING_TYPES,
    LISTING_ENTERED,
    LISTING_REMOVED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
    SUBJECT_REGISTERED,
)
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


def test_a_lifting_may_come_before_the_end_and_is_kept_with_its_newest_revision(
    sink: DistrictSink, database: str
) -> None:
    second, first = (
        samples.of_course(MEASURE_LIFTED, 1, revision=revision, result=result)
        for revision, result in ((2, "已逐项解除"), (1, "已解除"))
    )

    sink.deliver([second])
    sink.deliver([first, samples.of_course("action.ended", 1)])

    assert [("finance", samples.NOW.date(), "已逐项解除", 2, "b" * 32)] == rows(
        database,
        "SELECT department, lifted_on, result, revision, because_of FROM district.measure_lifting",
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

    assert {*samples.COURSE, *FOLLOWING_TYPES} == set(CASE_TYPES)
    assert set() == set(CASE_TYPES) - routed - FOLLOWING_TYPES


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
        ("measure.lifted", None),
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
        ("repair.accepted", None),
        ("repair.decided", "granted"),
        ("reputation.restored", None),
    ] == rows(
        database,
        "SELECT type, outcome FROM district.case_event WHERE (about_provider, about_type,"
        " about_document) = (%s, %s, %s) ORDER BY said_at",
        *record.values(),
    )


def test_what_changed_how_a_record_stands_is_found_beside_its_objections(
    sink: DistrictSink, database: str
) -> None:
    said = [samples.of_course("objection.raised", 1)]
    changes = (RECORD_CORRECTED, RECORD_WITHDRAWN, PUBLICITY_ENDED)
    said += [samples.of_standing(kind, 1) for kind in changes]
    said = [
        replace(event, time=samples.NOW + timedelta(minutes=at)) for at, event in enumerate(said)
    ]
    removal = samples.of_standing(LISTING_REMOVED, 1)
    sink.deliver([*said, removal])
    found = (
        "SELECT type, outcome FROM district.case_event WHERE (about_provider, about_type,"
        " about_document) = (%s, %s, %s) ORDER BY said_at"
    )

    assert [
        ("objection.raised", None),
        ("record.corrected", "own_finding"),
        ("record.withdrawn", "revoked"),
        ("publicity.ended", "maximum_reached"),
    ] == rows(database, found, *samples.about_penalty(1)["record"].values())
    assert [("listing.removed", "conditions_met")] == rows(
        database, found, samples.LISTING, LISTING_ENTERED, removal.body["document_number"]
    )


def corrected_by(database: str) -> list[tuple[int, str | None]]:
    """The current revision of each penalty, and the correction that it names."""
    return rows(
        database,
        "SELECT revision, corrected_by FROM district.current_record WHERE type = 'penalty.decided'",
    )


@pytest.mark.parametrize("early", [True, False])
def test_a_corrected_record_is_marked_and_so_is_every_later_revision_of_it(
    sink: DistrictSink, database: str, early: bool
) -> None:
    first, second, third = (samples.penalty(1, revision=number) for number in (1, 2, 3))
    correction = samples.of_standing(RECORD_CORRECTED, 1)
    found = []
    for event in (first, *((correction, second) if early else (second, correction)), third):
        sink.deliver([event])
        found.append(corrected_by(database)[0])

    assert [(1, None), (2, correction.id), (3, correction.id)] == [found[0], *found[2:]]
    assert ((1, None) if early else (2, None)) == found[1]


def test_a_correction_in_other_words_takes_the_place_of_the_first(
    sink: DistrictSink, database: str
) -> None:
    second = samples.of_standing(RECORD_CORRECTED, 1, revision=2, explanation="另作说明")

    sink.deliver([samples.penalty(1, revision=2), second, samples.of_standing(RECORD_CORRECTED, 1)])

    assert [(2, second.id)] == corrected_by(database)
    assert [("另作说明",)] == rows(database, "SELECT explanation FROM district.correction")


def test_every_revision_of_a_withdrawn_record_is_kept_with_the_reason_beside_it(
    sink: DistrictSink, database: str
) -> None:
    for revision in (1, 2):
        sink.deliver([samples.penalty(1, revision=revision)])
    withdrawal = samples.of_standing(RECORD_WITHDRAWN, 1, record_revision=2)

    sink.deliver([withdrawal])

    assert [] == corrected_by(database)
    assert [(1,), (2,)] == rows(
        database, "SELECT revision FROM district.record WHERE type = 'penalty.decided' ORDER BY 1"
    )
    assert [(2, "revoked", withdrawal.body["explanation"], withdrawal.id)] == rows(
        database,
        "SELECT withdrawal.revision, cause, explanation, withdrawal.event_id"
        "  FROM district.withdrawal JOIN district.record USING (document_key)"
        " WHERE record.revision = 2 AND record.type = 'penalty.decided'",
    )


@pytest.mark.parametrize("early", [True, False])
def test_a_record_shown_no_more_names_the_statement_and_its_newer_revision_does_not(
    sink: DistrictSink, database: str, early: bool
) -> None:
    end = samples.of_standing(PUBLICITY_ENDED, 1, cause="repaired", because_of="c" * 32)
    found = []
    first, second = (samples.penalty(1, revision=number) for number in (1, 2))
    for event in (*((end, first) if early else (first, end)), second):
        sink.deliver([event])
        found.append(
            rows(
                database,
                "SELECT revision, publicity_ended_by FROM district.current_record"
                " WHERE type = 'penalty.decided'",
            )
        )

    assert [[(1, end.id)], [(2, None)]] == found[1:]
    assert ("repaired", "c" * 32, "信用修复管理办法", 1) == rows(
        database, "SELECT cause, because_of, rule, revision FROM district.publicity_end"
    )[0]


def test_an_entry_shown_no_more_is_still_on_its_list(sink: DistrictSink, database: str) -> None:
    entry = samples.of_standing(LISTING_ENTERED, 1)
    record = {
        "provider": entry.source,
        "type": entry.type,
        "document_number": entry.body["document_number"],
    }
    end = samples.of_standing(PUBLICITY_ENDED, 1, record=record)

    sink.deliver([entry, end])

    assert [("wage-arrears", end.id)] == rows(
        database, "SELECT list, publicity_ended_by FROM district.listing"
    )


@pytest.mark.parametrize("early", [True, False])
def test_a_record_names_the_earliest_open_objection_whichever_comes_first(
    sink: DistrictSink, database: str, early: bool
) -> None:
    first, second = (
        replace(
            samples.of_course(OBJECTION_RAISED, 1, objection_number=number),
            time=samples.NOW + timedelta(minutes=minute),
        )
        for number, minute in (("1", 0), ("2", 1))
    )
    ends = [samples.of_course(OBJECTION_DECIDED, 1, objection_number=each) for each in "12"]
    raised = [second, first]
    sink.deliver([*raised, samples.penalty(1)] if early else [samples.penalty(1), *raised])
    found = []
    for event in (samples.penalty(1, revision=2), *ends):
        found += rows(database, DISPUTED)
        sink.deliver([event])

    assert [(1, first.id), (2, first.id), (2, second.id)] == found
    assert [(2, None)] == rows(database, DISPUTED)


DISPUTED = (
    "SELECT revision, disputed_by FROM district.current_record WHERE type = 'penalty.decided'"
)


def test_an_objection_to_an_action_marks_no_record(sink: DistrictSink, database: str) -> None:
    about = samples.about_action(1)
    kinds = (OBJECTION_RAISED, OBJECTION_DECIDED)
    sink.deliver([samples.penalty(1), *(samples.of_course(kind, 1, about=about) for kind in kinds)])

    assert [(1, None)] == rows(database, DISPUTED)
    assert [(0,)] == rows(database, "SELECT count(*) FROM district.objection")


def test_an_entry_that_is_disputed_says_so_and_is_still_on_its_list(
    sink: DistrictSink, database: str
) -> None:
    entry = samples.of_standing(LISTING_ENTERED, 1)
    number = entry.body["document_number"]
    record = {"provider": entry.source, "type": entry.type, "document_number": number}
    about = {"record": record, "action_id": None}
    raised = samples.of_course(OBJECTION_RAISED, 1, about=about)

    sink.deliver([entry, raised])
    marked = rows(database, "SELECT list, disputed_by FROM district.listing")
    sink.deliver([samples.of_course(OBJECTION_DECIDED, 1, about=about)])

    assert [("wage-arrears", raised.id)] == marked
    assert [("wage-arrears", None)] == rows(
        database, "SELECT list, disputed_by FROM district.listing"
    )


def listings(database: str) -> list[tuple[str, bool, str | None]]:
    return rows(
        database, "SELECT list, in_force, removal_cause FROM district.listing ORDER BY begins_on"
    )


@pytest.mark.parametrize("early", [True, False])
def test_an_entry_is_on_its_list_until_it_is_removed(
    sink: DistrictSink, database: str, early: bool
) -> None:
    entry, removal = (samples.of_standing(kind, 1) for kind in (LISTING_ENTERED, LISTING_REMOVED))
    again = samples.of_standing(LISTING_ENTERED, 1, revision=2, remark="更正备注")
    sink.deliver([removal if early else entry])
    before = listings(database)
    sink.deliver([entry, removal, again])

    assert ([] if early else [("wage-arrears", True, None)]) == before
    assert [("wage-arrears", False, "conditions_met")] == listings(database)


def test_an_entry_ends_with_its_term_and_not_before_its_last_day(
    sink: DistrictSink, database: str
) -> None:
    today = rows(database, "SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date")[0][0]
    for number, (begins, ends) in enumerate(((-9, -1), (-8, 0), (-7, None), (1, 9))):
        term = {
            "begins_on": today + timedelta(days=begins),
            "ends_on": None if ends is None else today + timedelta(days=ends),
            "until_performance": False,
        }
        sink.deliver([samples.of_standing(LISTING_ENTERED, number, term=term)])

    assert [False, True, True, False] == [is_in_force for _, is_in_force, _ in listings(database)]


def test_a_withdrawn_entry_is_on_no_list(sink: DistrictSink, database: str) -> None:
    entry = samples.of_standing(LISTING_ENTERED, 1)
    record = {
        "provider": entry.source,
        "type": entry.type,
        "document_number": entry.body["document_number"],
    }
    body = samples.withdrawal_body(1, record=record)

    sink.deliver([entry, samples.said(RECORD_WITHDRAWN, body, party=entry.source)])

    assert [] == listings(database)


def names(database: str) -> list[tuple[str, str]]:
    return rows(database, "SELECT name, representative_name FROM district.legal_person")


def registered(revision: int = 1, **subject: str) -> Event:
    """The registration of company 1, with other words on the subject."""
    told = {**samples.registration_body(1)["subject"], **subject}
    return samples.of_standing(SUBJECT_REGISTERED, 1, revision=revision, subject=told)


def later(event: Event, days: int) -> Event:
    return replace(event, time=samples.NOW + timedelta(days=days))


def test_what_the_register_says_stands_over_what_others_wrote(
    sink: DistrictSink, database: str
) -> None:
    mistyped = samples.subject(1, name="误录有限公司", representative_name="误录人")

    sink.deliver([later(samples.penalty(1, subject=mistyped), 5)])
    before = names(database)
    sink.deliver([registered(name="登记有限公司")])
    sink.deliver([later(samples.penalty(1, document_number="另一号", subject=mistyped), 6)])
    during = names(database)
    sink.deliver([later(registered(2, name="更名有限公司", representative_name="新代表人"), 1)])

    assert [("误录有限公司", "误录人")] == before
    assert [("登记有限公司", "示例代表人")] == during
    assert [("更名有限公司", "新代表人")] == names(database)
    assert [("更名有限公司", "存续", Decimal("100.000000"), "有限责任公司", 2)] == rows(
        database, "SELECT name, state, capital_10k, kind, revision FROM district.registration"
    )


@pytest.mark.parametrize("early", [True, False])
def test_the_name_of_a_withdrawn_registration_goes_with_it(
    sink: DistrictSink, database: str, early: bool
) -> None:
    record = {
        "provider": samples.PENALISING,
        "type": SUBJECT_REGISTERED,
        "document_number": samples.reference(1)["uscc"],
    }
    withdrawal = samples.of_standing(RECORD_WITHDRAWN, 1, record=record)
    wrong = registered(name="他人有限公司")
    both = [withdrawal, wrong] if early else [wrong, withdrawal]

    for event in (samples.penalty(1), *both):
        sink.deliver([event])

    assert [("示例商贸1号有限公司", "示例代表人")] == names(database)
    assert [] == rows(database, "SELECT 1 FROM district.registration")


def test_a_stale_registration_names_nobody(sink: DistrictSink, database: str) -> None:
    sink.deliver([registered(2, name="更名有限公司")])
    sink.deliver([later(registered(1, name="旧名有限公司"), 9)])

    assert [("更名有限公司", "示例代表人")] == names(database)


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
