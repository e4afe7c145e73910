"""What the public asks for, passed on: the event, its progress, and what its asker reads."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests import samples
from tests.unit.desk.cases import NOW, case, said, told

from credit_bus.contracts.wire import write_event
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
)
from credit_bus.domain.reason import Reason
from credit_bus.domain.synthetic import synthetic_resident_id
from credit_bus_connectors.departments.desk.cases import Case, Heard, Said, State
from credit_bus_connectors.departments.desk.request_bodies import body_of, field_of, filled_by
from credit_bus_connectors.departments.desk.requests import (
    KINDS,
    Petition,
    progress_of,
    recogniser_of,
    request_of,
    way_of_request,
)
from credit_bus_connectors.departments.desk.subjects import (
    CODE_MISSING,
    NOT_OF_A_PERSON,
    NUMBER_MISSING,
    NUMBER_NOT_ASKED,
    subject_mistakes,
)

PETITION = Petition(
    number=12,
    kind="objection",
    state="received",
    received_at=datetime(2026, 5, 31, 17, tzinfo=UTC),  # June in Shanghai
    provider=samples.PENALISING,
    record_type=PENALTY_DECIDED,
    document_number=samples.penalty_body(1)["document_number"],
    subject_name=samples.reference(1)["name"],
    category="organisation",
    uscc=samples.reference(1)["uscc"],
    applicant="示例某",
    relation="agent",
    telephone="0936-8210000",
    statement="处罚决定已被撤销。",
    scope=("content",),
    performed_on=None,
    commitment_published_on=None,
    proofs=(),
    answered_at=None,
    answer=None,
)
REPAIR = replace(
    PETITION,
    kind="repair",
    scope=(),
    performed_on=date(2026, 5, 20),
    commitment_published_on=date(2026, 5, 21),
    proofs=("缴纳凭证", "整改报告"),
)
SEALED = {"pseudonym": "ab" * 32, "box": bytes(47)}


def event_of(petition: Petition, **entered: Any) -> tuple[Event, tuple[Reason, ...]]:
    """What the window says of a petition, after it entered the rest."""
    filled = filled_by(petition)
    days = ("asked_on", "performed_on", "commitment_published_on")
    given = {
        **filled,
        **{name: date.fromisoformat(filled[name]) for name in days if filled[name]},
        "subject_number": "",
        "minimum_reached_on": date(2026, 5, 25),
        **entered,
    }
    kind = KINDS[petition.kind]
    registry = samples.registry()
    body = body_of(
        kind,
        given,
        seal=lambda _: SEALED,
        registry=registry,
        today=NOW.date(),
        is_of_site=True,
    )
    return request_of(kind, body, party=samples.WINDOW, registry=registry, now=NOW)


def asked(kind: str = OBJECTION_RAISED, **changes: Any) -> Said:
    """The window's statement, made of the petition."""
    body = samples.objection_body() if kind == OBJECTION_RAISED else samples.repair_body()
    return replace(said(kind, body, "", **changes), petition=12)


def decided(**changes: Any) -> Heard:
    body = samples.verification_body(**changes)
    return told(OBJECTION_DECIDED, body, id_="c" * 32, days=2, source=samples.PENALISING)


def repair_said(kind: str, body: dict[str, Any], id_: str) -> Heard:
    return told(kind, body, id_=id_ * 32, days=1, source=samples.PENALISING)


def of(*events: Heard | Said) -> Case:
    return case("objection", *events)


@pytest.mark.parametrize("petition", [PETITION, REPAIR], ids=["objection", "repair"])
def test_a_petition_becomes_an_event_that_the_gate_takes(petition: Petition) -> None:
    event, reasons = event_of(petition)

    assert () == reasons
    assert write_event(event, samples.codec())
    number = event.body["objection_number" if petition is PETITION else "request_number"]
    assert "网申〔2026〕12号" == number
    assert petition.uscc == event.subject
    assert samples.about_penalty(1) == event.body["about"]
    if petition is PETITION:
        assert ("网站", date(2026, 6, 1)) == (event.body["channel"], event.body["raised_on"])
    else:
        assert (samples.PENALISING, ["缴纳凭证", "整改报告"]) == (
            event.body["recogniser"],
            event.body["proofs"],
        )


def test_a_person_is_named_by_the_sealed_number_alone() -> None:
    person = replace(PETITION, category="natural_person", uscc=None, subject_name="示*某")
    assert "" == filled_by(person)["subject_name"]  # what the site masks is no name

    event, reasons = event_of(
        person, subject_name="示例某", subject_number=synthetic_resident_id(9)
    )

    assert () == reasons
    assert (SEALED["pseudonym"], SEALED) == (event.subject, event.body["subject"]["person_id"])
    assert synthetic_resident_id(9).encode() not in write_event(event, samples.codec()).value


def test_repair_asked_before_the_shortest_publicity_is_over_is_told_at_its_field() -> None:
    _, reasons = event_of(REPAIR, minimum_reached_on=date(2026, 7, 1))

    assert ["asked_on"] == [field_of(each) for each in reasons]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("about.record.document_number", "about_record_document_number"),
        ("about", "about_record_document_number"),
        ("objection_number", "number"),
        ("recogniser", "about_record_provider"),
        ("subject.uscc", "subject_uscc"),
        ("scope[0]", "scope"),
    ],
)
def test_a_reason_of_the_gate_stands_at_a_field_of_the_form(path: str, name: str) -> None:
    assert name == field_of(Reason(code="c", field=path, rule="r", remedy="m"))


@pytest.mark.parametrize(
    ("category", "uscc", "number", "mistakes"),
    [
        ("organisation", "", "", [("uscc", CODE_MISSING)]),
        ("organisation", "91", "1", [("number", NUMBER_NOT_ASKED)]),
        ("individual_business", "92", "", []),
        ("natural_person", "", "", [("number", NUMBER_MISSING)]),
        ("natural_person", "91", "E12345678", [("uscc", NOT_OF_A_PERSON)]),
        ("natural_person", "", synthetic_resident_id(3), []),
    ],
)
def test_a_subject_has_a_code_or_a_number(
    category: str, uscc: str, number: str, mistakes: list[tuple[str, str]]
) -> None:
    assert mistakes == subject_mistakes(category=category, uscc=uscc, number=number)


def test_a_slip_of_the_pen_in_a_number_and_a_minor_are_told() -> None:
    number = synthetic_resident_id(3)
    slipped = number[:-1] + ("0" if number[-1] != "0" else "1")
    [(field, _)] = subject_mistakes(category="natural_person", uscc="", number=slipped)
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    [(of_minor, text)] = subject_mistakes(
        category="natural_person", uscc="", number=number, adult_on=born
    )

    assert ("number", "number", True) == (field, of_minor, "未满十八周岁" in text)


def test_who_recognised_repairs_or_its_successor() -> None:
    registry = samples.registry()
    about = samples.about_penalty()
    old = registry.parties[samples.PENALISING]
    gone = replace(old, until=date(2026, 1, 1), successors=("finance",))
    changed = replace(registry, parties={**registry.parties, old.code: gone})

    assert samples.PENALISING == recogniser_of(about, registry, NOW.date())
    assert "finance" == recogniser_of(about, changed, NOW.date())
    assert samples.COURT == recogniser_of(samples.about_action(), registry, NOW.date())
    assert "" == recogniser_of({"record": None, "action_id": "x"}, registry, NOW.date())


@pytest.mark.parametrize("state", [State.PENDING, State.REJECTED])
def test_a_petition_waits_as_long_as_no_gate_took_what_was_said_of_it(state: State) -> None:
    assert progress_of(of(asked(state=state))) is None


def test_what_was_passed_on_over_the_counter_has_no_petition() -> None:
    assert progress_of(of(said(OBJECTION_RAISED, samples.objection_body(), ""))) is None


def test_a_petition_follows_its_case_to_the_decision() -> None:
    first = progress_of(of(asked()))
    last = progress_of(of(asked(), decided()))

    assert first is not None
    assert last is not None
    assert (12, "accepted", None) == (first.petition, first.state, first.answer)
    assert "upheld" == last.state
    assert "已于2026年5月25日被撤销" in (last.answer or "")
    assert "撤回" in (last.answer or "")


def test_a_repair_goes_on_to_whoever_recognised_and_ends_with_its_decision() -> None:
    taken = repair_said(REPAIR_ACCEPTED, samples.repair_acceptance_body(), "d")
    granted = repair_said(REPAIR_DECIDED, samples.repair_decision_body(), "e")
    refused = repair_said(
        REPAIR_DECIDED,
        samples.repair_decision_body(decision="not_accepted", reason="材料不全", effective_on=None),
        "f",
    )
    request = asked(REPAIR_REQUESTED)
    states = [
        progress_of(of(request, *heard)) for heard in ((), (taken,), (taken, granted), (refused,))
    ]

    assert ["accepted", "taken_in", "granted", "not_accepted"] == [
        None if each is None else each.state for each in states
    ]
    assert states[3] is not None
    assert "材料不全" == states[3].answer


def test_no_number_of_a_person_reaches_whoever_reads_the_receipt() -> None:
    number = synthetic_resident_id(5)
    found = progress_of(of(asked(), decided(findings=f"当事人 {number} 已履行")))

    assert found is not None
    assert number not in (found.answer or "")


def test_a_refused_attempt_before_the_good_one_does_not_hold_the_petition_back() -> None:
    found = progress_of(of(asked(state=State.REJECTED, id_="9" * 32), asked()))

    assert found is not None
    assert "accepted" == found.state


@pytest.mark.parametrize(
    ("events", "marks"),
    [
        ([asked(state=State.PENDING)], ["done", "now", "ahead"]),
        ([asked(state=State.REJECTED)], ["done", "now", "ahead"]),
        ([asked()], ["done", "done", "now"]),
        ([asked(), decided()], ["done", "done", "done"]),
        ([asked(REPAIR_REQUESTED)], ["done", "done", "now", "ahead"]),
        (
            [
                asked(REPAIR_REQUESTED),
                repair_said(REPAIR_ACCEPTED, samples.repair_acceptance_body(), "d"),
            ],
            ["done", "done", "done", "now"],
        ),
    ],
)
def test_the_way_of_a_request_shows_where_it_is(
    events: list[Heard | Said], marks: list[str]
) -> None:
    steps = way_of_request(of(*events), samples.registry())

    assert marks == [each.mark for each in steps]


def test_a_day_without_known_working_days_has_no_due_day_but_a_step() -> None:
    late = replace(asked(), judged_at=datetime(2099, 1, 1, tzinfo=UTC))

    assert "" == way_of_request(of(late), samples.registry())[-1].day
