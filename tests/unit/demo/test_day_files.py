"""The made-up day: seeded, format-true, with every kind of bad row."""

from collections import Counter
from datetime import date

import pytest
from tests import samples

from credit_bus.domain.rules import RULES
from credit_bus_connectors.departments.files.header import RefusedHeader, read_header
from credit_bus_connectors.departments.files.mapping import map_row
from credit_bus_connectors.departments.rules import FORM_RULES
from credit_bus_deploy.demo.files import DEPARTMENTS, ROWS, DayFile, day_files
from credit_bus_deploy.demo.spoil import SPOILINGS

TODAY = date(2026, 6, 1)


def files(seed: int = 1) -> list[DayFile]:
    return day_files(samples.registry(), today=TODAY, seed=seed)


def seal(number: str) -> dict[str, object]:
    return {"pseudonym": "a" * 64, "box": number.encode()}


def test_the_day_has_its_departments_and_rows() -> None:
    day = files()

    assert DEPARTMENTS == len({file.party for file in day})
    assert ROWS == sum(len(file.rows) for file in day)


def test_the_same_seed_makes_the_same_day_and_another_another() -> None:
    assert files() == files()
    assert files() != files(2)


def test_every_kind_of_bad_row_occurs() -> None:
    planned = Counter(code for file in files() for code in file.bad.values())

    assert {spoiling.code for spoiling in SPOILINGS} == set(planned)
    assert set(planned) <= {*RULES, *FORM_RULES}


@pytest.mark.parametrize("seed", [1, 2])
def test_good_rows_are_mapped_and_form_mistakes_are_told(seed: int) -> None:
    for file in files(seed):
        layout = read_header([column.header for column in file.template.columns])
        assert not isinstance(layout, RefusedHeader)
        for number, row in enumerate(file.rows, start=2):
            mapped = map_row(layout, row, seal)
            planned = file.bad.get(number)
            codes = {reason.code for reason in mapped.reasons}

            assert (planned in FORM_RULES) == bool(codes)
            assert planned in codes or not codes
