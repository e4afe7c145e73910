"""The province's front-end database: its columns, its lengths, and who takes the rows."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from tests import samples
from tests.conformance.platforms import NUMBER, keys, natural_person, rows

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    LICENCE_GRANTED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
)
from credit_bus_connectors.contract import Result, UnreachableError
from credit_bus_connectors.platforms.forms import TableKey
from credit_bus_connectors.platforms.provincial import ProvincialSink, recid
from credit_bus_connectors.platforms.provincial_standin import take_rows
from credit_bus_connectors.platforms.provincial_tables import CHANGES, TABLES

_TABLE_NAMES = {
    (LICENCE_GRANTED, "2018"): "l_gz_xzxk",
    (PENALTY_DECIDED, "2018"): "l_gz_xzcf",
    (LICENCE_GRANTED, "2016"): "l_gz_xzxk_2016",
    (PENALTY_DECIDED, "2016"): "l_gz_xzcf_2016",
}
_OWN = {"recid", "disputed", "state", "error_text", "sequence", "written_at", "marked_at"}


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

    assert {
        LICENCE_GRANTED: 1,
        PENALTY_DECIDED: 2,
        RECORD_WITHDRAWN: 0,
        PUBLICITY_ENDED: 0,
        OBJECTION_RAISED: 0,
    } == taken
    assert dict.fromkeys(taken, 0) == take_rows(database)
    assert [(1, None), (2, "行政相对人代码和证件号码均为空")] == rows(
        database, "SELECT state, error_text FROM front.l_gz_xzcf ORDER BY sequence"
    )


def test_what_the_province_refuses_goes_back_once_with_its_own_words(
    sink: ProvincialSink, database: str
) -> None:
    long = samples.penalty(4, subject=samples.subject(4, name="长" * 150))
    fitting = replace(samples.penalty(5), correlation_id="a-correlation", traceparent="00-a-b-01")
    sink.deliver([long, fitting, licence()])
    before = sink.late_refusals(most=10)
    take_rows(database, name_characters_max=100)

    (late,) = sink.late_refusals(most=10)
    sink.late_told([late])

    assert [] == list(before)
    assert [] == list(sink.late_refusals(most=10))
    assert (long.id, long.source, long.type, long.subject, 1) == (
        late.event.id,
        late.event.source,
        late.event.type,
        late.event.subject,
        late.event.revision,
    )
    assert Result.INVALID is late.answer.result
    assert "字段长度不符：CF_XDR_MC" in late.answer.reasons[0].rule


def test_late_refusals_come_in_bounded_numbers_the_longest_known_first(
    sink: ProvincialSink, database: str
) -> None:
    said = [
        samples.penalty(n, subject=samples.subject(n, name=f"{'长' * 150}{n}")) for n in range(3)
    ]
    for event in said:
        sink.deliver([event])
        take_rows(database, name_characters_max=100)

    first = sink.late_refusals(most=2)
    sink.late_told(first)

    assert [event.id for event in said[:2]] == [one.event.id for one in first]
    assert [said[2].id] == [one.event.id for one in sink.late_refusals(most=2)]


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
    assert {
        LICENCE_GRANTED: 1,
        PENALTY_DECIDED: 1,
        RECORD_WITHDRAWN: 0,
        PUBLICITY_ENDED: 0,
        OBJECTION_RAISED: 0,
    } == take_rows(database)
    assert [(1,)] == rows(database, "SELECT state FROM front.l_gz_xzcf_2016")


def test_a_revision_in_the_other_generation_withdraws_the_row_not_taken_yet(
    sink: ProvincialSink, database: str
) -> None:
    sink.deliver([old_penalty()])
    sink.deliver([samples.penalty(1, revision=2)])

    assert [(3,)] == rows(database, "SELECT state FROM front.l_gz_xzcf_2016")
    assert [(0,)] == rows(database, "SELECT state FROM front.l_gz_xzcf")


TAKEN_BACK = "SELECT recid, state FROM front.l_gz_xycx ORDER BY sequence"


def withdrawal(*, up_to: int = 1, **changes: Any) -> Event:
    return samples.of_standing(RECORD_WITHDRAWN, 1, record_revision=up_to, **changes)


def states(database: str) -> list[tuple[str, int]]:
    """The revision and state of each row of penalties, as written."""
    found = rows(database, "SELECT recid, state FROM front.l_gz_xzcf ORDER BY sequence")
    return [(recid.rpartition("-")[2], state) for recid, state in found]


def test_a_row_not_taken_yet_is_withdrawn_where_it_lies(
    sink: ProvincialSink, database: str
) -> None:
    sink.deliver([samples.penalty(1)])
    sink.deliver([withdrawal()])

    assert [("1", 4)] == states(database)
    assert [] == rows(database, TAKEN_BACK)
    assert 0 == take_rows(database)[PENALTY_DECIDED]


def test_for_a_row_already_taken_there_is_one_in_the_table_of_withdrawals(
    sink: ProvincialSink, database: str
) -> None:
    penalty = samples.penalty(1)
    sink.deliver([penalty])
    take_rows(database)
    for event in (withdrawal(), withdrawal(), withdrawal(up_to=2, explanation="再次说明")):
        sink.deliver([event])
    first, again = take_rows(database), take_rows(database)

    assert [("1", 1)] == states(database)
    assert (1, 0) == (first[RECORD_WITHDRAWN], again[RECORD_WITHDRAWN])
    assert [(recid(penalty), 1)] == rows(database, TAKEN_BACK)
    assert [
        ("示例商贸1号有限公司", penalty.body["document_number"], "被撤销", "甘区撤〔2026〕1号")
    ] == rows(database, "SELECT cx_xdr_mc, cx_wsh, cx_yy, cx_yjwh FROM front.l_gz_xycx")


def test_of_rows_taken_and_not_taken_each_is_withdrawn_in_its_way_and_a_newer_one_goes_on(
    sink: ProvincialSink, database: str
) -> None:
    taken = samples.penalty(1)
    sink.deliver([taken])
    take_rows(database)
    sink.deliver([samples.penalty(1, revision=2)])
    sink.deliver([withdrawal(up_to=2)])
    sink.deliver([samples.penalty(1, revision=3)])

    assert [("1", 1), ("2", 4), ("3", 0)] == states(database)
    assert [(recid(taken), 0)] == rows(database, TAKEN_BACK)


def test_a_row_that_the_province_refused_or_that_was_replaced_is_not_withdrawn(
    sink: ProvincialSink, database: str
) -> None:
    for revision in (1, 2):
        sink.deliver([samples.penalty(1, revision=revision)])
    rows(database, "UPDATE front.l_gz_xzcf SET state = 2 WHERE state = 0 RETURNING 1")
    sink.deliver([withdrawal(up_to=2)])

    assert [("1", 3), ("2", 2)] == states(database)
    assert [] == rows(database, TAKEN_BACK)


def test_a_withdrawal_before_its_record_keeps_the_row_from_the_province(
    sink: ProvincialSink, database: str
) -> None:
    sink.deliver([withdrawal()])
    late = sink.deliver([samples.penalty(1)])[0]

    assert Result.DELIVERED is late.result
    assert [] == states(database)


def test_a_licence_of_2016_is_withdrawn_too(sink: ProvincialSink, database: str) -> None:
    change_licences_of_2016(sink, database, RECORD_WITHDRAWN)

    assert [(1,), (4,)] == rows(
        database, "SELECT state FROM front.l_gz_xzxk_2016 ORDER BY sequence"
    )
    assert [(0,)] == rows(database, "SELECT state FROM front.l_gz_xycx")


def test_a_row_taken_while_the_withdrawal_waits_for_it_is_seen_as_taken(
    sink: ProvincialSink, database: str
) -> None:
    sink.deliver([samples.penalty(1)])
    deliver_while_the_row_is_taken(sink, database, withdrawal())

    assert [("1", 1)] == states(database)
    assert [(0,)] == rows(database, "SELECT state FROM front.l_gz_xycx")


def change_licences_of_2016(sink: ProvincialSink, database: str, kind: str) -> None:
    """One that the province has taken, and one that it has not, are changed by such an event."""
    for number, is_taken in ((1, True), (2, False)):
        old = samples.said(
            LICENCE_GRANTED, samples.licence_body_2016(number), party=samples.PENALISING
        )
        sink.deliver([old])
        if is_taken:
            take_rows(database)
        record = {
            "provider": old.source,
            "type": old.type,
            "document_number": old.body["document_number"],
        }
        sink.deliver([samples.of_standing(kind, number, record=record)])


def deliver_while_the_row_is_taken(sink: ProvincialSink, database: str, event: Event) -> None:
    """The province holds the row, and commits that it took it, while the event waits for it."""
    with ThreadPoolExecutor(1) as beside, psycopg.connect(database) as province:
        province.execute("UPDATE front.l_gz_xzcf SET state = 1")
        delivering = beside.submit(sink.deliver, [event])
        wait_until(lambda: blocked(database), seconds_max=30.0)
        province.commit()
        delivering.result(timeout=30.0)


def blocked(database: str) -> bool:
    """Whether somebody waits for a lock."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
    return bool(rows(database, f"{waiting} AND wait_event_type = 'Lock'"))


def wait_until(reached: Callable[[], bool], *, seconds_max: float) -> None:
    deadline = time.monotonic() + seconds_max
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_correction_is_booked_and_gets_no_row(sink: ProvincialSink, database: str) -> None:
    answer = sink.deliver([samples.of_standing(RECORD_CORRECTED, 1)])[0]

    assert Result.DELIVERED is answer.result
    assert [] == states(database)
    assert [(RECORD_CORRECTED,)] == rows(database, "SELECT type FROM front.delivery")


def test_a_withdrawal_that_is_too_long_for_its_columns_is_told(sink: ProvincialSink) -> None:
    answer = sink.deliver([withdrawal(explanation="长" * 2001)])[0]

    assert [("column-too-long", "explanation")] == [(r.code, r.field) for r in answer.reasons]
    assert "CX_SM 最多 2000 个字符，现有 2001 个" in answer.reasons[0].rule


SHOWN_NO_MORE = "SELECT recid, state FROM front.l_gz_tzgs ORDER BY sequence"


def end(*, up_to: int = 1, **changes: Any) -> Event:
    return samples.of_standing(PUBLICITY_ENDED, 1, record_revision=up_to, **changes)


@pytest.mark.parametrize("early", [True, False])
def test_a_row_not_taken_yet_stays_and_is_not_taken_once_its_publicity_is_over(
    sink: ProvincialSink, database: str, early: bool
) -> None:
    for event in [end(), samples.penalty(1)] if early else [samples.penalty(1), end()]:
        sink.deliver([event])

    assert [("1", 5)] == states(database)
    assert [] == rows(database, SHOWN_NO_MORE)
    assert dict.fromkeys(take_rows(database), 0) == take_rows(database)


def test_for_a_row_already_taken_there_is_one_in_the_table_of_what_is_shown_no_more(
    sink: ProvincialSink, database: str
) -> None:
    taken = samples.penalty(1)
    sink.deliver([taken])
    take_rows(database)
    for event in (end(), end(), end(up_to=2, cause="repaired", because_of="c" * 32)):
        sink.deliver([event])
    first, again = take_rows(database), take_rows(database)

    assert [("1", 1)] == states(database)
    assert (1, 0) == (first[PUBLICITY_ENDED], again[PUBLICITY_ENDED])
    assert [(recid(taken), 1)] == rows(database, SHOWN_NO_MORE)
    assert [
        (taken.body["document_number"], "最长公示期届满", "信用修复管理办法", "2026/05/31")
    ] == rows(database, "SELECT tz_wsh, tz_yy, tz_gz, tz_rq FROM front.l_gz_tzgs")


def test_of_rows_taken_and_not_taken_each_is_hidden_in_its_way_and_a_newer_one_goes_on(
    sink: ProvincialSink, database: str
) -> None:
    taken = samples.penalty(1)
    sink.deliver([taken])
    take_rows(database)
    sink.deliver([samples.penalty(1, revision=2)])
    sink.deliver([end(up_to=2)])
    before = states(database)
    sink.deliver([samples.penalty(1, revision=3)])

    assert [("1", 1), ("2", 5)] == before
    assert [("1", 1), ("2", 3), ("3", 0)] == states(database)
    assert [(recid(taken), 0)] == rows(database, SHOWN_NO_MORE)


def test_what_was_hidden_before_it_was_taken_can_be_withdrawn(
    sink: ProvincialSink, database: str
) -> None:
    for event in (samples.penalty(1), end(), withdrawal()):
        sink.deliver([event])

    assert [("1", 4)] == states(database)
    assert [] == rows(database, TAKEN_BACK)


def test_a_row_of_2016_is_hidden_too(sink: ProvincialSink, database: str) -> None:
    change_licences_of_2016(sink, database, PUBLICITY_ENDED)

    assert [(1,), (5,)] == rows(
        database, "SELECT state FROM front.l_gz_xzxk_2016 ORDER BY sequence"
    )
    assert [(0,)] == rows(database, "SELECT state FROM front.l_gz_tzgs")


def test_a_row_taken_while_the_end_of_its_publicity_waits_for_it_is_seen_as_taken(
    sink: ProvincialSink, database: str
) -> None:
    sink.deliver([samples.penalty(1)])
    deliver_while_the_row_is_taken(sink, database, end())

    assert [("1", 1)] == states(database)
    assert [(0,)] == rows(database, "SELECT state FROM front.l_gz_tzgs")


@pytest.mark.parametrize(
    ("kind", "table"), [(RECORD_WITHDRAWN, "l_gz_xycx"), (PUBLICITY_ENDED, "l_gz_tzgs")]
)
def test_the_code_table_of_a_change_is_the_database_table(
    sink: ProvincialSink, database: str, kind: str, table: str
) -> None:
    sink.deliver([])
    found = rows(
        database,
        "SELECT column_name, character_maximum_length FROM information_schema.columns"
        " WHERE table_schema = 'front' AND table_name = %s",
        table,
    )

    assert {column.code.lower(): column.length for column in CHANGES[kind].columns} == {
        name: length for name, length in found if name not in _OWN
    }


MARKS = "SELECT recid, yy_bj, yy_rq, state FROM front.l_gz_yybj ORDER BY sequence"
SECOND = "政务异〔2026〕9号"


def objection(number: int = 1, **changes: Any) -> Event:
    return samples.of_course(OBJECTION_RAISED, number, **changes)


def decision(number: int = 1, **changes: Any) -> Event:
    return samples.of_course(OBJECTION_DECIDED, number, **changes)


def test_a_row_not_taken_yet_says_itself_that_it_is_disputed(
    sink: ProvincialSink, database: str
) -> None:
    found = []
    for event in (objection(), samples.penalty(1), decision(), decision()):
        sink.deliver([event])
        found.append(rows(database, "SELECT disputed, state FROM front.l_gz_xzcf"))

    assert [[], [(True, 0)], [(False, 0)], [(False, 0)]] == found
    assert [] == rows(database, MARKS)


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("kind", [LICENCE_GRANTED, PENALTY_DECIDED])
def test_a_row_of_2016_has_the_state_of_its_standard_while_it_is_disputed(
    sink: ProvincialSink, database: str, kind: str, early: bool
) -> None:
    body_of = {
        LICENCE_GRANTED: samples.licence_body_2016,
        PENALTY_DECIDED: samples.penalty_body_2016,
    }[kind]
    said, other = (
        samples.said(kind, body_of(1, document_number=number, **more), party=samples.PENALISING)
        for number, more in (("1", {}), ("2", {"publicity_state": "3"}))
    )
    about = [
        {"record": {"provider": one.source, "type": kind, "document_number": number},
         "action_id": None}
        for one, number in ((said, "1"), (other, "2"))
    ]  # fmt: skip
    objections = [objection(objection_number=str(at), about=each) for at, each in enumerate(about)]
    for batch in [objections, [said, other]] if early else [[said, other], objections]:
        sink.deliver(batch)
    column, table = {
        LICENCE_GRANTED: ("xk_zt", "l_gz_xzxk_2016"),
        PENALTY_DECIDED: ("cf_zt", "l_gz_xzcf_2016"),
    }[kind]
    query = f"SELECT {column}, disputed FROM front.{table} ORDER BY sequence"
    marked = rows(database, query)
    sink.deliver([decision(objection_number=str(at), about=each) for at, each in enumerate(about)])

    assert [("2", True), ("3", True)] == marked
    assert [("0", False), ("3", False)] == rows(database, query)


def test_for_a_row_already_taken_there_is_a_mark_each_time_that_it_changes(
    sink: ProvincialSink, database: str
) -> None:
    taken = samples.penalty(1)
    sink.deliver([taken])
    take_rows(database)
    counts = []
    for event in (
        objection(),
        objection(),
        objection(objection_number=SECOND),
        decision(),
        decision(objection_number=SECOND, decided_on=samples.NOW.date()),
    ):
        sink.deliver([event])
        counts.append(take_rows(database)[OBJECTION_RAISED])

    assert [1, 0, 0, 0, 1] == counts
    day = samples.NOW.date().strftime("%Y/%m/%d")
    assert [(recid(taken), "1", "2026/05/28", 1), (recid(taken), "0", day, 1)] == rows(
        database, MARKS
    )
    assert [(taken.body["subject"]["name"], taken.subject, taken.body["document_number"])] == rows(
        database, "SELECT DISTINCT yy_xdr_mc, yy_xdr_shxym, yy_wsh FROM front.l_gz_yybj"
    )
    assert [("1", 1)] == states(database)


def test_a_row_taken_while_it_was_disputed_is_told_only_that_it_is_no_more(
    sink: ProvincialSink, database: str
) -> None:
    taken = samples.penalty(1)
    sink.deliver([taken, objection()])
    take_rows(database)
    sink.deliver([objection(objection_number=SECOND)])
    sink.deliver([decision(), decision(objection_number=SECOND)])

    assert [(recid(taken), "0", "2026/05/30", 0)] == rows(database, MARKS)


def test_a_mark_and_its_end_in_one_batch_tell_nothing(sink: ProvincialSink, database: str) -> None:
    sink.deliver([samples.penalty(1)])
    take_rows(database)
    sink.deliver([objection(), decision()])

    assert [] == rows(database, MARKS)


def test_a_row_taken_while_its_mark_waits_for_it_is_seen_as_taken(
    sink: ProvincialSink, database: str
) -> None:
    sink.deliver([samples.penalty(1)])
    deliver_while_the_row_is_taken(sink, database, objection())

    assert [(False,)] == rows(database, "SELECT disputed FROM front.l_gz_xzcf")
    assert [(recid(samples.penalty(1)), "1", "2026/05/28", 0)] == rows(database, MARKS)


def test_an_objection_to_an_action_must_not_be_routed_here(sink: ProvincialSink) -> None:
    with pytest.raises(ValueError, match=r"no table for objection\.raised"):
        sink.deliver([objection(about=samples.about_action(1))])


def test_a_withdrawal_takes_back_no_row_of_a_newer_revision(
    sink: ProvincialSink, database: str
) -> None:
    for revision in (1, 2):
        sink.deliver([samples.penalty(1, revision=revision)])
        take_rows(database)
    sink.deliver([withdrawal(up_to=1)])

    assert [(recid(samples.penalty(1)), 0)] == rows(database, TAKEN_BACK)
