"""The glossary names everything that the code names."""

import re
import runpy
from enum import StrEnum
from pathlib import Path

import pytest

from credit_bus.domain import registry, time_rules
from credit_bus.domain.event_types import EVENT_TYPES

ROWS = runpy.run_path(str(Path(__file__).with_name("glossary_rows.py")))
GLOSSARY = ROWS["GLOSSARY"].read_text("utf-8")
TABLE_ROW = re.compile(r"^\| ([^|]+) \| `?([^|`]+)`? \|", re.MULTILINE)


def missing(names, glossary):
    """Return the names that have no row of their own."""
    entered = {code for _, code in TABLE_ROW.findall(glossary)}
    return sorted(set(names) - entered)


def enum_values():
    kinds = [
        kind for kind in (vars(registry) | vars(time_rules)).values() if isinstance(kind, type)
    ]
    return [
        value.value
        for kind in kinds
        if issubclass(kind, StrEnum) and kind is not StrEnum
        for value in kind
    ]


def missing_reasons(glossary):
    return sorted(code for code in ROWS["reason_codes"]() if f"| `{code}` |" not in glossary)


@pytest.mark.parametrize("name", ["penalty.decided", "department", "constraint"])
def test_a_name_without_its_row_is_found(name):
    assert [name] == missing([name], GLOSSARY.replace(f"`{name}`", "`other`"))


def test_a_reason_without_its_row_is_found():
    assert ["key-missing"] == missing_reasons(
        ROWS["with_reasons"](GLOSSARY).replace("`key-missing`", "`other`")
    )


def test_every_event_type_is_in_the_glossary_with_the_plans_word():
    entered = {code: term for term, code in TABLE_ROW.findall(GLOSSARY)}

    assert {name: row.term for name, row in EVENT_TYPES.items()} == {
        name: entered.get(name) for name in EVENT_TYPES
    }


def test_every_role_category_and_kind_is_in_the_glossary():
    assert len(enum_values()) >= 19
    assert [] == missing(enum_values(), GLOSSARY)


def test_every_reason_is_in_the_glossary():
    assert [] == missing_reasons(GLOSSARY)


def test_the_section_of_reasons_is_as_the_rules_are():
    assert ROWS["with_reasons"](GLOSSARY) == GLOSSARY
