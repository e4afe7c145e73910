"""The watchdog's rule: only a record that waits too long counts, and time is an argument."""

from collections.abc import Iterable
from typing import Any

import pytest

from credit_bus.runtime import watchdog
from credit_bus.runtime.watchdog import Waiting, Watchdog

TP = ("credit.records", 0)
TOLD = ["credit.records/0@5"]


def test_a_record_that_waits_too_long_is_told() -> None:
    waiting = Waiting().seen({TP: 5}, now=0.0).seen({TP: 5}, now=91.0)

    assert TOLD == waiting.too_long(now=91.0, seconds_max=90.0)


def test_an_offset_that_moved_starts_anew() -> None:
    waiting = Waiting().seen({TP: 5}, now=0.0).seen({TP: 6}, now=80.0)

    assert [] == waiting.too_long(now=91.0, seconds_max=90.0)


def test_idle_time_before_a_record_came_does_not_count() -> None:
    waiting = Waiting()
    for now in range(0, 1_000, 10):
        waiting = waiting.seen({}, now=float(now))
    waiting = waiting.seen({TP: 5}, now=1_000.0)

    assert [] == waiting.too_long(now=1_010.0, seconds_max=90.0)


def test_a_place_where_nothing_waits_any_more_is_forgotten() -> None:
    waiting = Waiting().seen({TP: 5}, now=0.0).seen({}, now=50.0).seen({TP: 5}, now=100.0)

    assert [] == waiting.too_long(now=150.0, seconds_max=90.0)


class Quiet:
    """A client to which partitions end at 10, and which fetches nothing."""

    def end_offsets(self, tps: Iterable[Any]) -> dict[Any, int]:
        return dict.fromkeys(tps, 10)

    def close(self) -> None:
        """Nothing is open."""


def test_records_are_asked_for_only_where_an_offset_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    committed: dict[Any, int] = {}
    asked: list[dict[Any, int]] = []
    monkeypatch.setattr(watchdog, "listens", lambda _: True)
    monkeypatch.setattr(watchdog, "KafkaConsumer", lambda **_: Quiet())
    monkeypatch.setattr(watchdog, "committed_offsets", lambda *_: dict(committed))
    monkeypatch.setattr(watchdog, "_records_at", lambda _, offsets: asked.append(offsets) or {})
    moves, stands, is_done = (watchdog.TopicPartition("credit.records", n) for n in range(3))
    dog = Watchdog(
        broker="",
        group="g",
        assignment=lambda: [moves, stands, is_done],
        stuck=lambda _: None,
        interval_seconds=1.0,
        stuck_seconds_max=1.0,
    )

    for look in range(3):
        committed |= {moves: look, stands: 5, is_done: 10}
        dog._look()

    assert [{stands: 5}] * 2 == asked
