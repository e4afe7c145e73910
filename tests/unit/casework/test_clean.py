"""Three years clean is yes or no, from what casework keeps; what was put right does not count."""

from datetime import UTC, date, datetime

import pytest
from tests.samples import listing_body, penalty_body, registry, removal_body, said
from tests.unit.casework.play import Kept, play
from tests.unit.casework.story import BEFORE, SUBJECT, Told, casework, go_on, settle

from credit_bus.casework.clean import clean_for_three_years
from credit_bus.domain.event_types import LISTING_ENTERED, LISTING_REMOVED, PENALTY_DECIDED

CORE = casework()
TODAY = date(2026, 9, 1)


def told(*symbols: str) -> Kept:
    """What is kept after a story in which the log takes at once what the hub says."""
    story = Told()
    for symbol in symbols:
        story = settle(go_on(story, symbol, CORE), CORE)
    return story.kept


def is_clean(kept: Kept, as_of: date = TODAY) -> bool:
    """The answer alone."""
    return clean_for_three_years(kept.rows, registry(), as_of)[0]


def test_who_was_never_heard_of_is_clean() -> None:
    assert is_clean(told())


def test_a_penalty_of_these_years_decides_and_is_named() -> None:
    clean, (deciding,) = clean_for_three_years(told("state").rows, registry(), TODAY)

    assert not clean
    assert (PENALTY_DECIDED, penalty_body(1)["document_number"]) == (
        deciding.type,
        deciding.document_number,
    )


@pytest.mark.parametrize("symbol", ["withdraw", "repair"])
def test_what_was_withdrawn_or_repaired_does_not_count(symbol: str) -> None:
    assert is_clean(told("state", symbol))


def test_a_penalty_counts_up_to_three_years_after_its_decision() -> None:
    assert not is_clean(told("state"), date(2029, 5, 19))
    assert is_clean(told("state"), date(2029, 5, 20))


def test_an_entry_counts_while_its_term_runs_however_old_it_is() -> None:
    term = {"begins_on": date(2020, 1, 1), "ends_on": date(2027, 1, 1), "until_performance": False}
    body = listing_body(1, decided_on=date(2020, 1, 1), term=term)
    entered = said(LISTING_ENTERED, body, party="human-resources", subject=SUBJECT)
    kept = play(CORE, Kept(), entered, BEFORE)
    assert not is_clean(kept)

    removed = said(LISTING_REMOVED, removal_body(1), party="human-resources", subject=SUBJECT)
    assert is_clean(play(CORE, kept, removed, datetime(2026, 9, 1, tzinfo=UTC)))
