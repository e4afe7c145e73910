"""What the loader refuses in the table of working days."""

from pathlib import Path

from tests.registry_copy import add, check, copy_of_example

YEAR = """
[[year]]
year = 2027
notice = "示例"
checked = false
holidays = [2027-01-01]
workdays = [2027-01-02]
"""


def test_a_day_of_another_year_is_refused(tmp_path: Path) -> None:
    folder = copy_of_example(tmp_path)
    add(folder, "working_days.toml", YEAR, ("[2027-01-01]", "[2026-01-01]"))
    check(folder, "working_days.toml: 2027: 2026-01-01 is no day of 2027")


def test_a_worked_weekend_on_a_weekday_is_refused(tmp_path: Path) -> None:
    folder = copy_of_example(tmp_path)
    add(folder, "working_days.toml", YEAR, ("[2027-01-02]", "[2027-01-04]"))
    check(folder, "working_days.toml: 2027: 2027-01-04 is named as a worked weekend")


def test_a_day_both_off_and_worked_is_refused(tmp_path: Path) -> None:
    folder = copy_of_example(tmp_path)
    add(folder, "working_days.toml", YEAR, ("[2027-01-01]", "[2027-01-02]"))
    check(folder, "working_days.toml: 2027: 2027-01-02 is named as a worked weekend")


def test_a_gap_between_years_and_a_year_twice_are_refused_together(tmp_path: Path) -> None:
    folder = copy_of_example(tmp_path)
    later = YEAR.replace("2027", "2028").replace("2028-01-02", "2028-01-01")
    add(folder, "working_days.toml", later, ("[2028-01-01]\nworkdays", "[2028-01-03]\nworkdays"))
    add(folder, "working_days.toml", later, ("[2028-01-01]\nworkdays", "[2028-01-03]\nworkdays"))
    check(
        folder,
        "working_days.toml: 2028: the name is given 2 times",
        "working_days.toml: 2028: 2027 is missing between 2026 and 2028",
    )


def test_a_year_without_holidays_is_refused(tmp_path: Path) -> None:
    folder = copy_of_example(tmp_path)
    add(folder, "working_days.toml", YEAR, ("holidays = [2027-01-01]", "holidays = []"))
    check(folder, "working_days.toml: 2027.holidays")
