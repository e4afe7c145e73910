"""The municipal platform's connector against the stand-in, with every trouble it can make."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.error import HTTPError

import pytest
from tests import samples
from tests.conformance.platforms import (
    NUMBER,
    Standin,
    keys,
    municipal,
    natural_person,
    rows,
    standin,
)

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    LISTING_ENTERED,
    LISTING_REMOVED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
)
from credit_bus_connectors.contract import Result, UnreachableError
from credit_bus_connectors.http_push import HttpPush, PushRefusedError
from credit_bus_connectors.platforms.municipal import MunicipalSink
from credit_bus_connectors.platforms.municipal_faults import Trouble
from credit_bus_connectors.platforms.municipal_standin import serve


@pytest.fixture
def running(database: str) -> Iterator[Standin]:
    with standin(database) as process:
        yield process


@pytest.fixture
def sink(running: Standin, database: str) -> Iterator[MunicipalSink]:
    connected = MunicipalSink(running.endpoint, connect_keys=lambda: keys(database))
    yield connected
    connected.close()


def test_a_type_without_a_form_is_our_mistake(sink: MunicipalSink) -> None:
    with pytest.raises(ValueError, match="take it out of its route"):
        sink.deliver([samples.initiation()])


def test_a_request_that_the_platform_calls_wrong_is_our_mistake(
    sink: MunicipalSink, running: Standin
) -> None:
    running.faults(status=403, status_times=1)

    with pytest.raises(PushRefusedError, match="403"):
        sink.deliver([samples.penalty()])


def test_whether_the_platform_is_there_says_nothing_and_needs_the_rights_of_a_delivery(
    sink: MunicipalSink, running: Standin
) -> None:
    sink.reach()
    running.faults(status=403, status_times=1)

    with pytest.raises(PushRefusedError, match="403"):
        sink.reach()
    assert 0 == running.counts()["events"]


def test_a_post_without_form_is_refused_whole(running: Standin) -> None:
    push = HttpPush(running.endpoint)

    for payload in (b"", b"[]", b'{"events": []}', b'{"events": [{"id": "x"}]}'):
        with pytest.raises(PushRefusedError, match="400"):
            push.post("/events", payload)
    push.close()

    assert 0 == running.counts()["events"]


def test_a_busy_platform_is_unreachable_for_as_long_as_it_says(
    sink: MunicipalSink, running: Standin
) -> None:
    for status in (408, 429, 500, 502, 503, 504):
        running.faults(status=status, status_times=1, retry_after_seconds=7)

        with pytest.raises(UnreachableError, match=str(status)) as raised:
            sink.deliver([samples.penalty()])

        assert 7.0 == raised.value.retry_after_seconds
    assert Result.DELIVERED is sink.deliver([samples.penalty()])[0].result


def test_a_platform_that_is_silent_for_too_long_is_unreachable(running: Standin) -> None:
    running.faults(delay_seconds=1.0)
    push = HttpPush(running.endpoint, wait_seconds=0.2)

    with pytest.raises(UnreachableError, match="no answer"):
        push.post("/events", b"{}")
    push.close()


def test_an_answer_lost_after_the_effect_is_given_again(
    sink: MunicipalSink, running: Standin, database: str
) -> None:
    event, next_ = samples.penalty(1), samples.penalty(2)
    running.faults(lose_answers=1)

    with pytest.raises(UnreachableError):
        sink.deliver([event])
    answer = sink.deliver([event])[0]
    running.faults(lose_answers=1)
    unnoticed = sink.deliver([next_])[0]  # a kept connection that ends is tried once more

    assert [Result.DELIVERED] * 2 == [answer.result, unnoticed.result]
    assert [1, 1] == [municipal(database, running).held(one) for one in (event, next_)]
    assert 2 == running.counts()["accepted"]


def test_what_is_put_off_holds_back_its_own_subject_alone(
    sink: MunicipalSink, running: Standin
) -> None:
    batch = [samples.penalty(n % 2, document_number=f"第{n}号") for n in range(6)]
    running.faults(later={batch[0].subject: 1})

    first = sink.deliver(batch)
    counted = running.counts()["events"]
    again = sink.deliver(batch)

    assert [Result.TRY_LATER, Result.DELIVERED] * 3 == [answer.result for answer in first]
    assert 4 == counted  # what stood behind the first was not even tried
    assert [Result.DELIVERED] * 6 == [answer.result for answer in again]
    assert first[1::2] == again[1::2]


def many(count: int = 250) -> list[Event]:
    """Events of as many subjects: three posts."""
    return [samples.penalty(number) for number in range(count)]


def test_a_platform_that_answers_a_part_is_there_and_the_rest_is_tried_later(
    sink: MunicipalSink, running: Standin
) -> None:
    batch = many()
    running.faults(status=500, status_times=1)

    answers = sink.deliver(batch)
    again = sink.deliver(batch)

    put_off = [answer.result for answer in answers].count(Result.TRY_LATER)
    assert put_off in {50, 100}, "one post of three"
    assert {Result.DELIVERED} == {answer.result for answer in again}
    assert len(batch) == running.counts()["accepted"]


def test_a_platform_that_asks_for_rest_gets_it_though_it_answers_a_part(
    sink: MunicipalSink, running: Standin
) -> None:
    running.faults(status=429, status_times=1, retry_after_seconds=9)

    with pytest.raises(UnreachableError) as raised:
        sink.deliver(many())

    assert 9.0 == raised.value.retry_after_seconds


def test_what_follows_an_event_that_found_no_answer_is_not_tried_before_it(
    sink: MunicipalSink, running: Standin
) -> None:
    first = many()
    second = [
        samples.penalty(number, document_number=f"第{number}号次") for number in range(len(first))
    ]
    running.faults(resets=2)  # the kept connection is tried once more

    answers = sink.deliver([*first, *second])

    ahead, behind = answers[: len(first)], answers[len(first) :]
    waiting = [place for place, answer in enumerate(ahead) if answer.result is Result.TRY_LATER]
    assert waiting
    assert all(behind[place].result is Result.TRY_LATER for place in waiting)


@pytest.mark.parametrize("trouble", list(Trouble))
def test_by_chance_each_trouble_meets_a_share_of_the_posts_and_nothing_is_lost_or_doubled(
    sink: MunicipalSink, running: Standin, trouble: Trouble
) -> None:
    batch = many(20)
    running.faults(share=0.5, troubles=[trouble], slow_seconds=0.1, seed=4)

    told = [_delivered(sink, event) for event in batch]
    running.faults()

    assert told == [answer.acknowledgement for answer in sink.deliver(batch)]
    assert len(batch) == running.counts()["accepted"]
    assert len(batch) <= running.counts()["posts"]


def _delivered(sink: MunicipalSink, event: Event, tries_max: int = 50) -> str:
    for _ in range(tries_max):
        with suppress(UnreachableError):
            (answer,) = sink.deliver([event])
            if answer.result is Result.DELIVERED:
                return answer.acknowledgement
    raise AssertionError(f"not delivered in {tries_max} tries")


def test_a_trouble_that_there_is_not_is_refused(running: Standin) -> None:
    with pytest.raises(HTTPError, match="400"):
        running.faults(troubles=["moody"])


def test_another_content_under_a_known_key_is_refused_and_changes_nothing(
    sink: MunicipalSink, database: str, running: Standin
) -> None:
    event = samples.penalty()
    other = replace(event, body=samples.penalty_body(content="另一内容"))
    accepted = sink.deliver([event])[0]

    first, again = sink.deliver([other])[0], sink.deliver([other])[0]

    assert Result.INVALID is first.result
    assert "同一幂等键" in first.reasons[0].rule
    assert first == again
    assert accepted == sink.deliver([event])[0]


def test_a_kept_connection_that_the_platform_closed_is_opened_again(
    database: str,
) -> None:
    with standin(database) as one:
        port = int(one.endpoint.rpartition(":")[2])
        sink = MunicipalSink(one.endpoint, connect_keys=lambda: keys(database))
        first = sink.deliver([samples.penalty()])
        one.process.send_signal(signal.SIGTERM)
        one.process.wait(30)
    with standin(database, port=port):
        again = sink.deliver([samples.penalty()])
    sink.close()

    assert first == again


def test_a_number_is_told_masked_and_not_at_all_once_it_is_erased(
    sink: MunicipalSink, database: str
) -> None:
    first, second = natural_person(database), natural_person(database, document_number="另一号")
    told = "SELECT item #>> '{fields,CF_XDR_ZJHM}' FROM municipal_standin.held ORDER BY key = %s"
    answers = sink.deliver([first])
    store = keys(database)
    store.destroy(first.subject)
    store.close()
    later = sink.deliver([first, second])

    shown = NUMBER[:3] + "*" * 11 + NUMBER[-4:]
    assert [(None,), (shown,)] == rows(database, told, f"{first.id}-1")
    assert answers[0] == later[0]
    assert Result.DELIVERED is later[1].result


def test_a_defaulter_is_told_with_instrument_and_term(sink: MunicipalSink, database: str) -> None:
    initiated = samples.initiation_body()
    body = {
        "subject": samples.subject(),
        "case_number": "（2026）甘0702执1号",
        "court_name": "甘州区人民法院",
        "filed_on": date(2026, 1, 5),
        "basis_number": "（2025）甘0702民初1号",
        "basis_issuer": "甘州区人民法院",
        "duty": "支付货款",
        "performance": "全部未履行",
        "conduct": "有履行能力而拒不履行",
        "ground": 1,
        "performed_part": None,
        "unperformed_part": None,
        "listed_on": date(2026, 5, 10),
        "published_on": date(2026, 5, 11),
        "instrument": initiated["instrument"],
        "notice": initiated["notice"],
        "term": {"begins_on": date(2026, 5, 20), "ends_on": None, "until_performance": True},
    }

    sink.deliver([samples.said(DEFAULTER_LISTED, body, party=samples.COURT)])

    fields = rows(database, "SELECT item -> 'fields' FROM municipal_standin.held")[0][0]
    told = [fields[code] for code in ("SX_XWLX", "SX_WSH", "SX_QXQ", "SX_QXZ", "SX_LXJZ")]
    assert ["1", "（2026）甘0702执0号", "2026/05/20", None, "1"] == told


def told(database: str) -> list[tuple[str, dict[str, str]]]:
    return rows(
        database,
        "SELECT item ->> 'type', item -> 'fields' FROM municipal_standin.held ORDER BY 1",
    )


def test_an_entry_on_a_list_is_held_until_it_is_removed_and_no_revision_brings_it_back(
    sink: MunicipalSink, database: str
) -> None:
    entry, removal = (samples.of_standing(kind, 1) for kind in (LISTING_ENTERED, LISTING_REMOVED))
    other = samples.of_standing(LISTING_ENTERED, 2)
    again = samples.of_standing(LISTING_ENTERED, 1, revision=2, remark="更正备注")

    sink.deliver([entry, other])
    before = told(database)
    sink.deliver([removal])
    sink.deliver([again])

    assert ["MDLR", "MDLR"] == [kind for kind, _ in before]
    assert ["MDLR", "MDYC"] == [kind for kind, _ in told(database)]
    assert other.body["document_number"] == told(database)[0][1]["MD_WSH"]
    assert ("符合移出条件", "human-resources", "2026/05/29") == tuple(
        told(database)[1][1][code] for code in ("YC_YY", "YC_LRDW", "YC_RQ")
    )


def test_a_removal_may_come_before_the_entry(sink: MunicipalSink, database: str) -> None:
    sink.deliver([samples.of_standing(LISTING_REMOVED, 1)])
    sink.deliver([samples.of_standing(LISTING_ENTERED, 1)])

    assert ["MDYC"] == [kind for kind, _ in told(database)]


def test_a_listing_is_told_with_ground_term_and_rights(sink: MunicipalSink, database: str) -> None:
    sink.deliver([samples.of_standing(LISTING_ENTERED, 1)])

    ((_, fields),) = told(database)
    codes = ("MD_DM", "MD_XDR_LB", "MD_YJLX", "MD_GZRQ", "MD_QXQ", "MD_QXZ", "MD_GS")
    assert [
        "wage-arrears",
        "法人及非法人组织",
        "serious-dishonesty-listing-decision",
        "2026/05/08",
        "2026/05/18",
        "2029/05/17",
        "1",
    ] == [fields[code] for code in codes]
    assert "移出" in fields["MD_YCTJ"]


def test_a_withdrawal_and_a_correction_are_told_with_the_record_they_are_about(
    sink: MunicipalSink, database: str
) -> None:
    changes = (RECORD_CORRECTED, RECORD_WITHDRAWN)
    sink.deliver([samples.of_standing(kind, 1) for kind in changes])
    record = samples.about_penalty(1)["record"]

    (withdrawn, withdrawal), (corrected, correction) = told(database)

    assert ("XXCX", "XXGZ") == (withdrawn, corrected)
    assert [*record.values(), "1", "被撤销", "甘区撤〔2026〕1号"] == [
        withdrawal[f"CX_{code}"] for code in ("TGDW", "LX", "WSH", "BC", "YY", "YJWH")
    ]
    assert [*record.values(), "2", "自行发现", "fine_10k；content"] == [
        correction[f"GZ_{code}"] for code in ("TGDW", "LX", "WSH", "BC", "YY", "SJX")
    ]


def test_an_end_of_publicity_is_told_with_the_record_and_the_rule(
    sink: MunicipalSink, database: str
) -> None:
    sink.deliver([samples.penalty(1), samples.of_standing(PUBLICITY_ENDED, 1)])
    record = samples.about_penalty(1)["record"]

    (ended, fields), (held, _) = told(database)

    assert ("TZGS", "XZCF") == (ended, held)
    assert [*record.values(), "1", "最长公示期届满", "信用修复管理办法", "2026/05/31"] == [
        fields[f"TZ_{code}"] for code in ("TGDW", "LX", "WSH", "BC", "YY", "GZ", "RQ")
    ]


def test_an_objection_and_its_decision_are_told_with_the_record_and_nothing_of_what_was_said(
    sink: MunicipalSink, database: str
) -> None:
    raised, decided = (samples.of_course(kind, 1) for kind in (OBJECTION_RAISED, OBJECTION_DECIDED))
    sink.deliver([raised, decided])
    record = samples.about_penalty(1)["record"]
    number = raised.body["objection_number"]
    subject = raised.body["subject"]

    (marked, mark), (lifted, lifting) = told(database)

    assert ("YYBJ", "YYJC") == (marked, lifted)
    assert {
        "YY_XDR_MC": subject["name"],
        "YY_XDR_LB": "法人及非法人组织",
        "YY_XDR_SHXYM": subject["uscc"],
        "YY_BH": number,
        "YY_TGDW": record["provider"],
        "YY_LX": record["type"],
        "YY_WSH": record["document_number"],
        "YY_RQ": "2026/05/28",
    } == mark
    assert [number, *record.values(), "2026/05/30"] == [
        lifting[f"JC_{code}"] for code in ("BH", "TGDW", "LX", "WSH", "RQ")
    ]


def test_the_time_of_an_answer_is_the_platforms_own(sink: MunicipalSink) -> None:
    before = datetime.now(UTC)
    answered = sink.deliver([samples.penalty()])[0].answered_at

    assert answered is not None
    assert before <= answered <= datetime.now(UTC)


def test_the_standin_needs_a_database() -> None:
    with pytest.raises(ValueError, match="--database"):
        serve(host="127.0.0.1", port=1, database=None)
