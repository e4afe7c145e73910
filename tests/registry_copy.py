"""A copy of the example registry to spoil, and one new row of each table to spoil it with."""

import shutil
from pathlib import Path

import pytest

from credit_bus.contracts.registry import RegistryError, load_registry

EXAMPLE = Path(__file__).parents[1] / "deploy/credit_bus_deploy/registry"

PARTY = """
[[department]]
code = "new-bureau"
name = "新局"
since = 2020-01-01
checked = false
"""

ANSWERS = 'publishes = ["measure.responded", "measure.executed", "measure.lifted"]'

MEASURE = """
[[measure]]
code = "new-measure"
name = "新措施"
kind = "constraint"
content = "一项措施"
targets = ["organisation"]
implementers = ["finance"]
instruments = ["administrative-penalty-decision"]
since = 2022-01-01
term_months_max = 12
basis = [{ type = "law", title = "某法", article = "第一条", checked = false }]
"""

ROUTE = """
[[route]]
id = "new-route"
types = ["licence.granted"]
to = "district-platform"
"""

INSTRUMENT = """
[[instrument]]
code = "new-document"
name = "新文书"
founds_from = 2022-01-01
checked = false
"""

FIELD = """
[[field]]
code = "new-field"
name = "新领域"
group = "市场公平竞争秩序"
kind = "constraint"
"""

PURPOSE = """
[[purpose]]
code = "new-purpose"
name = "新用途"
askers = ["finance"]
records = ["penalty.decided"]
"""

LIST = """
[[list]]
code = "new-list"
name = "新名单"
kind = "dishonesty"
fields = ["wage-arrears"]
instruments = ["serious-dishonesty-listing-decision"]
enterers = ["human-resources"]
targets = ["organisation"]
public = true
since = 2022-01-01
term_months_max = 36
basis = [{ type = "law", title = "某法", article = "第一条", checked = false }]
"""

EXCEPTION = """
[[exception]]
code = "91350211M0000XUF46"
checked = false
"""


DEADLINE = """
[[deadline]]
obligation = "respond"
working_days = 4
remind_before = 1
valid_from = 2027-01-01
source = { title = "某规定", article = "第一条" }
checked = false
"""

REPAIR = """
[[rules]]
instrument = "某办法"
valid_from = 2027-01-01

[[rules.classes]]
class = "minor"
published = false
minimum_months = 0
categories = ["警告"]
checked = false

[[rules.classes]]
class = "general"
published = true
minimum_months = 3
maximum_months = 12
fields = ["食品"]
listings = true
otherwise = true
checked = true
"""


def end_the_last(folder: Path, file: str, valid_from: str, valid_to: str) -> None:
    """Give the open row of a file that begins on that day its last day, so that one can follow."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    head, begin, tail = text.rpartition(f"valid_from = {valid_from}\n")
    assert begin
    assert not tail.startswith("valid_to"), file
    path.write_text(f"{head}{begin}valid_to = {valid_to}\n{tail}", encoding="utf-8")


def copy_of_example(folder: Path) -> Path:
    """Return a new copy of the example registry inside the folder."""
    return Path(shutil.copytree(EXAMPLE, folder / "registry"))


def add(folder: Path, file: str, row: str, *changes: tuple[str, str]) -> None:
    """Append the row, with each of its texts that a change names put differently."""
    for old, new in changes:
        assert old in row
        row = row.replace(old, new)
    with (folder / file).open("a", encoding="utf-8") as stream:
        stream.write(row)


def check(folder: Path, *expected: str) -> None:
    """Compare the refusal's sentences, all of them, with the expected beginnings."""
    with pytest.raises(RegistryError) as refusal:
        load_registry(folder)
    found = refusal.value.mistakes

    assert len(expected) == len(found), found
    assert [] == [e for e in expected if not any(f.startswith(e) for f in found)], found
    assert all(f.count("; ") >= 1 and str(refusal.value).count(f) == 1 for f in found)
