"""What a peer in Java is told: all that it asks for, and nothing that was typed twice."""

import json
import re
from pathlib import Path

import pytest
from benchmarks.peers import kafka_streams
from benchmarks.peers.contracts import contracts, write_contracts
from benchmarks.peers.district import EXAMPLE

from credit_bus.domain import records
from credit_bus.domain.rules import RULES

SOURCES = {path.name: path.read_text("utf-8") for path in kafka_streams.SOURCES.rglob("*.java")}
EVERYTHING = "\n".join(SOURCES.values())
LINES_PER_FILE_MAX = 300


def test_the_file_holds_what_the_modules_hold(tmp_path: Path) -> None:
    path = tmp_path / "contracts.json"
    write_contracts(path, EXAMPLE)
    read = json.loads(path.read_text("utf-8"))

    assert RULES["date-in-future"].rule == read["rules"]["date-in-future"]["rule"]
    assert json.loads(json.dumps(contracts(EXAMPLE))) == read


def test_words_are_those_of_the_check_that_was_made_of_them() -> None:
    told = contracts(EXAMPLE)["words"]["penalty.category"]

    assert [] == [word for word in told["known"] if records._penalty_category(word, "x")]
    shown = f"{records._penalty_category('', 'x')[0].rule}"
    assert shown.endswith(told["shown"])
    longest = "其他-" + "类" * (told["other_length_max"] - 3)
    assert [] == records._penalty_category(longest, "x")
    assert [] != records._penalty_category(longest + "类", "x")


def test_texts_are_those_of_the_check_that_was_made_of_them() -> None:
    told = {row["path"]: row for row in contracts(EXAMPLE)["texts"]["subject"]}

    assert {"subject.name", "subject.tax_number"} < set(told)
    assert (True, 200) == (told["subject.name"]["required"], told["subject.name"]["length_max"])
    assert not told["subject.tax_number"]["required"]


def test_every_rule_that_the_java_sources_name_is_a_rule() -> None:
    named = set(re.findall(r'rules\s*\.reason\(\s*"([a-z-]+)"', EVERYTHING))
    rules = contracts(EXAMPLE)["rules"]

    assert len(named) > 30
    assert {"uscc-"} == {code for code in named if code not in rules}  # and the problem's name


@pytest.mark.parametrize("table", ["words", "texts"])
def test_every_table_that_the_java_sources_ask_for_is_told(table: str) -> None:
    asked = set(re.findall(rf'{table}\(\)\s*\.get\("([a-z._]+)"\)', EVERYTHING))

    assert set(contracts(EXAMPLE)[table]) == asked


def test_no_rule_s_text_is_typed_in_java() -> None:
    typed = set(re.findall(r'"([^"\n]*[\u4e00-\u9fff][^"\n]*)"', EVERYTHING))

    # A word that begins another, the words of an amount, and the names of two fields.
    assert {"其他", "没收", "有效期自", "处罚决定日期"} == typed


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_java_file_fits_on_a_few_screens_and_says_what_it_is(name: str) -> None:
    assert LINES_PER_FILE_MAX >= len(SOURCES[name].splitlines())
    assert re.search(r"/\*\*.*?\*/\s*(public )?(final )?(class|record) ", SOURCES[name], re.DOTALL)
