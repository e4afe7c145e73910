"""What the loader refuses in the catalogue of measures."""

from datetime import date
from pathlib import Path

import pytest
from tests.registry_copy import ANSWERS, MEASURE, PARTY, add, check, copy_of_example

from credit_bus.contracts.registry import load_registry


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the example registry to spoil."""
    return copy_of_example(tmp_path)


MEASURE_MISTAKES = [
    ("term_months_max = 12\n", "", "measures.toml: new-measure: a constraint has a longest term"),
    ("max = 12", "max = 0", "measures.toml: new-measure.term_months_max: "),
    ("max = 12", "max = 121", "measures.toml: new-measure.term_months_max: "),
    ("max = 12", 'max = "12"', "measures.toml: new-measure.term_months_max: "),
    (
        "term_months_max = 12",
        "until_performance = true",
        "measures.toml: new-measure: lasts until performance, and none of its instruments does",
    ),
    ('["finance"]', "[]", "measures.toml: new-measure: implementers is empty"),
    ('["organisation"]', "[]", "measures.toml: new-measure: targets is empty"),
    (
        '["administrative-penalty-decision"]',
        "[]",
        "measures.toml: new-measure: instruments is empty",
    ),
    ('["finance"]', '["nobody"]', "measures.toml: new-measure: its implementer nobody is no party"),
    ('["finance"]', '["propaganda"]', "measures.toml: new-measure: its implementer propaganda may"),
    (
        "since = 2022-01-01",
        "since = 2019-12-30",
        "measures.toml: new-measure: nobody answers for its implementer fire-rescue on 2019-12-30",
    ),
    ("since", "until = 2022-01-01\nsince", "measures.toml: new-measure: until is not after since"),
    (
        "administrative-penalty-decision",
        "memorandum",
        "measures.toml: new-measure: its instrument memorandum founds no constraint while it is",
    ),
    (
        "administrative-penalty-decision",
        "honour-decision",
        "measures.toml: new-measure: its instrument honour-decision founds no constraint",
    ),
    (
        "administrative-penalty-decision",
        "letter",
        "measures.toml: new-measure: its instrument letter is unknown",
    ),
    ('type = "law"', 'type = "custom"', "measures.toml: new-measure: the type custom of its basis"),
    (
        'type = "law"',
        'type = "local-policy"',
        "measures.toml: new-measure: no text of its basis may carry a constraint",
    ),
    (
        'type = "law"',
        'type = "ministerial-rule"',
        "measures.toml: new-measure: no text of its basis may carry a constraint",
    ),
    (
        "since",
        'initiators = ["nobody"]\nsince',
        "measures.toml: new-measure: its initiator nobody is no party",
    ),
    (
        "since",
        'initiators = ["propaganda"]\nsince',
        "measures.toml: new-measure: its initiator propaganda may not publish action.initiated",
    ),
    ("new-measure", "exit-restriction", "measures.toml: exit-restriction: the name is given 2"),
    (
        "新措施",
        "限制发布言论",
        "measures.toml: new-measure: names 言论: speech, assembly and belief",
    ),
    ("一项措施", "因参加集 会、游　行", "measures.toml: new-measure: names 集会, 游行: speech,"),
    ("某法", "集会游行示威法", "measures.toml: new-measure: names 集会, 游行, 示威: speech,"),
    ("new-measure", "petition-ban", "measures.toml: petition-ban: names petition: speech,"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), MEASURE_MISTAKES)
def test_a_mistake_in_a_measure_is_refused(folder: Path, old: str, new: str, sentence: str) -> None:
    row = MEASURE.replace("finance", "fire-rescue") if "fire-rescue" in sentence else MEASURE
    add(folder, "measures.toml", row, (old, new))

    check(folder, sentence)


def test_a_measure_without_basis_is_refused(folder: Path) -> None:
    add(folder, "measures.toml", MEASURE[: MEASURE.index("basis = ")])

    check(folder, "measures.toml: new-measure: has no basis; name the statute and the article")


def test_a_document_that_founds_is_no_basis(folder: Path) -> None:
    add(folder, "measures.toml", MEASURE, ('type = "law"', 'type = "memorandum"'))

    check(
        folder,
        "measures.toml: new-measure: memorandum is no text that a measure can rest on",
        "measures.toml: new-measure: no text of its basis may carry a constraint",
    )


def test_a_platform_implements_no_measure(folder: Path) -> None:
    add(folder, "measures.toml", MEASURE, ("finance", "district-platform"))

    check(
        folder,
        "measures.toml: new-measure: its implementer district-platform is not a department",
        "measures.toml: new-measure: its implementer district-platform may not publish",
    )


@pytest.mark.parametrize("right", ["measure.responded", "measure.executed", "measure.lifted"])
def test_an_implementer_without_one_of_its_three_words_is_refused(folder: Path, right: str) -> None:
    """Whoever begins a measure and cannot say that it ended would leave it open for ever."""
    answers = ANSWERS.replace(
        f'"{right}"', '"licence.granted", "record.corrected", "record.withdrawn"'
    )
    add(folder, "parties.toml", PARTY, ("checked", f"{answers}\nchecked"))
    add(folder, "measures.toml", MEASURE, ("finance", "new-bureau"))

    check(
        folder,
        f"measures.toml: new-measure: its implementer new-bureau may not publish {right};"
        " give new-bureau that right or ask somebody else",
    )


def test_an_implementer_that_ended_is_refused_when_its_successor_cannot_answer(
    folder: Path,
) -> None:
    ended = f'until = 2021-01-01\nsuccessors = ["propaganda"]\n{ANSWERS}\nchecked'
    add(folder, "parties.toml", PARTY, ("checked", ended))
    add(folder, "measures.toml", MEASURE, ("finance", "new-bureau"))

    check(folder, "measures.toml: new-measure: its implementer propaganda may not publish measure.")


def test_an_implementer_that_ended_is_taken_when_its_successor_answers(folder: Path) -> None:
    ended = f'until = 2021-01-01\nsuccessors = ["finance"]\n{ANSWERS}\nchecked'
    add(folder, "parties.toml", PARTY, ("checked", ended))
    add(folder, "measures.toml", MEASURE, ("finance", "new-bureau"))
    registry = load_registry(folder)

    assert "finance" == registry.successor_of("new-bureau", date(2022, 1, 1))
