"""What the overview shows: the worst first, and nothing that is stale as if it were good."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests import samples

from credit_bus.casework.owed import Owed
from credit_bus.domain.channels import inbox, outbox
from credit_bus.domain.time_rules import Obligation
from credit_bus.operations.canaries import SILENT_SECONDS, Canary, canaries_of
from credit_bus.operations.lag.burrow import Status
from credit_bus.operations.lag.rollup import NOBODY, TopicLag
from credit_bus.reports.legal_time import LegalTime, legal_time
from credit_bus_connectors.console.cards import Card, canary_card, cards_of
from credit_bus_connectors.console.view import lag_rows, party_rows

NOW = datetime(2026, 6, 10, 2, tzinfo=UTC)
REGISTRY = samples.registry()


def lag(party: str = "finance", **changes: Any) -> TopicLag:
    given: dict[str, Any] = {
        "party": party,
        "group": "credit-bus.gate",
        "topic": outbox(party),
        "status": Status.OK,
        "completeness": 1.0,
        "events": 0,
        "lost": 0,
        "ahead": 0,
        "seconds_behind": 0.0,
        "coming": 1.0,
        "going": 1.0,
        "drains_in": 0.0,
        "lost_in": None,
        "members": 1,
        "last_commit_at": NOW,
        "partitions": 4,
    }
    return TopicLag(**{**given, **changes})


def legal(*overdue: str) -> LegalTime:
    rows = [
        Owed(
            party=party,
            obligation=Obligation.RESPOND,
            began_on=date(2026, 5, 1),
            rests=False,
            lies_with=(),
            events=("a" * 32,),
            number=1,
        )
        for party in overdue
    ]
    return legal_time(rows, REGISTRY, NOW.date())


def cards(*rows: TopicLag, **changes: Any) -> dict[str, Card]:
    given: dict[str, Any] = {
        "refused": 0,
        "alarms": 0,
        "read_to": NOW,
        "sampled_at": NOW,
        "now": NOW,
    }
    legal_ = changes.pop("legal", legal())
    return {each.title: each for each in cards_of(rows, legal_, **{**given, **changes})}


def test_a_bus_at_rest_is_good_in_every_figure() -> None:
    assert {"done"} == {each.mark for each in cards(lag()).values()}


def test_what_is_wrong_is_marked_where_it_is() -> None:
    found = cards(
        lag(status=Status.STOP, events=7, seconds_behind=400.0),
        refused=2,
        alarms=1,
        legal=legal("finance"),
    )

    assert {"告警": "late", "时间滞后": "late", "退回（24 小时）": "near", "已逾期": "late"} == {
        title: each.mark for title, each in found.items()
    }
    assert "6 分 40 秒" == found["时间滞后"].figure


def test_no_sample_and_an_old_sample_are_no_good_news() -> None:
    for sampled_at in (None, NOW - timedelta(minutes=2)):
        found = cards(lag(), sampled_at=sampled_at)["时间滞后"]
        assert ("late", "—") == (found.mark, found.figure)


def test_a_reader_that_stands_is_no_good_news() -> None:
    for read_to in (None, NOW - timedelta(minutes=2)):
        silent = cards(lag(), read_to=read_to)["告警"]
        amiss = cards(lag(), read_to=read_to, alarms=3)["告警"]

        assert ("late", "—") == (silent.mark, silent.figure)
        assert ("late", "3") == (amiss.mark, amiss.figure)
        assert "相符" not in silent.note


def test_legal_time_that_cannot_be_read_is_no_zero() -> None:
    found = cards(lag(), legal=None)["已逾期"]

    assert ("late", "—") == (found.mark, found.figure)


def test_what_has_no_day_because_a_year_is_not_announced_is_no_good_news() -> None:
    row = Owed(
        party="finance",
        obligation=Obligation.RESPOND,
        began_on=date(2099, 1, 5),
        rests=False,
        lies_with=(),
        events=("a" * 32,),
        number=7,
    )
    found = cards(lag(), legal=legal_time([row], REGISTRY, NOW.date()))["已逾期"]

    assert ("near", "0") == (found.mark, found.figure)
    assert "7 项" in found.note


def test_the_worst_party_comes_first_and_every_party_has_a_row() -> None:
    rows = party_rows(
        [
            lag("finance", status=Status.WARN, events=3, seconds_behind=9.0),
            lag("justice", status=Status.STOP, events=1, seconds_behind=2.0),
        ],
        legal("district-court"),
        {"finance": 4},
        {"public-site": 6},
        REGISTRY,
        NOW,
    )

    assert ["justice", "finance", "district-court"] == [each.code for each in rows[:3]]
    assert (4, "3", "9.0 秒") == (rows[1].refused, rows[1].events, rows[1].behind)
    assert 1 == rows[2].overdue
    assert [6] == [each.parked for each in rows if each.code == "public-site"]
    assert {code for code, each in REGISTRY.parties.items() if each.exists_on(NOW.date())} <= {
        each.code for each in rows
    }


@pytest.mark.parametrize(("hour_of_utc", "is_there"), [(15, False), (17, True)])
def test_a_party_begins_with_the_district_s_day_not_with_that_of_greenwich(
    hour_of_utc: int, is_there: bool
) -> None:
    begins = replace(REGISTRY.parties["finance"], since=date(2026, 6, 11))
    changed = replace(REGISTRY, parties={**REGISTRY.parties, "finance": begins})
    now = datetime(2026, 6, 10, hour_of_utc, tzinfo=UTC)
    rows = party_rows([], None, {}, {}, changed, now)

    assert is_there == ("finance" in {each.code for each in rows})


def test_lost_events_show_beside_the_status_and_never_as_zero() -> None:
    [row] = lag_rows([lag(status=Status.ERR, lost=12, seconds_behind=None, topic=inbox("x"))])

    assert ("丢失", "12", "—") == (row.status, row.lost, row.behind)


def test_canaries_that_do_not_come_back_are_told_and_none_at_all_is_no_good_news() -> None:
    said = Canary(
        party="finance", said_at=NOW - timedelta(minutes=2), logged_at=None, confirmed_at={}
    )
    lost = canary_card(canaries_of([said], ["district-platform"], now=NOW))
    quiet = canary_card(canaries_of([], ["district-platform"], now=NOW))
    back = replace(said, logged_at=said.said_at, confirmed_at={"district-platform": said.said_at})
    good = canary_card(canaries_of([back], ["district-platform"], now=NOW))

    assert ["late", "near", "done"] == [each.mark for each in (lost, quiet, good)]
    assert ("2 次未回", "没有巡检") == (lost.note, quiet.note)


def test_what_waits_is_judged_by_a_full_window_and_nobody_is_told_in_words() -> None:
    [row] = lag_rows([lag(group=NOBODY, events=3, completeness=0.2)])

    assert ("（无人读取）", "取样不足", "near") == (row.reader, row.status, row.mark)
    [quiet] = lag_rows([lag(completeness=0.2)])
    assert ("正常", "done") == (quiet.status, quiet.mark)


def test_canaries_that_stopped_are_not_known_and_never_the_last_good_figure() -> None:
    at = NOW - timedelta(seconds=SILENT_SECONDS + 1)
    last = Canary(party="finance", said_at=at, logged_at=at, confirmed_at={"district-platform": at})
    stopped = canary_card(canaries_of([last], ["district-platform"], now=NOW))

    assert ("late", "—") == (stopped.mark, stopped.figure)
    assert stopped.note.endswith("以来情况不明")
