"""Every order of a few events on one action: casework agrees with a small reference."""

from tests.unit.casework.every_order import follow_every_order


def test_every_order_of_up_to_three_events_is_as_the_reference_says() -> None:
    assert follow_every_order(3) > 3_000
