"""Canaries and platforms' words on them count for nobody and leave nothing behind."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests import samples
from tests.unit.casework.play import Kept, play
from tests.unit.casework.story import casework

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import CANARY_SENT, RULES_ACTIVATED
from credit_bus_connectors.deliveries import canary_answer, statement

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
CANARY = samples.of_upkeep(CANARY_SENT)


@pytest.mark.parametrize(
    "event", [CANARY, statement("district-platform", CANARY, canary_answer(CANARY))]
)
def test_a_canary_s_way_changes_no_row_and_no_count(event: Event) -> None:
    before = play(casework(), Kept(), samples.penalty(1), NOW)
    after = play(casework(), before, event, NOW)

    assert (before.rows, before.counts) == (after.rows, after.counts)
    assert Kept() == replace(play(casework(), Kept(), event, NOW), digests={})


def test_rules_put_into_force_touch_nobody() -> None:
    after = play(casework(), Kept(), samples.of_upkeep(RULES_ACTIVATED), NOW)

    assert {} == dict(after.rows)
