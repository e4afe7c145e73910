"""How a record stands in public: the same after every order of what comes about it."""

import random
from collections.abc import Sequence
from itertools import combinations, permutations
from typing import Any

import pytest
from tests import samples

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    LISTING_ENTERED,
    LISTING_REMOVED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
)
from credit_bus_connectors.platforms.public_standing import Standing, State, after, key_of

ABOUT_A_PENALTY = (
    samples.penalty(1),
    samples.penalty(1, revision=2, remark="更正"),
    samples.of_standing(RECORD_CORRECTED, 1),
    samples.of_standing(RECORD_WITHDRAWN, 1),
    samples.of_standing(PUBLICITY_ENDED, 1, record_revision=2),
    samples.of_course(OBJECTION_RAISED, 1),
    samples.of_course(OBJECTION_DECIDED, 1),
)


def stand(events: Sequence[Event]) -> Standing:
    standing = Standing()
    for event in events:
        standing = after(standing, event)
    return standing


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_every_order_and_every_repetition_ends_the_same(number: int) -> None:
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    for events in combinations(ABOUT_A_PENALTY, number):
        ends = {stand(order) for order in permutations(events)}
        ends |= {stand([*order, chance.choice(order)]) for order in permutations(events, number)}

        assert 1 == len(ends), seed


def test_all_of_it_is_about_one_document() -> None:
    assert 1 == len({key_of(event) for event in ABOUT_A_PENALTY})


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([samples.penalty(1)], State.SHOWN),
        ([samples.penalty(1), samples.of_standing(RECORD_WITHDRAWN, 1)], State.WITHDRAWN),
        ([samples.penalty(1), samples.of_standing(PUBLICITY_ENDED, 1)], State.ENDED),
        (
            [samples.of_standing(LISTING_ENTERED, 1), samples.of_standing(LISTING_REMOVED, 1)],
            State.REMOVED,
        ),
        ([samples.of_standing(LISTING_ENTERED, 1, publish=False)], State.UNPUBLISHED),
    ],
)
def test_what_is_shown_no_more_is_not_kept(events: Sequence[Event], state: State) -> None:
    standing = stand(events)

    assert state == standing.state
    assert (state is State.SHOWN) == (standing.record is not None)


def test_an_entry_that_is_published_no_more_is_shown_no_more() -> None:
    events = [
        samples.of_standing(LISTING_ENTERED, 1),
        samples.of_standing(LISTING_ENTERED, 1, revision=2, publish=False),
    ]

    assert State.UNPUBLISHED == stand(events).state


def test_a_removed_entry_is_not_shown_by_a_newer_revision() -> None:
    events = [
        samples.of_standing(LISTING_REMOVED, 1),
        samples.of_standing(LISTING_ENTERED, 1, revision=2),
    ]

    assert State.REMOVED == stand(events).state


def test_a_record_is_marked_as_corrected_from_its_correction_on() -> None:
    correction = samples.of_standing(RECORD_CORRECTED, 1)

    assert not stand([samples.penalty(1), correction]).corrected
    assert stand([samples.penalty(1, revision=2), correction]).corrected
    assert stand([samples.penalty(1, revision=3), correction]).corrected


@pytest.mark.parametrize("changes", [{"publicity_state": "2"}, {}])
def test_what_its_provider_calls_disputed_is_marked(changes: dict[str, Any]) -> None:
    body = samples.penalty_body_2016(1, **changes)

    event = samples.said("penalty.decided", body, party=samples.PENALISING)
    assert bool(changes) == stand([event]).disputed


def test_an_objection_to_an_action_is_about_no_record() -> None:
    assert key_of(samples.of_course(OBJECTION_RAISED, about=samples.about_action())) is None
