"""Receipt numbers and the bound of petitions."""

from datetime import UTC, datetime, timedelta

import pytest

from credit_bus_connectors.site.allowance import Allowance
from credit_bus_connectors.site.receipt import digest_of, is_token, new_token, receipt_of

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


def test_a_form_has_one_receipt_and_no_two_forms_have_the_same() -> None:
    tokens = [new_token() for _ in range(500)]

    assert all(map(is_token, tokens))
    assert 500 == len({receipt_of(token) for token in tokens})
    assert receipt_of(tokens[0]) == receipt_of(tokens[0])


def test_a_receipt_is_read_however_it_is_written() -> None:
    receipt = receipt_of("0" * 32)
    written = [
        receipt.lower(),
        receipt.replace("-", ""),
        f" {receipt.replace('-', ' ')} ",
        receipt.replace("O", "0").replace("I", "1").replace("B", "8"),
    ]

    assert {digest_of(receipt)} == {digest_of(each) for each in written}


@pytest.mark.parametrize("entered", ["", "x", "A" * 23, "A" * 25, "甲" * 24, "A" * 101, "A-" * 60])
def test_what_is_no_receipt_is_none(entered: str) -> None:
    assert digest_of(entered) is None


def test_an_hour_takes_so_many_and_the_next_as_many_again() -> None:
    allowance = Allowance(2)
    minutes = (0, 10, 20, 59, 60, 61, 70)
    taken = [allowance.take(NOW + timedelta(minutes=each)) for each in minutes]

    assert [True, True, False, False, True, False, True] == taken
