"""Every order of up to five events on one action: casework agrees with a small reference."""

import gc
from collections.abc import Iterator

import pytest
from tests.unit.casework.every_order import ONCE_EACH, follow_every_order


@pytest.fixture
def _no_collections() -> Iterator[None]:
    """A hundred thousand places are kept: looking through them for cycles takes a fifth more."""
    gc.disable()
    yield
    gc.enable()


def test_every_order_of_up_to_four_with_both_decisions_is_as_the_reference_says() -> None:
    assert follow_every_order(4) > 30_000


@pytest.mark.usefixtures("_no_collections")
def test_every_order_of_up_to_five_events_is_as_the_reference_says() -> None:
    assert follow_every_order(5, ONCE_EACH) > 100_000
