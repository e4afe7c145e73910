"""The registry's loader: files, values, version, and all mistakes in one report."""

from pathlib import Path

import pytest
from tests.registry_copy import (
    EXCEPTION,
    FIELD,
    INSTRUMENT,
    MEASURE,
    PARTY,
    ROUTE,
    add,
    check,
    copy_of_example,
)

from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.registry_rules import BANNED_CODE_WORDS, BANNED_WORDS, banned_grounds
from credit_bus.domain.registry import MeasureKind, Role, SubjectCategory


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the example registry to spoil."""
    return copy_of_example(tmp_path)


def test_a_field_about_speech_is_refused(folder: Path) -> None:
    add(folder, "fields.toml", FIELD, ("新领域", "网络谣言"))

    check(folder, "fields.toml: new-field: names 谣: speech, assembly and belief are no ground")


def test_an_exception_for_a_code_that_is_right_is_refused(folder: Path) -> None:
    add(folder, "exceptions.toml", EXCEPTION, ("91350211M0000XUF46", "91620702999999998Q"))

    check(folder, "exceptions.toml: 91620702999999998Q: only a code whose check character fails")


def test_the_sentinel_for_no_code_is_no_exception(folder: Path) -> None:
    add(folder, "exceptions.toml", EXCEPTION, ("91350211M0000XUF46", "00000000000000000X"))

    check(folder, "exceptions.toml: 00000000000000000X: only a code whose check character fails")


def test_a_missing_file_is_refused_without_blaming_those_who_refer_to_it(folder: Path) -> None:
    (folder / "parties.toml").unlink()

    check(folder, "parties.toml: the file: the file is missing; add it")


def test_a_file_that_is_not_toml_is_refused(folder: Path) -> None:
    (folder / "instruments.toml").write_text("[[instrument]\n", "utf-8")

    check(folder, "instruments.toml: the file: is not TOML in UTF-8")


def test_a_file_that_is_not_utf8_is_refused(folder: Path) -> None:
    (folder / "district.toml").write_bytes("[district]\nname = '甘州'\n".encode("gb18030"))

    check(folder, "district.toml: the file: is not TOML in UTF-8")


def test_a_value_where_a_table_belongs_is_refused(folder: Path) -> None:
    (folder / "district.toml").write_text("district = 620702\n", "utf-8")

    check(folder, "district.toml: district 1: Input should be a table; correct 620702")


def test_an_unknown_file_and_an_unknown_table_are_refused(folder: Path) -> None:
    (folder / "mesures.toml").write_text("", "utf-8")
    add(folder, "fields.toml", FIELD, ("[[field]]", "[[feild]]"))

    check(
        folder,
        "mesures.toml: the file: is no file of a registry",
        "fields.toml: feild: unknown table; this file holds field",
    )


def test_mistakes_of_several_files_come_in_one_report(folder: Path) -> None:
    add(folder, "parties.toml", PARTY, ("since = 2020-01-01\n", ""), ("checked", "chekced"))
    add(folder, "measures.toml", MEASURE, ("finance", "new-bureau"), ("term_months_max = 12", ""))
    add(folder, "routes.toml", ROUTE, ("district-platform", "nowhere"))
    add(folder, "fields.toml", FIELD, ("新领域", "非法集会"))

    check(
        folder,
        "parties.toml: new-bureau.since: Field required",
        "parties.toml: new-bureau.checked: Field required",
        "parties.toml: new-bureau.chekced: Extra inputs are not permitted",
        "measures.toml: new-measure: a constraint has a longest term",
        "routes.toml: new-route: leads to nowhere, which is no party",
        "fields.toml: new-field: names 集会",
    )


def test_every_banned_word_is_found_and_an_honest_row_has_none() -> None:
    found = {word for word in BANNED_WORDS if word in banned_grounds("row", [f"因{word}受罚"])}
    codes = {word for word in BANNED_CODE_WORDS if banned_grounds(f"no-{word}", []) == [word]}

    assert set(BANNED_WORDS) == found
    assert codes == BANNED_CODE_WORDS
    assert [] == banned_grounds("wage-arrears", ["恶意拖欠工资", "保障农民工工资支付条例"])


def test_good_rows_become_values(folder: Path) -> None:
    add(folder, "parties.toml", PARTY)
    add(folder, "measures.toml", MEASURE)
    add(folder, "routes.toml", ROUTE)
    add(folder, "instruments.toml", INSTRUMENT)
    add(folder, "fields.toml", FIELD)
    registry = load_registry(folder)

    assert Role.DEPARTMENT is registry.parties["new-bureau"].role
    assert ("finance",) == registry.measures["new-measure"].implementers
    assert frozenset(SubjectCategory) == registry.routes[-1].categories
    assert registry.instrument_types["new-document"].founds_from is not None
    assert MeasureKind.CONSTRAINT is registry.fields["new-field"].kind
    assert "620702" == registry.district
    assert "甘肃省张掖市甘州区" == registry.district_name


def test_a_row_that_nobody_read_in_the_official_text_is_listed(folder: Path) -> None:
    add(folder, "measures.toml", MEASURE)
    add(folder, "instruments.toml", INSTRUMENT, ("checked = false", "checked = true"))
    registry = load_registry(folder)

    assert "measures.toml: new-measure: 某法 第一条" in registry.to_check
    assert "parties.toml: finance" in registry.to_check
    assert "instruments.toml: new-document" not in registry.to_check


def test_the_version_changes_with_any_byte_and_with_nothing_else(folder: Path) -> None:
    before = load_registry(folder).version
    (folder / "README.md").write_text("other words", "utf-8")
    same = load_registry(folder).version
    add(folder, "fields.toml", "# a remark\n")
    after = load_registry(folder).version

    assert before == same
    assert before != after
    assert [12, 12] == [len(before), len(after)]
    assert set(before + after) <= set("0123456789abcdef")
