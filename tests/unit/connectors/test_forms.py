"""The wire's forms, the code tables, and how a batch is cut for the wire."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests import samples

from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.shape import Shape, shape_of
from credit_bus.domain.disputes import objection_key
from credit_bus.domain.event import document_key
from credit_bus.domain.synthetic import synthetic_resident_id
from credit_bus_connectors.platforms.forms import (
    PUBLICITY_WORDS,
    WITHDRAWAL_WORDS,
    amount,
    category,
    day,
    fill,
    joined,
    table_key,
)
from credit_bus_connectors.platforms.municipal import (
    EVENTS_PER_POST_MAX,
    POST_BYTES_MAX,
    _digest,
    _disputes,
    _ends,
    _hides,
    _posts,
    waves,
)
from credit_bus_connectors.platforms.municipal_tables import (
    CORRECTION_WORDS,
    FORMS,
    REMOVAL_WORDS,
)
from credit_bus_connectors.platforms.postgres import is_storable, plain
from credit_bus_connectors.platforms.provincial_tables import CHANGES, DISPUTES, TABLES
from credit_bus_connectors.platforms.refusals import PLATFORM_RULES, refusal


def check(expected: object, told: object) -> None:
    assert expected == told
    assert type(expected) is type(told)


def test_the_forms_of_the_standard() -> None:
    check("2026/05/04", day(date(2026, 5, 4)))
    check("2099/12/31", day(date(2099, 12, 31)))
    check("0.200000", str(amount(Decimal("0.2"))))
    check("999999999999.999999", str(amount(Decimal("999999999999.999999"))))
    check("警告；罚款", joined(["警告", "罚款"]))
    check("罚款", joined(["罚款"]))
    check("法人及非法人组织", category("organisation"))
    check("个体工商户", category("individual_business"))
    check("自然人", category("natural_person"))


def test_an_amount_is_never_rounded() -> None:
    with pytest.raises(AssertionError, match="decimals"):
        amount(Decimal("0.1234567"))


def test_what_the_body_does_not_say_is_empty() -> None:
    columns = TABLES["penalty.decided", "2018"].columns
    told = fill(columns, samples.penalty_body(remark=None, publish_until=None))

    assert (None, None, None) == (told["BZ"], told["CF_GSJZQ"], told["CF_XDR_ZJHM"])
    assert "罚款人民币二万元" == told["CF_NR"]


def test_a_record_of_2016_is_told_in_the_columns_of_2016() -> None:
    body = samples.penalty_body_2016(categories=["罚款"], subject=samples.person(7))
    clear = {**body, "subject": {**body["subject"], "person_id": "某号"}}
    told = fill(TABLES["penalty.decided", "2016"].columns, clear)

    assert ("罚款", None, "某号") == (told["CF_CFLB1"], told["CF_CFLB2"], told["CF_XDR_SFZ"])
    assert ("2026/05/21 10:00:00", "0", "1") == (told["SJC"], told["CF_ZT"], told["CF_SXYZCD"])
    assert "CF_NR_FK" not in told


def test_the_municipality_is_told_a_number_of_2016_masked() -> None:
    body = samples.licence_body_2016(subject=samples.person(7))
    number = synthetic_resident_id(7)
    clear = {**body, "subject": {**body["subject"], "person_id": number}}
    told = fill(FORMS["licence.granted", "2016"].columns, clear)

    assert number[:3] + "*" * 11 + number[-4:] == told["XK_XDR_SFZ"]
    assert (
        None
        is fill(FORMS["licence.granted", "2016"].columns, samples.licence_body_2016())["XK_XDR_SFZ"]
    )


@pytest.mark.parametrize(
    ("tables", "kind"),
    [
        *((tables, key) for tables in (TABLES, FORMS) for key in tables),
        *(
            ({(kind, None): table}, (kind, None))
            for kind, table in (*CHANGES.items(), *DISPUTES.items())
        ),
    ],
)
def test_every_column_is_made_of_a_field_of_the_schema(tables: dict, kind: tuple) -> None:
    schema = load_catalogue().latest(kind[0])
    paths = {"subject"} | set(paths_of(shape_of(schema.parsed)[0]))

    assert [] == [one.field for one in tables[kind].columns if one.field not in paths]


def paths_of(shape: Shape) -> Iterator[str]:
    for field in shape.fields:
        yield field.shape.path
        yield from paths_of(field.shape)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("record.withdrawn", WITHDRAWAL_WORDS),
        ("record.corrected", CORRECTION_WORDS),
        ("listing.removed", REMOVAL_WORDS),
        ("publicity.ended", PUBLICITY_WORDS),
    ],
)
def test_every_cause_has_its_word(kind: str, words: dict) -> None:
    shape = shape_of(load_catalogue().latest(kind).parsed)[0]
    (cause,) = (field.shape for field in shape.fields if field.name == "cause")

    assert set(cause.symbols) == set(words)
    assert len(words) == len(set(words.values()))


def test_only_a_withdrawal_and_a_removal_end_what_the_municipality_holds() -> None:
    ends = {kind: _ends(samples.of_standing(kind, 1)) for kind in samples.STANDING}

    assert {
        "listing.entered": None,
        "subject.registered": None,
        "record.corrected": None,
        "record.withdrawn": {
            "document": document_key(samples.penalty(1)).hex(),
            "revision": 1,
        },
        "listing.removed": {
            "document": document_key(samples.of_standing("listing.entered", 1)).hex(),
            "revision": None,
        },
        "publicity.ended": None,
    } == ends


def test_only_an_end_of_publicity_hides_what_the_municipality_holds() -> None:
    hidden = {kind: _hides(samples.of_standing(kind, 1)) for kind in samples.STANDING}

    assert {
        **dict.fromkeys(samples.STANDING),
        "publicity.ended": {
            "document": document_key(samples.penalty(1)).hex(),
            "revision": 1,
        },
    } == hidden


def test_only_an_objection_to_a_record_and_its_decision_dispute_what_the_municipality_holds() -> (
    None
):
    told = {kind: _disputes(samples.of_course(kind, 1)) for kind in samples.COURSE}
    mark = {
        "document": document_key(samples.penalty(1)).hex(),
        "objection": objection_key(samples.of_course("objection.raised", 1)).hex(),
    }

    assert {
        **dict.fromkeys(samples.COURSE),
        "objection.raised": {**mark, "open": True},
        "objection.decided": {**mark, "open": False},
    } == told
    assert None is _disputes(samples.of_course("objection.raised", about=samples.about_action()))


@pytest.mark.parametrize("kind", ["objection.raised", "objection.decided"])
def test_what_a_subject_says_and_what_was_found_is_in_no_form(kind: str) -> None:
    columns = (*FORMS[(kind, None)].columns, *DISPUTES[kind].columns)

    assert set() == {column.field for column in columns} & {
        "statement", "findings", "basis", "scope", "decision", "remedy",
    }  # fmt: skip


def test_what_a_newer_schema_adds_does_not_change_what_was_said() -> None:
    event = samples.penalty()
    columns = FORMS[table_key(event)].columns
    newer = {**event.body, "new": None, "subject": {**event.body["subject"], "new": None}}

    assert _digest(event, columns) == _digest(replace(event, body=newer), columns)


@pytest.mark.parametrize("tables", [TABLES, FORMS], ids=["provincial", "municipal"])
def test_no_code_stands_twice_in_a_table(tables: dict) -> None:
    for table in tables.values():
        codes = [column.code for column in table.columns]

        assert sorted(set(codes)) == sorted(codes)


def test_every_reason_has_its_texts_filled_in() -> None:
    details = {"column": "CF_NR", "length": 1, "actual": 2, "told": "x"}
    for code in PLATFORM_RULES:
        reason = refusal(code, "content", **details)

        assert "{" not in reason.rule + reason.remedy
        assert reason.rule
        assert reason.remedy


def test_a_wave_has_one_event_of_a_subject_and_the_waves_keep_its_order() -> None:
    batch = [samples.penalty(n, document_number=str(at)) for at, n in enumerate((0, 1, 0, 0, 2))]

    assert [[0, 1, 4], [2], [3]] == waves(batch)
    assert [] == waves([])


def test_a_post_is_bounded_in_number_and_in_bytes() -> None:
    many = [(at, "{}") for at in range(2 * EVENTS_PER_POST_MAX + 1)]
    large = [(at, "x" * (POST_BYTES_MAX // 2 + 1)) for at in range(3)]

    assert [EVENTS_PER_POST_MAX, EVENTS_PER_POST_MAX, 1] == [len(post) for post in _posts(many)]
    assert [[0], [1], [2]] == [[at for at, _ in post] for post in _posts(large)]
    assert [] == list(_posts([]))


def test_only_the_null_character_cannot_be_stored() -> None:
    import json

    for text, expected in (
        ("a\x00b", False),
        ("\\\x00", False),
        ("\\u0000", True),
        ("\\\\u0000", True),
        ("\x01\x1f", True),
        ("汉字", True),
    ):
        assert expected == is_storable(json.dumps(text)), text
        assert expected == is_storable(json.dumps(text, ensure_ascii=False)), text


def test_what_has_no_stored_form_is_our_mistake() -> None:
    with pytest.raises(TypeError, match="no stored form"):
        plain(object())
