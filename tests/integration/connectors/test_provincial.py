"""The province's front-end database: its columns, its lengths, and who takes the rows."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests import samples
from tests.conformance.platforms import NUMBER, keys, natural_person, rows

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import LICENCE_GRANTED, PENALTY_DECIDED
from credit_bus_connectors.contract import Result, UnreachableError
from credit_bus_connectors.platforms.forms import TableKey
from credit_bus_connectors.platforms.provincial import TABLES, ProvincialSink, recid
from credit_bus_connectors.platforms.provincial_standin import take_rows

_TABLE_NAMES = {
    (LICENCE_GRANTED, "2018"): "l_gz_xzxk",
    (PENALTY_DECIDED, "2018"): "l_gz_xzcf",
    (LICENCE_GRANTED, "2016"): "l_gz_xzxk_2016",
    (PENALTY_DECIDED, "2016"): "l_gz_xzcf_2016",
}
_OWN = {"recid", "state", "error_text", "sequence", "written_at", "marked_at"}


@pytest.fixture
def sink(database: str) -> Iterator[ProvincialSink]:
    connected = ProvincialSink(database, connect_keys=lambda: keys(database))
    yield connected
    connected.close()


def licence(number: int = 0, **changes: Any) -> Event:
    return samples.licence(
        number, **{"decided_on": date(2026, 5, 4), "valid_to": date(2099, 12, 31), **changes}
    )


def test_a_type_without_a_table_is_our_mistake(sink: ProvincialSink) -> None:
    with pytest.raises(ValueError, match="take the type out of its route"):
        sink.deliver([samples.initiation()])


def test_every_value_that_is_too_long_is_told_with_column_and_length(sink: ProvincialSink) -> None:
    subject = samples.subject(1, name="名" * 201, tax_number="1" * 16)

    answer = sink.deliver([samples.penalty(1, subject=subject, content="长" * 4001)])[0]

    assert ["subject.name", "subject.tax_number", "content"] == [r.field for r in answer.reasons]
    assert "CF_XDR_MC 最多 200 个字符，现有 201 个" in answer.reasons[0].rule
    assert {"column-too-long"} == {reason.code for reason in answer.reasons}


def test_the_longest_values_fit(sink: ProvincialSink, database: str) -> None:
    longest = samples.subject(1, name="名" * 200, tax_number="1" * 15)

    answer = sink.deliver([samples.penalty(1, subject=longest, content="长" * 4000)])[0]

    assert Result.DELIVERED is answer.result
    assert [(200,)] == rows(database, "SELECT char_length(cf_xdr_mc) FROM front.l_gz_xzcf")


def test_an_erased_number_stops_the_row_and_says_why(sink: ProvincialSink, database: str) -> None:
    event = natural_person(database)
    store = keys(database)
    store.destroy(event.subject)
    store.close()

    first = sink.deliver([event])

    assert Result.INVALID is first[0].result
    assert ["number-erased"] == [reason.code for reason in first[0].reasons]
    assert [(0,)] == rows(database, "SELECT count(*) FROM front.l_gz_xzcf")
    assert first == sink.deliver([event])


def test_erasure_after_delivery_does_not_change_the_answer(
    sink: ProvincialSink, database: str
) -> None:
    event = natural_person(database)
    first = sink.deliver([event])
    store = keys(database)
    store.destroy(event.subject)
    store.close()

    assert first == sink.deliver([event])
    assert Result.DELIVERED is first[0].result


def test_a_box_that_does_not_open_is_told(sink: ProvincialSink, database: str) -> None:
    event = natural_person(database)
    sealed = event.body["subject"]["person_id"]
    broken = {**sealed, "box": sealed["box"][:-1] + bytes([sealed["box"][-1] ^ 1])}
    subject = {**event.body["subject"], "person_id": broken}
    altered = samples.said(
        PENALTY_DECIDED,
        {**event.body, "subject": subject},
        party=samples.PENALISING,
        subject=event.subject,
    )

    assert ["number-unreadable"] == [r.code for r in sink.deliver([altered])[0].reasons]


def test_a_key_store_that_does_not_answer_makes_the_platform_unreachable(database: str) -> None:
    event = natural_person(database)
    nowhere = "postgresql://127.0.0.1:1/nothing"
    sink = ProvincialSink(database, connect_keys=lambda: keys(nowhere))

    with pytest.raises(UnreachableError, match="key store"):
        sink.deliver([event])
    sink.close()


def test_the_columns_are_filled_in_the_forms_of_the_standard(
    sink: ProvincialSink, database: str
) -> None:
    person = natural_person(
        database,
        categories=["警告", "罚款"],
        fine_10k=Decimal("0.2"),
        decided_on=date(2026, 5, 4),
    )

    sink.deliver([person, licence()])

    assert [
        (recid(person), "自然人", None, "身份证", NUMBER, "警告；罚款", Decimal("0.200000"))
    ] == rows(
        database,
        "SELECT recid, cf_xdr_lb, cf_xdr_shxym, cf_xdr_zjlx, cf_xdr_zjhm, cf_cflb, cf_nr_fk"
        " FROM front.l_gz_xzcf",
    )
    assert [("法人及非法人组织", "2026/05/04", "2099/12/31", "1")] == rows(
        database, "SELECT xk_xdr_lb, xk_jdrq, xk_yxqzi, xk_zt FROM front.l_gz_xzxk"
    )


@pytest.mark.parametrize("key", list(TABLES))
def test_the_code_table_is_the_database_table(
    key: TableKey, sink: ProvincialSink, database: str
) -> None:
    sink.deliver([])
    found = {
        name: length
        for name, length in rows(
            database,
            "SELECT column_name, character_maximum_length FROM information_schema.columns"
            " WHERE table_schema = 'front' AND table_name = %s",
            _TABLE_NAMES[key],
        )
        if name not in _OWN
    }

    assert {column.code.lower(): column.length for column in TABLES[key].columns} == found


def test_the_province_takes_rows_and_refuses_one_that_names_nobody(
    sink: ProvincialSink, database: str
) -> None:
    nameless = samples.said(
        PENALTY_DECIDED,
        samples.penalty_body(3, subject=samples.subject(3, uscc=None)),
        party=samples.PENALISING,
        subject="0" * 64,
    )
    sink.deliver([samples.penalty(1), nameless, licence()])

    taken = take_rows(database)

    assert {LICENCE_GRANTED: 1, PENALTY_DECIDED: 2} == taken
    assert {LICENCE_GRANTED: 0, PENALTY_DECIDED: 0} == take_rows(database)
    assert [(1, None), (2, "行政相对人代码和证件号码均为空")] == rows(
        database, "SELECT state, error_text FROM front.l_gz_xzcf ORDER BY sequence"
    )


def test_a_row_already_taken_stays_and_one_not_taken_is_withdrawn_by_a_newer_revision(
    sink: ProvincialSink, database: str
) -> None:
    sink.deliver([samples.penalty(1)])
    take_rows(database)
    for revision in (2, 3):
        sink.deliver([samples.penalty(1, revision=revision)])

    assert [("1", 1), ("2", 3), ("3", 0)] == [
        (name.rpartition("-")[2], state)
        for name, state in rows(
            database, "SELECT recid, state FROM front.l_gz_xzcf ORDER BY sequence"
        )
    ]


def old_penalty(**changes: Any) -> Event:
    return samples.said(
        PENALTY_DECIDED, samples.penalty_body_2016(1, **changes), party=samples.PENALISING
    )


def test_a_value_of_2016_that_is_too_long_is_told_by_its_own_column(sink: ProvincialSink) -> None:
    answer = sink.deliver([old_penalty(title="题" * 257)])[0]

    assert ["column-too-long"] == [reason.code for reason in answer.reasons]
    assert "CF_CFMC 最多 256 个字符，现有 257 个" in answer.reasons[0].rule


def test_a_number_erased_stops_a_row_of_2016_too(sink: ProvincialSink, database: str) -> None:
    event = natural_person(database, body=samples.penalty_body_2016)
    store = keys(database)
    store.destroy(event.subject)
    store.close()

    assert ["number-erased"] == [reason.code for reason in sink.deliver([event])[0].reasons]
    assert [(0,)] == rows(database, "SELECT count(*) FROM front.l_gz_xzcf_2016")


def test_a_record_of_2016_lies_in_the_columns_of_2016(sink: ProvincialSink, database: str) -> None:
    person = natural_person(database, body=samples.penalty_body_2016)
    shop = natural_person(database, body=samples.licence_body_2016, category="individual_business")

    answers = sink.deliver([person, shop])

    assert [Result.DELIVERED] * 2 == [answer.result for answer in answers]
    assert [
        ("罚款", "没收违法所得、没收非法财物", NUMBER, "0", "620702", "2026/05/21 10:00:00", "1")
    ] == rows(
        database,
        "SELECT cf_cflb1, cf_cflb2, cf_xdr_sfz, cf_zt, dfbm, sjc, cf_sxyzcd"
        " FROM front.l_gz_xzcf_2016",
    )
    assert [("食品经营许可", "普通", None, NUMBER, "2029/05/19", "0")] == rows(
        database,
        "SELECT xk_xmmc, xk_splb, xk_xdr_shxym, xk_xdr_sfz, xk_jzq, xk_syfw"
        " FROM front.l_gz_xzxk_2016",
    )
    assert [(0,)] == rows(database, "SELECT count(*) FROM front.l_gz_xzcf")
    assert {LICENCE_GRANTED: 1, PENALTY_DECIDED: 1} == take_rows(database)
    assert [(1,)] == rows(database, "SELECT state FROM front.l_gz_xzcf_2016")


def test_a_revision_in_the_other_generation_withdraws_the_row_not_taken_yet(
    sink: ProvincialSink, database: str
) -> None:
    sink.deliver([old_penalty()])
    sink.deliver([samples.penalty(1, revision=2)])

    assert [(3,)] == rows(database, "SELECT state FROM front.l_gz_xzcf_2016")
    assert [(0,)] == rows(database, "SELECT state FROM front.l_gz_xzcf")
