"""How often a key may ask."""

import pytest

from credit_bus_connectors.enquiry import rates
from credit_bus_connectors.enquiry.rates import Rates


def waits(limit: Rates, *moments: float, key: str = "a") -> list[float]:
    return [limit.wait_seconds(key, moment) for moment in moments]


def test_who_asks_faster_than_allowed_waits_for_the_next_token() -> None:
    limit = Rates(per_second=2.0, burst=2)

    assert [0.0, 0.0, 0.5] == waits(limit, 0.0, 0.0, 0.0)
    assert [0.25, 0.0, 0.5] == waits(limit, 0.25, 0.5, 0.5)


def test_a_refused_enquiry_takes_no_token() -> None:
    limit = Rates(per_second=1.0, burst=1)

    waits(limit, 0.0, 0.1, 0.2, 0.3)

    assert [0.0] == waits(limit, 1.0)


def test_after_a_long_rest_the_burst_is_the_bound() -> None:
    limit = Rates(per_second=1.0, burst=3)
    waits(limit, 0.0, 0.0, 0.0)

    assert [0.0, 0.0, 0.0, 1.0] == waits(limit, 1e6, 1e6, 1e6, 1e6)


def test_one_key_does_not_wait_for_another() -> None:
    limit = Rates(per_second=1.0, burst=1)

    assert [0.0, 1.0] == waits(limit, 0.0, 0.0)
    assert [0.0] == waits(limit, 0.0, key="b")


def test_a_clock_that_stands_gives_nothing() -> None:
    limit = Rates(per_second=1.0, burst=1)

    assert [0.0, 1.0, 1.0] == waits(limit, 5.0, 5.0, 4.0)


def test_in_any_second_no_more_are_let_through_than_burst_and_rate() -> None:
    limit = Rates(per_second=20.0, burst=10)
    let_through = [at / 1000 for at in range(5000) if not limit.wait_seconds("a", at / 1000)]

    for begin in let_through:
        assert sum(begin <= at < begin + 1 for at in let_through) <= 30


def test_the_number_of_keys_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "KEYS_MAX", 2)
    limit = Rates(per_second=1.0, burst=1)
    for key in ("a", "b", "c"):
        waits(limit, 0.0, key=key)

    assert [1.0] == waits(limit, 0.0, key="c")
    assert [0.0] == waits(limit, 0.0, key="a")
