"""What the loader refuses in purposes, reviewers and the words of the hub."""

from pathlib import Path

import pytest
from tests.registry_copy import PARTY, PURPOSE, add, check, copy_of_example

from credit_bus.contracts.registry import load_registry


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the example registry to spoil."""
    return copy_of_example(tmp_path)


PURPOSE_MISTAKES = [
    ('records = ["penalty.decided"]\n', "", "purposes.toml: new-purpose: allows no answer at all"),
    (
        "penalty.decided",
        "action.initiated",
        "purposes.toml: new-purpose: lets action.initiated be answered, which is no record",
    ),
    ("finance", "nobody", "purposes.toml: new-purpose: its asker nobody is no party; name a"),
    (
        "finance",
        "district-court",
        "purposes.toml: new-purpose: its asker district-court may not publish enquiry.made",
    ),
    ("new-purpose", "inspection", "purposes.toml: inspection: the name is given 2 times"),
    ("新用途", "信访核查", "purposes.toml: new-purpose: names 信访: speech, assembly and belief"),
    (
        "askers",
        "grade = true\naskers",
        "purposes.toml: new-purpose.grade: Extra inputs are not permitted; remove the key",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), PURPOSE_MISTAKES)
def test_a_mistake_in_a_purpose_is_refused(folder: Path, old: str, new: str, sentence: str) -> None:
    add(folder, "purposes.toml", PURPOSE, (old, new))

    check(folder, sentence)


def test_an_asker_whose_file_is_missing_is_not_blamed(folder: Path) -> None:
    (folder / "parties.toml").unlink()

    check(folder, "parties.toml: the file: the file is missing; add it")


@pytest.mark.parametrize("name", ["action.closed", "enquiry.answered", "reminder.due"])
def test_what_only_the_hub_says_is_nobody_elses_right(folder: Path, name: str) -> None:
    add(folder, "parties.toml", PARTY, ("checked", f'publishes = ["{name}"]\nchecked'))

    check(folder, f"parties.toml: new-bureau: publishes {name}, which only the hub says")


def test_a_reviewer_must_be_able_to_suspend_and_resume(folder: Path) -> None:
    reviews = 'publishes = ["action.suspended"]\nreviews = true\nchecked'
    add(folder, "parties.toml", PARTY, ("checked", reviews))

    check(
        folder,
        "parties.toml: new-bureau: reviews the actions of others and may not publish action.res",
    )


def test_the_hub_reviews_nothing(folder: Path) -> None:
    spoilt = (
        (folder / "platforms.toml").read_text("utf-8").replace("[hub]", "[hub]\nreviews = true")
    )
    (folder / "platforms.toml").write_text(spoilt, "utf-8")

    check(folder, "platforms.toml: hub: reviews the actions of others, which only a department")


def test_a_window_must_be_able_to_say_what_the_public_asks(folder: Path) -> None:
    window = 'publishes = ["objection.raised"]\nwindow = true\nchecked'
    add(folder, "parties.toml", PARTY, ("checked", window))

    check(folder, "parties.toml: new-bureau: is a window and may not publish repair.requested")


def test_a_platform_is_no_window(folder: Path) -> None:
    spoilt = (
        (folder / "platforms.toml")
        .read_text("utf-8")
        .replace("[[platform]]", "[[platform]]\nwindow = true", 1)
    )
    (folder / "platforms.toml").write_text(spoilt, "utf-8")

    check(folder, "platforms.toml: district-platform: is a window, which only a department is")


def test_a_good_purpose_and_a_good_reviewer_become_values(folder: Path) -> None:
    add(folder, "purposes.toml", PURPOSE)
    both = 'publishes = ["action.suspended", "action.resumed"]\nreviews = true\nchecked'
    add(folder, "parties.toml", PARTY, ("checked", both))
    registry = load_registry(folder)
    purpose = registry.purposes["new-purpose"]

    assert registry.parties["new-bureau"].reviews
    assert ({"finance"}, {"penalty.decided"}) == (purpose.askers, purpose.records)
    assert (False, False) == (purpose.measures, purpose.three_years_clean)
