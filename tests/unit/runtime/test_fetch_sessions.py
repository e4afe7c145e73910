"""What a fetch tells the broker, and what it leaves out."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.protocol.fetch import FetchRequest, FetchRequest_v11

from credit_bus.runtime.fetch_sessions import FetchSessions

NODE = 1
OTHER_NODE = 2


class Broker:
    """Notes what it was told, and answers as it was bidden."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.session_id = 7
        self.error_code = 0
        self.topics: list[Any] = []
        self.times: list[float] = []
        self.breaks = False

    async def send(self, node: int, request: Any, **options: Any) -> Any:
        if self.breaks:
            raise asyncio.CancelledError
        self.times.append(time.monotonic())
        wire = request.build(FetchRequest_v11).to_object()
        assert request.build(FetchRequest_v11).encode()
        self.told.append(
            {
                "session": (wire["session_id"], wire["session_epoch"]),
                "changed": {
                    (topic["topic"], row["partition"]): row["fetch_offset"]
                    for topic in wire["topics"]
                    for row in topic["partitions"]
                },
                "forgotten": {
                    (topic["topic"], number)
                    for topic in wire["forgotten_topics_data"]
                    for number in topic["partitions"]
                },
            }
        )
        return SimpleNamespace(
            error_code=self.error_code, session_id=self.session_id, topics=self.topics
        )


def fetch(**offsets: int) -> FetchRequest:
    """A fetch of partition 0 of each topic named, from that offset."""
    topics = [(name, [(0, offset, 1024)]) for name, offset in offsets.items()]
    return FetchRequest(250, 1, 1024, 1, topics)


def send(sessions: FetchSessions, request: Any, node: int = NODE, **options: Any) -> None:
    asyncio.run(sessions.send(node, request, **options))


def told(broker: Broker, *requests: Any) -> list[dict[str, Any]]:
    sessions = FetchSessions(broker.send, pace_seconds=0.0)
    for request in requests:
        send(sessions, request)
    return broker.told


def test_the_first_fetch_names_every_partition() -> None:
    (first,) = told(Broker(), fetch(a=0, b=5))

    assert {"session": (0, 0), "changed": {("a", 0): 0, ("b", 0): 5}, "forgotten": set()} == first


def test_a_later_fetch_names_only_what_moved() -> None:
    _, second, third = told(Broker(), fetch(a=0, b=5), fetch(a=3, b=5), fetch(a=3, b=5))

    assert {"session": (7, 1), "changed": {("a", 0): 3}, "forgotten": set()} == second
    assert {"session": (7, 2), "changed": {}, "forgotten": set()} == third


def test_a_partition_that_is_not_wanted_now_is_forgotten_and_named_again_when_it_is() -> None:
    _, second, third = told(Broker(), fetch(a=0, b=5), fetch(a=0), fetch(a=0, b=5))

    assert {("b", 0)} == second["forgotten"]
    assert {("b", 0): 5} == third["changed"]


def test_a_session_that_the_broker_has_forgotten_begins_anew_with_everything() -> None:
    broker = Broker()
    sessions = FetchSessions(broker.send, pace_seconds=0.0)
    send(sessions, fetch(a=0, b=5))
    broker.error_code = 70  # FETCH_SESSION_ID_NOT_FOUND
    send(sessions, fetch(a=1, b=5))
    broker.error_code = 0
    send(sessions, fetch(a=1, b=5))

    assert {("a", 0): 1, ("b", 0): 5} == broker.told[-1]["changed"]
    assert broker.told[-1]["session"][1] == 0


def test_after_a_fetch_that_was_cut_off_everything_is_told_again() -> None:
    broker = Broker()
    sessions = FetchSessions(broker.send, pace_seconds=0.0)
    send(sessions, fetch(a=0, b=5))
    broker.breaks = True
    with pytest.raises(asyncio.CancelledError):
        send(sessions, fetch(a=1, b=5))
    broker.breaks = False
    send(sessions, fetch(a=1, b=5))

    assert {("a", 0): 1, ("b", 0): 5} == broker.told[-1]["changed"]


def test_a_broker_without_room_for_sessions_is_told_everything_each_time() -> None:
    broker = Broker()
    broker.session_id = 0
    *_, last = told(broker, fetch(a=0, b=5), fetch(a=0, b=5))

    assert {("a", 0): 0, ("b", 0): 5} == last["changed"]


def test_each_broker_has_a_session_of_its_own() -> None:
    broker = Broker()
    sessions = FetchSessions(broker.send, pace_seconds=0.0)
    send(sessions, fetch(a=0))
    send(sessions, fetch(b=5), node=OTHER_NODE)

    assert {("b", 0): 5} == broker.told[-1]["changed"]
    assert broker.told[-1]["session"] == (0, 0)


def test_other_requests_pass_as_they_are() -> None:
    seen: list[Any] = []

    async def note(node: int, request: Any, **options: Any) -> Any:
        seen.append((node, request, options))

    send(FetchSessions(note, pace_seconds=0.0), "another request", group=3)

    assert [(NODE, "another request", {"group": 3})] == seen


@pytest.mark.parametrize(("topics", "waits"), [([("a", [])], True), ([], False)])
def test_only_after_a_fetch_that_brought_something_the_next_waits_for_its_pace(
    topics: list[Any], waits: bool
) -> None:
    pace = 0.05
    broker = Broker()
    broker.topics = topics
    sessions = FetchSessions(broker.send, pace_seconds=pace)
    send(sessions, fetch(a=0))
    send(sessions, fetch(a=1))
    first, second = broker.times

    assert waits == (second - first >= pace)
