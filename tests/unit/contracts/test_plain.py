"""The JSON form of a body says the same as the body."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from credit_bus.contracts.plain import from_plain, to_plain
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.shape import Shape, shape_of


def shape(kind: str, **more: Any) -> Shape:
    return Shape(kind=kind, path="field", **more)


@pytest.mark.parametrize(
    ("kind", "text"),
    [("date", "2026-02-30"), ("timestamp-millis", "noon"), ("bytes", "xy"), ("decimal", "two")],
)
def test_a_text_that_is_no_such_value_is_refused(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_plain(shape(kind), text)


def test_a_field_that_is_not_there_becomes_null() -> None:
    schema = load_catalogue().latest("measure.responded")
    body = from_plain(shape_of(schema.parsed)[0], {"decision": "accepted"})

    assert {None, "accepted"} == set(body.values())
    assert "refusal_basis" in body


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (date(2026, 5, 20), "2026-05-20"),
        (datetime(2026, 5, 20, 9, tzinfo=timezone(timedelta(hours=8))), "2026-05-20T01:00:00.000Z"),
        (Decimal("2.500000"), "2.5"),
        (Decimal(100), "100"),
        (b"\x00\xff", "00ff"),
        (["罚款", {"on": date(2026, 1, 1)}], ["罚款", {"on": "2026-01-01"}]),
        (None, None),
    ],
)
def test_each_kind_of_value_has_its_text(value: Any, plain: Any) -> None:
    assert plain == to_plain(value)


def test_times_read_back_as_they_were() -> None:
    moment = datetime(2026, 5, 20, 1, 2, 3, 4000, tzinfo=UTC)

    assert moment == from_plain(shape("timestamp-millis"), to_plain(moment))
