"""A JSON statement becomes an event, or every reason why it does not."""

import json
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import json_mutants
from tests.examples import EXAMPLES, as_read, body_of

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.wire import VALUE_BYTES_MAX, Message, read_event, write_event
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus.domain.synthetic import synthetic_resident_id, synthetic_uscc
from credit_bus_connectors.departments.json_form.statement import (
    Refused,
    Statement,
    event_of,
    read_statement,
    shapes_of,
)
from credit_bus_connectors.departments.json_form.text import JsonValue, read_json
from credit_bus_connectors.departments.json_form.values import REASONS_MAX
from credit_bus_connectors.departments.rules import FORM_RULES

CATALOGUE = load_catalogue()
CODEC = Codec(CATALOGUE)
SHAPES = shapes_of(CATALOGUE)
NOW = datetime(2026, 7, 27, 1, 2, 3, tzinfo=UTC)
PARTY = "market-regulation"
COMPANY = synthetic_uscc(1)
PERSON = synthetic_resident_id(20_000)  # born on 1954-10-05
MUTANTS = 10_000
REFUSED_MIN = 0.7  # of all: some bends leave a good statement

PENALTY = json.loads(
    (EXAMPLES / "penalty.decided/2/valid-2018-fine-and-confiscation.json").read_text()
)
OF_A_PERSON = json.loads(
    (EXAMPLES / "penalty.decided/2/valid-2016-natural-person.json").read_text()
)
RESPONSE = json.loads((EXAMPLES / "measure.responded/1/valid-accepted.json").read_text())


def pseudonym(number: str) -> str:
    """Stand in for the keyed digest."""
    return number.lower().encode().hex().ljust(64, "0")[:64]


def seal(number: str) -> Mapping[str, Any]:
    """Stand in for sealing."""
    return {"pseudonym": pseudonym(number), "box": b"box of " + number.encode()}


def read(document: Any) -> Statement | Refused:
    return read_text(json.dumps(document).encode())


def read_text(content: bytes) -> Statement | Refused:
    value = read_json(content, bytes_max=8 * VALUE_BYTES_MAX)
    if not isinstance(value, JsonValue):
        return Refused(reasons=(value,))
    return read_statement(value.value, party=PARTY, now=NOW, shapes=SHAPES, pseudonym=pseudonym)


def refused(document: Any) -> list[tuple[str, str]]:
    outcome = read(document)
    assert isinstance(outcome, Refused)
    return [(reason.code, reason.field) for reason in outcome.reasons]


def event(document: Any) -> Event:
    outcome = read(document)
    assert isinstance(outcome, Statement), outcome
    return event_of(outcome, seal)


def penalty(**changes: Any) -> dict[str, Any]:
    return {"type": "penalty.decided", "data": {**PENALTY, **changes}}


def of_subject(**changes: Any) -> dict[str, Any]:
    return penalty(subject={**PENALTY["subject"], **changes})


def of_person(
    number: Any, *, decided_on: str = "2018-03-23", kind: Any = "身份证"
) -> dict[str, Any]:
    subject = {**OF_A_PERSON["subject"], "person_id": number, "person_id_type": kind}
    return {
        "type": "penalty.decided",
        "data": {**OF_A_PERSON, "subject": subject, "decided_on": decided_on},
    }


def answer(**changes: Any) -> dict[str, Any]:
    return {"type": "measure.responded", "subject": COMPANY, "data": {**RESPONSE, **changes}}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([], [("json-type", "")]),
        ({}, [("json-missing", "type")]),
        ({"type": "tax.paid", "data": 1}, [("json-event-type", "type")]),
        ({"type": "event.accepted", "data": {}}, [("json-event-type", "type")]),
        ({"type": "delivery.confirmed", "data": {}}, [("json-event-type", "type")]),
        ({"type": ["penalty.decided"], "data": {}}, [("json-event-type", "type")]),
        ({"type": "penalty.decided"}, [("json-missing", "data")]),
        ({"type": "penalty.decided", "data": []}, [("json-type", "data")]),
        ({**penalty(), "score": 1}, [("json-name-unknown", "score")]),
        (penalty(fines=1, points=2), [
            ("json-name-unknown", "data.fines"),
            ("json-name-unknown", "data.points"),
        ]),
        (of_subject(grade="A"), [("json-name-unknown", "data.subject.grade")]),
        (penalty(facts=None), [("json-missing", "data.facts")]),
        (penalty(facts=7), [("json-type", "data.facts")]),
        (penalty(facts="\ud800"), [("json-text", "data.facts")]),
        (penalty(decided_on="2018/03/23"), [("json-date", "data.decided_on")]),
        (penalty(decided_on="2018-02-30"), [("json-date", "data.decided_on")]),
        (penalty(decided_on="20180323"), [("json-date", "data.decided_on")]),
        (penalty(decided_on="2018-03-23T00:00:00Z"), [("json-date", "data.decided_on")]),
        (penalty(categories="罚款"), [("json-type", "data.categories")]),
        (penalty(categories=["罚款", 1, None]), [
            ("json-type", "data.categories[1]"),
            ("json-missing", "data.categories[2]"),
        ]),
        (penalty(fine_10k="两千"), [("json-decimal", "data.fine_10k")]),
        (penalty(fine_10k=True), [("json-decimal", "data.fine_10k")]),
        (penalty(fine_10k="0.1234567"), [("json-decimal", "data.fine_10k")]),
        (penalty(fine_10k=10**12), [("json-decimal", "data.fine_10k")]),
        (penalty(recorded_at="2018-03-26T02:00:00"), [("json-time", "data.recorded_at")]),
        (penalty(recorded_at="0001-01-01T00:00:00+14:00"), [("json-time", "data.recorded_at")]),
        (penalty(recorded_at="2018-W12-1T02:00:00Z"), [("json-time", "data.recorded_at")]),
        (of_subject(category="企业"), [("json-word", "data.subject.category")]),
        (of_subject(uscc=None), [("subject-unnamed", "data.subject.uscc")]),
        (of_subject(uscc="00000000000000000X"), [("subject-unnamed", "data.subject.uscc")]),
        (of_subject(uscc="9" * 200), [("subject-unnamed", "data.subject.uscc")]),
        (of_person(None), [("subject-unnamed", "data.subject.person_id")]),
        (of_person("  "), [("json-sealed", "data.subject.person_id")]),
        (of_person(12), [("json-sealed", "data.subject.person_id")]),
        (of_person({"pseudonym": "0" * 64}), [("json-sealed", "data.subject.person_id")]),
        (of_person({"pseudonym": "0" * 64, "box": "xy"}), [
            ("json-sealed", "data.subject.person_id"),
        ]),
        (of_person("9" * 65), [("cell-identity-long", "data.subject.person_id")]),
        (of_person(PERSON[:-1] + "A"), [("cell-identity", "data.subject.person_id")]),
        (of_person(PERSON, kind=None), [("identity-type-missing", "data.subject.person_id_type")]),
        (of_person(PERSON, kind="/"), [("identity-type-missing", "data.subject.person_id_type")]),
        (of_person(PERSON, kind=1), [("json-type", "data.subject.person_id_type")]),
        (of_person(PERSON, decided_on="1960-01-01"), [("subject-minor", "data.subject.person_id")]),
        ({**answer(), "subject": None}, [("json-subject-missing", "subject")]),
        ({**answer(), "subject": "\u0000"}, [("json-header", "subject")]),
        (answer(action_id="a" * 129), [("json-header", "data.action_id")]),
        ({**penalty(), "subject": synthetic_uscc(2)}, [("json-subject-differs", "subject")]),
        ({**penalty(), "revision": 0}, [("json-integer", "revision")]),
        ({**penalty(), "revision": 1.0}, [("json-integer", "revision")]),
        ({**penalty(), "revision": True}, [("json-integer", "revision")]),
        ({**penalty(), "revision": 10**9}, [("json-integer", "revision")]),
        ({**penalty(), "time": "2026-07-27"}, [("json-time", "time")]),
        ({**penalty(), "time": 0}, [("json-time", "time")]),
        ({**penalty(), "causationid": ""}, [("json-header", "causationid")]),
        ({**penalty(), "source": "transport"}, [("json-source", "source")]),
        ({**penalty(), "specversion": "0.3"}, [("json-word", "specversion")]),
        ({**penalty(), "datacontenttype": "text/xml"}, [("json-word", "datacontenttype")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_path(document: Any, expected: list[tuple[str, str]]) -> None:
    assert expected == refused(document)


def test_all_mistakes_come_at_once() -> None:
    document = {**penalty(facts=7, decided_on="x", points=3), "revision": 0, "source": "x"}

    assert {
        ("json-name-unknown", "data.points"),
        ("json-type", "data.facts"),
        ("json-date", "data.decided_on"),
        ("json-integer", "revision"),
        ("json-source", "source"),
    } == set(refused(document))


def test_a_name_given_twice_is_refused_where_it_stands() -> None:
    text = json.dumps(penalty()).replace('"name":', '"name": "某甲", "name":')

    outcome = read_text(text.encode())

    assert isinstance(outcome, Refused)
    assert [("json-name-repeated", "data.subject.name")] == [
        (reason.code, reason.field) for reason in outcome.reasons
    ]


def test_allowed_words_are_listed() -> None:
    outcome = read(of_subject(category="x"))

    assert isinstance(outcome, Refused)
    assert "individual_business、natural_person、organisation" in outcome.reasons[0].rule


def test_a_statement_with_very_many_mistakes_says_so_and_ends() -> None:
    found = refused(penalty(categories=[1] * 5_000))

    assert REASONS_MAX + 1 == len(found)
    assert ("json-more-reasons", "") == found[-1]


def test_a_body_larger_than_a_record_of_the_bus_is_refused() -> None:
    assert [("json-too-large", "data")] == refused(penalty(remark="长" * 360_000))
    assert [("json-too-large", "data")] == refused(penalty(categories=["x"] * 200_000))


def test_an_action_disputed_by_an_unfit_name_is_refused() -> None:
    body = json.loads(
        (EXAMPLES / "objection.raised/1/valid-person-against-action.json").read_text()
    )
    body["about"]["action_id"] = "\n"

    assert [("json-header", "data.about.action_id")] == refused(
        {"type": "objection.raised", "data": body}
    )


def test_a_number_without_a_kind_of_document_is_checked_when_it_looks_like_a_resident_s() -> None:
    body = json.loads(
        (EXAMPLES / "objection.raised/1/valid-person-against-action.json").read_text()
    )

    def objection(number: str) -> dict[str, Any]:
        subject = {**body["subject"], "person_id": number}
        return {"type": "objection.raised", "data": {**body, "subject": subject}}

    wrong = PERSON[:-1] + ("0" if PERSON[-1] != "0" else "1")

    assert [("cell-identity", "data.subject.person_id")] == refused(objection(wrong))
    assert pseudonym("E12345678") == event(objection(" e12345678 ")).subject


def test_a_clear_number_is_sealed_and_names_its_subject() -> None:
    said = event(of_person(PERSON))

    assert pseudonym(PERSON) == said.subject
    assert seal(PERSON) == said.body["subject"]["person_id"]


def test_a_minor_grown_up_by_the_day_is_taken() -> None:
    assert [("subject-minor", "data.subject.person_id")] == refused(
        of_person(PERSON, decided_on="1972-10-04")
    )
    assert pseudonym(PERSON) == event(of_person(PERSON, decided_on="1972-10-05")).subject


@pytest.mark.parametrize(
    ("example", "changes"),
    [
        ("listing.entered/1/valid-honour-of-a-person-without-end", {"decided_on": "1960-01-01"}),
        ("action.initiated/1/valid-incentive-for-a-person", {"instrument": "1960-01-01"}),
    ],
)
def test_nobody_under_age_is_listed_or_has_anything_initiated(
    example: str, changes: dict[str, str]
) -> None:
    body = json.loads((EXAMPLES / f"{example}.json").read_text())
    body["subject"]["person_id"] = PERSON
    body |= {"decided_on": changes["decided_on"]} if "decided_on" in changes else {}
    if "instrument" in changes:
        body["instrument"]["issued_on"] = changes["instrument"]

    assert [("subject-minor", "data.subject.person_id")] == refused(
        {"type": example.partition("/")[0], "data": body}
    )


def test_a_clear_number_shows_in_no_representation() -> None:
    outcome = read(of_person(PERSON))

    assert PERSON not in repr(outcome)
    assert isinstance(outcome, Statement)
    assert PERSON not in repr(outcome.body)
    assert (pseudonym(PERSON),) == outcome.pseudonyms


def test_an_individual_business_without_a_code_is_known_by_its_operator() -> None:
    said = event(
        of_subject(
            category="individual_business",
            uscc="00000000000000000X",
            representative_id_type="身份证",
            representative_id=PERSON,
        )
    )

    assert pseudonym(PERSON) == said.subject


def test_a_subject_may_be_repeated_when_it_is_the_body_s_own() -> None:
    assert (
        PENALTY["subject"]["uscc"]
        == event({**penalty(), "subject": PENALTY["subject"]["uscc"]}).subject
    )


def test_defaults_are_the_first_revision_and_the_moment_of_the_adapter() -> None:
    said = event(penalty())

    assert (1, NOW, None) == (said.revision, said.time, said.causation_id)


def test_the_envelope_is_taken_over() -> None:
    said = event(
        {
            **answer(),
            "revision": 2,
            "time": "2026-07-27T09:02:03.0049999+08:00",
            "causationid": "0" * 32,
            "source": PARTY,
            "specversion": "1.0",
            "datacontenttype": "application/json",
        }
    )

    assert (2, NOW.replace(microsecond=4000), "0" * 32) == (
        said.revision,
        said.time,
        said.causation_id,
    )
    assert RESPONSE["action_id"] == said.correlation_id


def test_the_client_s_own_id_is_kept_and_names_nothing() -> None:
    outcome = read({**penalty(), "id": "mine-1"})

    assert isinstance(outcome, Statement)
    assert "mine-1" == outcome.given_id
    assert event(penalty()).id == event_of(outcome, seal).id


def test_amounts_may_be_numbers_or_texts_and_lose_nothing() -> None:
    for amount in ("123456789012.123456", 123456789012.5, 7, "0.10"):
        expected = Decimal(json.dumps(amount).strip('"'))

        assert expected == event(penalty(fine_10k=amount)).body["fine_10k"]


def test_an_amount_with_an_exponent_is_the_same_amount() -> None:
    text = json.dumps(penalty(fine_10k="@")).replace('"@"', "2.5e3")
    outcome = read_text(text.encode())

    assert isinstance(outcome, Statement)
    said = decoded(event_of(outcome, seal))
    assert said is not None
    assert Decimal(2500) == said.body["fine_10k"]


def test_missing_nullable_fields_are_null() -> None:
    body = {name: value for name, value in PENALTY.items() if value is not None}
    body["subject"] = {
        name: value for name, value in PENALTY["subject"].items() if value is not None
    }

    assert event(penalty()).body == event({"type": "penalty.decided", "data": body}).body


def sayable_examples() -> list[Any]:
    return [
        pytest.param(path, id=str(path.relative_to(EXAMPLES)))
        for path in sorted(EXAMPLES.glob("*/*/valid-*.json"))
        if EVENT_TYPES[path.parts[-3]].receipt and not EVENT_TYPES[path.parts[-3]].said_by_bus
    ]


def document_of(path: Path) -> dict[str, Any]:
    body = json.loads(path.read_text("utf-8"))
    own = {} if "subject" in body else {"subject": COMPANY}
    return {"type": path.parts[-3], "data": body, **own}


def decoded(said: Event) -> Event | None:
    wire = write_event(said, CODEC)
    message = Message(
        topic="t",
        partition=0,
        offset=0,
        timestamp_ms=0,
        key=wire.key,
        headers=tuple(wire.headers),
        value=wire.value,
    )
    return read_event(message, CODEC).event


@pytest.mark.parametrize("path", sayable_examples())
def test_every_example_that_a_party_may_say_is_carried_as_it_is(path: Path) -> None:
    kind = path.parts[-3]
    said_body = body_of(kind, json.loads(path.read_text("utf-8")))
    body = as_read(json.loads(CATALOGUE.latest(kind).raw), said_body)

    said = event(document_of(path))

    assert replace(said, body=body) == decoded(said)


def test_of_the_invalid_examples_only_what_an_adapter_converts_is_taken() -> None:
    taken = {
        path.name
        for path in EXAMPLES.glob("*/*/invalid-*.json")
        if not isinstance(read(document_of(path)), Refused)
    }

    assert {
        "invalid-amount-as-number.json",
        "invalid-identity-number-in-clear.json",
    } == taken


def test_ten_thousand_bent_statements_have_reasons_or_are_events() -> None:
    seed = random.randrange(2**32)
    dice = random.Random(seed)
    documents = [document_of(param.values[0]) for param in sayable_examples()]
    counts: Counter[str] = Counter()
    for _ in range(MUTANTS):
        content = json_mutants.mutate(dice.choice(documents), dice)
        outcome = read_text(content)
        if isinstance(outcome, Statement):
            assert decoded(event_of(outcome, seal)) is not None, (seed, content)
        else:
            assert outcome.reasons, (seed, content)
            assert REASONS_MAX + 1 >= len(outcome.reasons), (seed, content)
            json.dumps([reason.field for reason in outcome.reasons], ensure_ascii=False).encode()
            counts.update({reason.code for reason in outcome.reasons})

    assert MUTANTS * REFUSED_MIN < sum(counts.values())
    assert set(counts) <= set(FORM_RULES)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.data())
def test_any_value_anywhere_is_refused_or_carried(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from([penalty(), of_person(PERSON), answer()]))
    name = data.draw(st.sampled_from(sorted(document["data"])))
    place = data.draw(st.sampled_from(["data", "envelope"]))
    value = data.draw(ANY_JSON)
    bent = (
        {**document, "data": {**document["data"], name: value}}
        if place == "data"
        else {**document, data.draw(st.sampled_from(["id", "time", "revision", "subject"])): value}
    )

    outcome = read(bent)

    assert isinstance(outcome, Refused) or decoded(event_of(outcome, seal)) is not None
