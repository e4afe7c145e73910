"""What the loader refuses in lists, and in the rights of who states records."""

from datetime import date
from pathlib import Path

import pytest
from tests.registry_copy import LIST, PARTY, ROUTE, add, check, copy_of_example

from credit_bus.contracts.registry import load_registry
from credit_bus.domain.registry import ListKind, SubjectCategory


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the example registry to spoil."""
    return copy_of_example(tmp_path)


LIST_MISTAKES = [
    ("public = true\n", "", "lists.toml: new-list.public: Field required; add it"),
    ('"dishonesty"', '"grey"', "lists.toml: new-list.kind: "),
    (
        "public",
        "points = 3\npublic",
        "lists.toml: new-list.points: Extra inputs are not permitted; remove the key",
    ),
    ("term_months_max = 36\n", "", "lists.toml: new-list: a list of dishonesty has a longest term"),
    ("= 36", "= 121", "lists.toml: new-list.term_months_max: "),
    ('["wage-arrears"]', "[]", "lists.toml: new-list: fields is empty"),
    ('["human-resources"]', "[]", "lists.toml: new-list: enterers is empty"),
    ('["organisation"]', "[]", "lists.toml: new-list: targets is empty"),
    ('["serious-dishonesty-listing-decision"]', "[]", "lists.toml: new-list: instruments is empty"),
    ("since", "until = 2022-01-01\nsince", "lists.toml: new-list: until is not after since"),
    ("new-list", "wage-arrears", "lists.toml: wage-arrears: the name is given 2 times"),
    ('["wage-arrears"]', '["rudeness"]', "lists.toml: new-list: its field rudeness is unknown"),
    (
        '["wage-arrears"]',
        '["honesty-model"]',
        "lists.toml: new-list: its field honesty-model is of the other kind",
    ),
    (
        "serious-dishonesty-listing-decision",
        "letter",
        "lists.toml: new-list: its instrument letter is unknown",
    ),
    (
        "serious-dishonesty-listing-decision",
        "memorandum",
        "lists.toml: new-list: its instrument memorandum founds no such entry",
    ),
    (
        "serious-dishonesty-listing-decision",
        "court-listing-decision",
        "lists.toml: new-list: its instrument court-listing-decision is a court's",
    ),
    ("human-resources", "nobody", "lists.toml: new-list: its enterer nobody is no party"),
    ("human-resources", "hub", "lists.toml: new-list: its enterer hub is not a department"),
    (
        "human-resources",
        "finance",
        "lists.toml: new-list: its enterer finance may not publish listing.entered and listing.r",
    ),
    ('type = "law"', 'type = "custom"', "lists.toml: new-list: the type custom of its basis 某法"),
    (
        'type = "law"',
        'type = "memorandum"',
        "lists.toml: new-list: memorandum is no text that a list can rest on",
    ),
    ("新名单", "涉访人员名单上访", "lists.toml: new-list: names 上访: speech, assembly and belief"),
    ("某法", "集会管理办法", "lists.toml: new-list: names 集会: speech, assembly and belief"),
    ("new-list", "speech-list", "lists.toml: speech-list: names speech: speech, assembly and"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), LIST_MISTAKES)
def test_a_mistake_in_a_list_is_refused(folder: Path, old: str, new: str, sentence: str) -> None:
    more = ["lists.toml: new-list: no text of its basis may carry a constraint"]
    add(folder, "lists.toml", LIST, (old, new))

    check(folder, sentence, *(more if "memorandum" in new and "type" in new else []))


@pytest.mark.parametrize("kind", ["watch", "dishonesty"])
@pytest.mark.parametrize("text", ["local-policy", "ministerial-rule", None])
def test_a_list_that_burdens_rests_on_law(folder: Path, kind: str, text: str | None) -> None:
    row = LIST.replace('"dishonesty"', f'"{kind}"')
    if text is None:
        add(folder, "lists.toml", row[: row.index("basis")])
        check(folder, "lists.toml: new-list: has no basis; name the statute")
    else:
        add(folder, "lists.toml", row, ('type = "law"', f'type = "{text}"'))
        check(folder, "lists.toml: new-list: no text of its basis may carry a constraint; cite a")


def test_a_list_whose_field_is_speech_is_refused_with_the_field(folder: Path) -> None:
    speech = '\n[[field]]\ncode = "speech"\nname = "言论"\ngroup = "四"\nkind = "constraint"\n'
    add(folder, "fields.toml", speech)
    add(folder, "lists.toml", LIST, ('["wage-arrears"]', '["speech"]'))

    check(folder, "fields.toml: speech: names 言论, speech: speech, assembly and belief")


def test_a_registry_without_its_lists_is_refused(folder: Path) -> None:
    (folder / "lists.toml").unlink()

    check(folder, "lists.toml: the file: the file is missing; add it")


def test_an_enterer_must_exist_on_the_first_day_of_the_list(folder: Path) -> None:
    both = 'publishes = ["listing.entered", "listing.removed", "record.corrected", '
    both += '"record.withdrawn"]\nchecked'
    add(folder, "parties.toml", PARTY, ("checked", both), ("2020-01-01", "2023-01-01"))
    add(folder, "lists.toml", LIST, ('"human-resources"', '"new-bureau"'))

    check(folder, "lists.toml: new-list: nobody answers for its enterer new-bureau on 2022-01-01")


@pytest.mark.parametrize("kind", ["licence.granted", "listing.entered", "subject.registered"])
def test_whoever_states_records_must_be_able_to_correct_and_withdraw_them(
    folder: Path, kind: str
) -> None:
    add(folder, "parties.toml", PARTY, ("checked", f'publishes = ["{kind}"]\nchecked'))

    check(
        folder,
        "parties.toml: new-bureau: answers for records (its own) and may not publish"
        " record.corrected and record.withdrawn; give new-bureau that right",
    )


def test_a_successor_must_be_able_to_withdraw_what_it_took_over(folder: Path) -> None:
    gone = 'until = 2022-01-01\nsuccessors = ["informatisation"]\n'
    gone += 'publishes = ["penalty.decided", "record.corrected", "record.withdrawn"]\nchecked'
    add(folder, "parties.toml", PARTY, ("checked", gone))

    check(
        folder,
        "parties.toml: informatisation: answers for records (those of new-bureau) and may not",
    )


@pytest.mark.parametrize(
    "kind", ["record.corrected", "record.withdrawn", "listing.removed", "publicity.ended"]
)
def test_what_follows_a_record_has_no_route_of_its_own(folder: Path, kind: str) -> None:
    add(folder, "routes.toml", ROUTE, ("licence.granted", kind))

    check(folder, f"routes.toml: new-route: carries {kind}: it goes by itself wherever the record")


def test_a_good_list_becomes_a_value(folder: Path) -> None:
    add(folder, "lists.toml", LIST, ("since", "until = 2030-01-01\nsince"))
    registry = load_registry(folder)
    new = registry.lists["new-list"]

    assert (ListKind.DISHONESTY, True, 36) == (new.kind, new.public, new.term_months_max)
    assert ({"human-resources"}, {SubjectCategory.ORGANISATION}) == (new.enterers, new.targets)
    assert (True, False) == tuple(new.in_force_on(date(year, 1, 1)) for year in (2022, 2030))
    assert "lists.toml: new-list: 某法 第一条" in registry.to_check


def test_a_list_of_honour_needs_neither_a_law_nor_an_end(folder: Path) -> None:
    add(
        folder,
        "lists.toml",
        LIST,
        ('dishonesty"', 'honour"'),
        ("wage-arrears", "honesty-model"),
        ("serious-dishonesty-listing-decision", "honour-decision"),
        ("term_months_max = 36\n", ""),
        ('type = "law"', 'type = "local-policy"'),
    )

    assert ListKind.HONOUR is load_registry(folder).lists["new-list"].kind
