"""A reader that polls nothing does not reach anybody by that: it asks, and says when it did."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaTimeoutError
from tests import samples

from credit_bus.domain.channels import inbox, replies
from credit_bus_connectors.departments.desk import follower as desk
from credit_bus_connectors.departments.http import receipts as http

WAIT_SECONDS_MAX = 20.0
PLACE = (replies("finance"), 0)


class Away:
    """A consumer that was opened before its broker went; it counts who asked for ends."""

    def __init__(self, *, is_away: bool) -> None:
        self.is_away = is_away
        self.asked = 0

    def partitions_for_topic(self, topic: str) -> set[int]:
        return {0} if topic in {inbox("finance"), replies("finance")} else set()

    def assignment(self) -> set[TopicPartition]:
        return {TopicPartition(*PLACE)}

    def end_offsets(self, places: Any, timeout_ms: int) -> dict[TopicPartition, int]:
        self.asked += 1
        if self.is_away and self.asked > 1:  # the first places it
            raise KafkaTimeoutError(str(timeout_ms))
        return dict.fromkeys(places, 0)

    def beginning_offsets(self, places: Any, timeout_ms: int) -> dict[TopicPartition, int]:
        assert timeout_ms
        return dict.fromkeys(places, 0)

    def poll(self, **_: Any) -> dict[Any, Any]:
        return {}

    def assign(self, _: Any) -> None: ...

    seek = seek_to_beginning = close = lambda *_, **__: None


def a_follower(consumer: Away, monkeypatch: pytest.MonkeyPatch) -> desk.Follower:
    monkeypatch.setattr(desk, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(desk, "open_consumer", lambda *_, **__: consumer)
    return desk.Follower(
        {},
        codec=samples.codec(),
        store=SimpleNamespace(reading=dict),  # type: ignore[arg-type]
        parties=lambda: ["finance"],
        forget=lambda: None,
    )


def some_receipts(consumer: Away, monkeypatch: pytest.MonkeyPatch) -> http.Receipts:
    monkeypatch.setattr(http, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(http, "open_consumer", lambda *_, **__: consumer)
    store: Any = SimpleNamespace(reading=lambda: {PLACE: 0})
    return http.Receipts({}, codec=samples.codec(), store=store)


@pytest.mark.parametrize(
    ("make", "holds"), [(a_follower, "is_reading"), (some_receipts, "is_getting_on")]
)
@pytest.mark.parametrize("is_away", [True, False])
def test_a_reader_whose_broker_went_after_it_began_reaches_nobody(
    make: Callable[[Away, pytest.MonkeyPatch], Any],
    holds: str,
    is_away: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    consumer = Away(is_away=is_away)
    reader = make(consumer, monkeypatch)
    told = [getattr(reader, holds)]
    reader.start()
    try:
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while consumer.asked < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        told.append(getattr(reader, holds))
    finally:
        reader.stop()

    assert [False, not is_away] == told
