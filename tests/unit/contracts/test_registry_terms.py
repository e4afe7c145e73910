"""What the loader refuses in deadlines and in the rules on publicity and repair."""

import re
from datetime import date
from pathlib import Path

import pytest
from tests.registry_copy import DEADLINE, REPAIR, add, check, copy_of_example, end_the_last

from credit_bus.contracts.registry import load_registry
from credit_bus.domain.time_rules import Obligation

RULES_OF_2026 = "2026-04-01"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the example registry whose rules on repair end with 2026."""
    made = copy_of_example(tmp_path)
    end_the_last(made, "repair.toml", RULES_OF_2026, "2026-12-31")
    return made


@pytest.fixture
def owed(tmp_path: Path) -> Path:
    """Return a copy of the example registry whose deadline to respond ends with 2026."""
    made = copy_of_example(tmp_path)
    path = made / "deadlines.toml"
    text = path.read_text("utf-8").replace(
        "valid_from = 2018-03-27\n", "valid_from = 2018-03-27\nvalid_to = 2026-12-31\n", 1
    )
    path.write_text(text, "utf-8")
    return made


@pytest.mark.parametrize("file", ["deadlines.toml", "repair.toml"])
def test_a_registry_without_the_file_is_refused(tmp_path: Path, file: str) -> None:
    made = copy_of_example(tmp_path)
    (made / file).unlink()

    check(made, f"{file}: the file: the file is missing; add it")


@pytest.mark.parametrize(
    ("file", "begins"),
    [
        ("deadlines.toml", [f"deadlines.toml: {each}: has no row; add one" for each in Obligation]),
        ("repair.toml", ["repair.toml: rules: has no row; add one"]),
    ],
)
def test_a_file_without_a_row_is_refused(tmp_path: Path, file: str, begins: list[str]) -> None:
    made = copy_of_example(tmp_path)
    (made / file).write_text("", "utf-8")

    check(made, *begins)


DEADLINE_MISTAKES = [
    ('"respond"', '"applaud"', "deadlines.toml: applaud.obligation: "),
    ("= 4", "= 0", "deadlines.toml: respond.working_days: "),
    ("= 4", "= 61", "deadlines.toml: respond.working_days: "),
    ("= 4", '= "4"', "deadlines.toml: respond.working_days: "),
    ("checked", "marks = 1\nchecked", "deadlines.toml: respond.marks: Extra inputs are not perm"),
    ("checked = false\n", "", "deadlines.toml: respond.checked: Field required; add it"),
    (', article = "第一条"', "", "deadlines.toml: respond.source.article: Field required"),
    ("before = 1", "before = 4", "deadlines.toml: respond 2027-01-01: the reminder would come be"),
    ("2027-01-01", "2027-01-02", "deadlines.toml: respond: has no row on 2027-01-01; let one foll"),
    ("2027-01-01", "2026-12-31", "deadlines.toml: respond: has two rows on 2026-12-31; end the ea"),
    (
        "source",
        "valid_to = 2028-12-31\nsource",
        "deadlines.toml: respond: has no row after 2028-12-31; leave the last without valid_to",
    ),
    (
        "source",
        "valid_to = 2026-12-31\nsource",
        "deadlines.toml: respond: valid_to 2026-12-31 is before valid_from 2027-01-01; correct",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), DEADLINE_MISTAKES)
def test_a_mistake_in_a_deadline_is_refused(owed: Path, old: str, new: str, sentence: str) -> None:
    add(owed, "deadlines.toml", DEADLINE, (old, new))

    check(owed, sentence)


def test_an_obligation_without_a_deadline_on_the_plans_first_day_is_refused(
    tmp_path: Path,
) -> None:
    made = copy_of_example(tmp_path)
    path = made / "deadlines.toml"
    path.write_text(path.read_text("utf-8").replace("2018-03-27\n", "2018-03-28\n", 1), "utf-8")

    check(made, "deadlines.toml: respond: has no row from 2018-03-27 on; let the first begin on")


REPAIR_MISTAKES = [
    ("checked = true", "points = 3\nchecked = true", "classes.1.points: Extra inputs are not per"),
    ('"minor"', '"grave"', "classes.0.class: "),
    ("= 12", "= 0", "classes.1.maximum_months: "),
    ('"minor"', '"general"', " names the class general 2 times; keep one"),
    ("otherwise = true\n", "", " needs exactly one class for penalties whose category none names"),
    (
        'categories = ["警告"]\n',
        'categories = ["警告"]\notherwise = true\n',
        " needs exactly one class for penalties whose category none names",
    ),
    (
        'categories = ["警告"]\n',
        'categories = ["警告"]\nlistings = true\n',
        " puts listings in two classes; keep one",
    ),
    ('["警告"]', '["警吿"]', " names 警吿, which is no category of penalty; use a word of the te"),
    (
        "fields",
        'categories = ["警告"]\nfields',
        " puts 警告 in two classes; keep one",
    ),
    ('["食品"]', '["信访"]', " names 信访: speech, assembly and belief are no ground; remove"),
    ("maximum_months = 12\n", "", " general: is published without an end; set maximum_months"),
    ("= 12", "= 2", " general: maximum_months is less than minimum_months; correct them"),
    (
        "minimum_months = 0",
        "minimum_months = 0\nmaximum_months = 3",
        " minor: is not published and has a longest time; drop maximum_months",
    ),
    (
        'categories = ["警告"]\nchecked = false',
        "checked = true",
        " minor: is checked and nothing falls in it; say which decisions do",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), REPAIR_MISTAKES)
def test_a_mistake_in_rules_on_repair_is_refused(
    folder: Path, old: str, new: str, sentence: str
) -> None:
    add(folder, "repair.toml", REPAIR, (old, new))
    colon = ":" if sentence.startswith(" ") else "."

    check(folder, f"repair.toml: 某办法{colon}{sentence}")


@pytest.mark.parametrize(
    ("begins", "sentence"),
    [
        ("2027-01-02", "repair.toml: rules: has no row on 2027-01-01; let one follow upon the ot"),
        ("2026-12-31", "repair.toml: rules: has two rows on 2026-12-31; end the earlier on the d"),
    ],
)
def test_a_decision_stands_under_one_set_of_rules(folder: Path, begins: str, sentence: str) -> None:
    add(folder, "repair.toml", REPAIR, ("2027-01-01", begins))

    check(folder, sentence)


def test_rules_that_end_without_others_are_refused(folder: Path) -> None:
    check(folder, "repair.toml: rules: has no row after 2026-12-31; leave the last without")


def test_every_mistake_of_both_files_comes_in_one_report(owed: Path) -> None:
    end_the_last(owed, "repair.toml", RULES_OF_2026, "2026-12-31")
    add(owed, "deadlines.toml", DEADLINE, ("before = 1", "before = 4"))
    add(owed, "repair.toml", REPAIR, ("= 12", "= 2"), ("otherwise = true\n", ""))

    check(
        owed,
        "deadlines.toml: respond 2027-01-01: the reminder would come before",
        "repair.toml: 某办法: general: maximum_months is less than minimum_months",
        "repair.toml: 某办法: needs exactly one class",
    )


def test_what_nobody_has_read_is_told(folder: Path) -> None:
    add(folder, "repair.toml", REPAIR)
    found = load_registry(folder).to_check

    assert "repair.toml: 某办法: minor" in found
    assert "repair.toml: 某办法: general" not in found
    assert "deadlines.toml: respond 2018-03-27" in found
    assert "deadlines.toml: publish 2018-03-27" not in found


def test_the_rules_of_a_day_are_found_whatever_the_order_of_the_file(folder: Path) -> None:
    path = folder / "repair.toml"
    text = path.read_text("utf-8")
    path.write_text(REPAIR + text, "utf-8")
    registry = load_registry(folder)
    last, first = (registry.repair_rules_on(date(*day)) for day in ((2026, 12, 31), (2027, 1, 1)))

    assert last is not None
    assert first is not None
    assert ("某办法", date(2026, 4, 1)) == (first.instrument, last.valid_from)
    assert re.search("第36号", last.instrument)
