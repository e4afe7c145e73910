"""What the loader refuses in parties, platforms, routes and instrument types."""

from pathlib import Path

import pytest
from tests.registry_copy import INSTRUMENT, PARTY, ROUTE, add, check, copy_of_example


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the example registry to spoil."""
    return copy_of_example(tmp_path)


PARTY_MISTAKES = [
    ("since = 2020-01-01", 'since = "2020"', "parties.toml: new-bureau.since: "),
    ("since = 2020-01-01\n", "", "parties.toml: new-bureau.since: Field required; add it"),
    ("new-bureau", "New_Bureau", "parties.toml: New_Bureau.code: String should match pattern"),
    ("new-bureau", "b" * 41, f"parties.toml: {'b' * 41}.code: String should have at most 40"),
    (
        "checked",
        'colour = "red"\nchecked',
        "parties.toml: new-bureau.colour: Extra inputs are not permitted; remove the key",
    ),
    ("checked = false", "checked = 0", "parties.toml: new-bureau.checked: "),
    ("new-bureau", "finance", "parties.toml: finance: the name is given 2 times"),
    ("new-bureau", "hub", "parties.toml: hub: the name is given 2 times"),
    (
        "checked",
        'uscc = "11620702999999998Q"\nchecked',
        "parties.toml: new-bureau: 11620702999999998Q is no unified social credit code (check",
    ),
    (
        "checked",
        'publishes = ["licence.dreamt"]\nchecked',
        "parties.toml: new-bureau: publishes licence.dreamt: there is no such event type",
    ),
    (
        "checked",
        'publishes = ["measure.ordered"]\nchecked',
        "parties.toml: new-bureau: publishes measure.ordered: only the bus says it",
    ),
    (
        "checked",
        'publishes = ["delivery.confirmed"]\nchecked',
        "parties.toml: new-bureau: confirms deliveries, which only a platform does",
    ),
    (
        "checked",
        'until = 2020-01-01\nsuccessors = ["finance"]\nchecked',
        "parties.toml: new-bureau: ends on 2020-01-01, which is not after it begins",
    ),
    (
        "checked",
        'successors = ["finance"]\nchecked',
        "parties.toml: new-bureau: has successors but no end",
    ),
    (
        "checked",
        'until = 2021-01-01\nsuccessors = ["nobody"]\nchecked',
        "parties.toml: new-bureau: its successor nobody is no party",
    ),
    (
        "checked",
        'until = 2021-01-01\nsuccessors = ["hub"]\nchecked',
        "parties.toml: new-bureau: its successor hub is not a department",
    ),
    (
        "checked",
        "until = 2021-01-01\nchecked",
        "parties.toml: new-bureau: nobody answers for it on 2021-01-01",
    ),
    (
        "checked",
        'until = 2021-01-01\nsuccessors = ["new-bureau"]\nchecked',
        "parties.toml: new-bureau: succeeds itself in the end",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), PARTY_MISTAKES)
def test_a_mistake_in_a_party_is_refused(folder: Path, old: str, new: str, sentence: str) -> None:
    add(folder, "parties.toml", PARTY, (old, new))

    check(folder, sentence)


def test_a_circle_of_successors_is_refused_at_each_party_of_it(folder: Path) -> None:
    for one, other in (("one", "other"), ("other", "one")):
        end = ("checked", f'until = 2021-01-01\nsuccessors = ["{other}"]\nchecked')
        add(folder, "parties.toml", PARTY, ("new-bureau", one), end)

    check(
        folder,
        "parties.toml: one: succeeds itself in the end",
        "parties.toml: other: succeeds itself in the end",
    )


def test_a_chain_that_is_broken_for_a_while_is_refused(folder: Path) -> None:
    """The successor begins only in 2022, a year after its predecessor ends."""
    end = ("checked", 'until = 2021-01-01\nsuccessors = ["late"]\nchecked')
    add(folder, "parties.toml", PARTY, end)
    add(folder, "parties.toml", PARTY, ("new-bureau", "late"), ("2020-01-01", "2022-01-01"))

    check(folder, "parties.toml: new-bureau: nobody answers for it on 2021-01-01")


def test_two_parties_with_one_code_are_refused(folder: Path) -> None:
    for code in ("one", "other"):
        uscc = ("checked", 'uscc = "91620702999999998Q"\nchecked')
        add(folder, "parties.toml", PARTY, ("new-bureau", code), uscc)

    check(
        folder,
        "parties.toml: one: 91620702999999998Q is also another party's",
        "parties.toml: other: 91620702999999998Q is also another party's",
    )


PLATFORM_MISTAKES = [
    (
        'publishes = ["delivery.confirmed"]',
        "platforms.toml: new-platform: a platform must be able to confirm and to refuse",
    ),
    (
        'publishes = ["delivery.confirmed", "delivery.refused", "event.accepted"]',
        "platforms.toml: new-platform: publishes event.accepted: only the bus says it",
    ),
]


@pytest.mark.parametrize(("publishes", "sentence"), PLATFORM_MISTAKES)
def test_a_mistake_in_a_platform_is_refused(folder: Path, publishes: str, sentence: str) -> None:
    changes = (
        ("[[department]]", "[[platform]]"),
        ("new-bureau", "new-platform"),
        ("checked", f"{publishes}\nchecked"),
    )
    add(folder, "platforms.toml", PARTY, *changes)

    check(folder, sentence)


def test_a_second_hub_is_refused(folder: Path) -> None:
    spoilt = (folder / "platforms.toml").read_text("utf-8").replace("[hub]", "[[hub]]")
    (folder / "platforms.toml").write_text(spoilt, "utf-8")
    second = PARTY.replace("department", "hub").replace("new-bureau", "second-hub")
    add(folder, "platforms.toml", second)

    check(folder, "platforms.toml: hub: there must be exactly one, and there are 2; keep one")


ROUTE_MISTAKES = [
    ("district-platform", "finance", "routes.toml: new-route: leads to finance, which is not a"),
    ("district-platform", "nowhere", "routes.toml: new-route: leads to nowhere, which is no party"),
    ('"licence.granted"', "", "routes.toml: new-route: carries no event type"),
    ("licence.granted", "x.y", "routes.toml: new-route: carries x.y: there is no such event type"),
    ("licence.granted", "measure.ordered", "routes.toml: new-route: carries measure.ordered: only"),
    ("licence.granted", "delivery.confirmed", "routes.toml: new-route: carries delivery.confirmed"),
    ('to = "', 'categories = ["dog"]\nto = "', "routes.toml: new-route.categories.0: Input should"),
    ("new-route", "publicity-to-municipal", "routes.toml: publicity-to-municipal: the name is"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), ROUTE_MISTAKES)
def test_a_mistake_in_a_route_is_refused(folder: Path, old: str, new: str, sentence: str) -> None:
    add(folder, "routes.toml", ROUTE, (old, new))

    check(folder, sentence)


INSTRUMENT_MISTAKES = [
    ("founds_from", "founds_until", "instruments.toml: new-document: founds_until is not after"),
    (
        "checked",
        "founds_until = 2022-01-01\nchecked",
        "instruments.toml: new-document: founds_until is not after founds_from",
    ),
    (
        "founds_from = 2022-01-01",
        "until_performance = true",
        "instruments.toml: new-document: may last until performance but never founds",
    ),
    ("new-document", "law", "instruments.toml: law: the name is given 2 times"),
    ("新文书", "言论认定书", "instruments.toml: new-document: names 言论: speech, assembly and"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), INSTRUMENT_MISTAKES)
def test_a_mistake_in_an_instrument_is_refused(
    folder: Path, old: str, new: str, sentence: str
) -> None:
    add(folder, "instruments.toml", INSTRUMENT, (old, new))

    check(folder, sentence)
