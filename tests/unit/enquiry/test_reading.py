"""A body of JSON becomes a question, or every reason why it is none, each at its field."""

import json
from typing import Any

import pytest
from tests.unit.domain.district import REGISTRY, TODAY
from tests.unit.enquiry.stories import NOW, SUBJECT

from credit_bus.domain.synthetic import synthetic_resident_id
from credit_bus_connectors.enquiry.question import Question
from credit_bus_connectors.enquiry.reading import BYTES_MAX, Request, read_question, read_request

PSEUDONYM = "ab" * 32
GOOD = {
    "enquiry_number": "财查〔2026〕1号",
    "subject": SUBJECT,
    "purpose": "bids",
    "procedure": "供应商资格审查",
    "case_reference": "采〔2026〕1号",
}
PERSON = {"person_id": synthetic_resident_id(1), "person_id_type": "身份证"}
SEALED = {"person_id": {"pseudonym": PSEUDONYM, "box": "00" * 40}}
INJECTIONS = (
    "'; DROP TABLE enquiry.log; --",
    "1 OR 1=1",
    "${jndi:ldap://127.0.0.1/a}",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "%s%s%n",
    "\u0000",
    "\u202e反",
    "a" * 5000,
)


def read(content: Any, asker: str = "finance") -> Question | list[tuple[str, str]]:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    found = read_question(
        raw,
        asker=asker,
        now=NOW,
        registry=REGISTRY,
        today=TODAY,
        pseudonym=lambda _: PSEUDONYM,
    )
    if isinstance(found, Question):
        return found
    assert all(each.rule and each.remedy for each in found)
    return [(each.code, each.field) for each in found]


def test_a_question_is_read_with_its_subject_s_key() -> None:
    question = read(GOOD)

    assert isinstance(question, Question)
    assert (SUBJECT, "bids", "finance") == (question.subject, question.purpose, question.asker)


@pytest.mark.parametrize("subject", [PERSON, SEALED, PSEUDONYM])
def test_a_person_is_asked_about_by_pseudonym_alone(subject: Any) -> None:
    question = read({**GOOD, "subject": subject})

    assert isinstance(question, Question)
    assert PSEUDONYM == question.subject
    assert synthetic_resident_id(1) not in repr(question)


def test_every_mistake_is_told_at_its_field() -> None:
    assert [
        ("json-name-unknown", "reason"),
        ("json-missing", "enquiry_number"),
        ("json-missing", "subject"),
        ("json-type", "purpose"),
        ("json-missing", "procedure"),
        ("json-missing", "case_reference"),
    ] == read({"purpose": 1, "reason": "x"})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"subject": "91620702"}, [("subject-key-malformed", "subject")]),
        ({"subject": {}}, [("json-missing", "subject.person_id")]),
        ({"subject": []}, [("json-type", "subject")]),
        ({"subject": {"person_id": "1"}}, [("identity-type-missing", "subject.person_id_type")]),
        (
            {"subject": {**PERSON, "person_id": "999999190001010008"}},
            [("cell-identity", "subject.person_id")],
        ),
        ({"subject": {"person_id": {"box": ""}}}, [("json-sealed", "subject.person_id")]),
        ({"subject": {**PERSON, "name": "甲"}}, [("json-name-unknown", "subject.name")]),
        ({"purpose": "curiosity"}, [("purpose-unknown", "purpose")]),
        ({"procedure": "无"}, [("text-missing", "procedure")]),
        ({"procedure": "长" * 201}, [("text-too-long", "procedure")]),
        ({"case_reference": " 1"}, [("text-padded", "case_reference")]),
        ({"enquiry_number": "1\u00002"}, [("text-control-character", "enquiry_number")]),
        (
            {"enquiry_number": "", "case_reference": ""},
            [("text-missing", "enquiry_number"), ("text-missing", "case_reference")],
        ),
    ],
)
def test_a_mistake_is_refused_by_its_rule(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert expected == read({**GOOD, **changes})


def test_an_asker_that_the_purpose_does_not_allow_is_told_so() -> None:
    assert [("purpose-not-for-asker", "purpose")] == read(GOOD, asker="court")


@pytest.mark.parametrize("field", list(GOOD))
@pytest.mark.parametrize("text", INJECTIONS)
def test_a_text_that_means_something_elsewhere_is_a_text_here_or_refused(
    field: str, text: str
) -> None:
    found = read({**GOOD, field: text})

    if isinstance(found, Question):
        assert text == getattr(found, field)
        assert field in {"enquiry_number", "procedure", "case_reference"}
    else:
        assert {field} == {place for _, place in found}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "json-broken"),
        (b"[]", "json-type"),
        (b"null", "json-type"),
        (b"\xff", "json-encoding"),
        (b"[" * 1000, "json-too-deep"),
        (b" " * (BYTES_MAX + 1), "json-too-large"),
        (b'{"purpose": NaN}', "json-constant"),
    ],
)
def test_what_is_no_object_of_json_is_refused_whole(content: bytes, code: str) -> None:
    assert [(code, "")] == read(content)


def test_a_name_given_twice_is_refused() -> None:
    content = json.dumps(GOOD)[:-1] + ', "purpose": "lane"}'

    assert [("json-name-repeated", "purpose")] == read(content.encode())


def test_a_window_s_request_names_a_subject_and_a_case() -> None:
    def asked(told: Any) -> Any:
        return read_request(
            json.dumps(told).encode(),
            registry=REGISTRY,
            today=TODAY,
            pseudonym=lambda _: PSEUDONYM,
        )

    assert Request(subject=PSEUDONYM, case_reference="窗1号") == asked(
        {"subject": PERSON, "case_reference": "窗1号"}
    )
    assert [("subject-key-malformed", "subject"), ("text-missing", "case_reference")] == [
        (each.code, each.field) for each in asked({"subject": "x", "case_reference": ""})
    ]
