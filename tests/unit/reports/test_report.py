"""The report: the registry's order, everybody's own name, sums of departments alone."""

import json
from datetime import date

import pytest
from tests import samples
from tests.unit.reports.figures import AFTER, COUNTS, FIRST, QUARTER, report

from credit_bus.casework.counts import COLUMNS, ON_TIME
from credit_bus.domain.registry import Role
from credit_bus.reports.as_json import to_json
from credit_bus.reports.period import Period
from credit_bus.reports.report import Row, UnknownCountError
from credit_bus.reports.texts import GROUPS, groups, is_share, name_of, notes_of, shown


def row(**counts: int) -> Row:
    return Row(code="x", name="某局", counts={what: counts.get(what, 0) for what in COLUMNS})


def gone() -> str:
    """A department that is no more."""
    return next(
        party.code
        for party in samples.registry().parties.values()
        if party.role is Role.DEPARTMENT and party.until is not None
    )


def test_what_this_release_has_no_column_for_is_refused() -> None:
    with pytest.raises(UnknownCountError, match="sung is counted"):
        report({(FIRST, "transport", "sung"): 1})


def test_counts_of_other_days_are_passed_over() -> None:
    found = {each.code: each for each in report().departments}

    assert 3 == found["transport"].counts["said"]
    assert [] == [each for each in report({(AFTER, gone(), "said"): 1}).departments if each.until]


def test_a_department_that_did_nothing_has_a_line() -> None:
    found = report({})
    existing = [
        party.code
        for party in samples.registry().parties.values()
        if party.role is Role.DEPARTMENT and party.until is None
    ]

    assert existing == [each.code for each in found.departments]
    assert all(each.is_empty for each in found.departments)
    assert () == found.others


def test_lines_and_columns_are_in_the_order_of_registry_and_counts() -> None:
    codes = [each.code for each in report().departments]

    assert codes == [code for code in samples.registry().parties if code in codes]
    assert {tuple(COLUMNS)} == {tuple(each.counts) for each in report().departments}


def test_a_department_that_is_gone_stands_under_its_own_name() -> None:
    code = gone()
    found = next(
        each for each in report({(FIRST, code, "overdue"): 1}).departments if each.code == code
    )

    assert samples.registry().parties[code].name == found.name
    assert name_of(found, QUARTER).startswith(found.name)
    assert name_of(found, QUARTER).endswith("起撤并）")
    before = Period(first=date(2018, 3, 1), last=date(2018, 3, 31))
    assert found.name == name_of(found, before)


def test_who_is_not_in_the_registry_any_more_stands_under_its_code() -> None:
    last = report({(FIRST, "no-such-party", "said"): 1}).departments[-1]

    assert ("no-such-party", "no-such-party", 1) == (last.code, last.name, last.counts["said"])


def test_the_sum_is_of_departments_alone_and_of_all_of_them() -> None:
    found = report()

    assert 1_203 == found.total.counts["said"]
    assert ["district-platform", "hub"] == [each.code for each in found.others]
    assert [1_200, 0, 3] == [each.counts["said"] for each in found.months]
    assert ["2026年1月", "2026年2月", "2026年3月"] == [each.name for each in found.months]


@pytest.mark.parametrize(
    ("done", "of", "text"),
    [(18, 20, "18/20 (90%)"), (199, 200, "199/200 (99%)"), (0, 3, "0/3 (0%)"), (0, 0, "—")],
)
def test_a_share_is_told_with_its_numbers_and_never_rounded_up(
    done: int, of: int, text: str
) -> None:
    assert text == shown(row(answered=of, answered_on_time=done), "answered_on_time")
    assert f"{of}" == shown(row(answered=of), "answered")


def test_every_share_is_of_a_column_before_it() -> None:
    columns = list(COLUMNS)
    for what in filter(is_share, columns):
        assert columns.index(what.removesuffix(ON_TIME)) < columns.index(what)


def test_the_groups_are_the_columns() -> None:
    assert list(COLUMNS) == [what for _, whats in groups() for what in whats]
    assert list(GROUPS.values()) == [name for name, _ in groups()]


def test_the_foot_says_what_is_not_in_the_figures() -> None:
    assert any("没有“退回”一栏" in note for note in notes_of(report()))
    assert any("不涉及任何信用主体" in note for note in notes_of(report()))
    assert not any("尚未结束" in note for note in notes_of(report()))
    running = Period(first=FIRST, last=date(2026, 4, 2))
    assert any("尚未结束" in note for note in notes_of(report(period=running)))


def test_the_json_has_every_count_and_no_share() -> None:
    found = json.loads(json.dumps(to_json(report()), ensure_ascii=False))
    told = {
        (each["party"], what): n
        for each in found["departments"] + found["others"]
        for what, n in each["counts"].items()
        if n
    }
    expected: dict[tuple[str, str], int] = {}
    for (day, party, what), n in COUNTS.items():
        if day != AFTER:
            expected[party, what] = expected.get((party, what), 0) + n

    assert expected == told
    assert dict(COLUMNS) == found["columns"]
    assert ("2026-01-01", "2026-03-31") == (found["from"], found["to"])


def test_every_column_is_in_the_glossary_under_its_own_word() -> None:
    glossary = (samples.REGISTRY_FOLDER.parents[2] / "schemas/GLOSSARY.md").read_text("utf-8")
    missing = [what for what, word in COLUMNS.items() if f"| {word} | `{what}` |" not in glossary]

    assert [] == missing
