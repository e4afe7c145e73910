"""What is asked for by what moved is what aiokafka would ask for by looking at all partitions."""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.consumer import fetcher as module
from aiokafka.consumer.subscription_state import Assignment
from aiokafka.protocol.fetch import FetchRequest_v11
from aiokafka.structs import TopicPartition
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from credit_bus.runtime import fetch_plan
from credit_bus.runtime.fetch_plan import LOOK_SECONDS, FetchPlan
from credit_bus.runtime.fetch_sessions import Change, FetchSessions

NODES = (1, 2)
TPS = [TopicPartition(topic, number) for topic in "abc" for number in range(3)]
BYTES_MAX = 1024
TIMEOUT = 0.2
PLACES = st.sampled_from(TPS)


class Untaken:
    """What one partition brought and nobody has taken."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def calculate_backoff(self) -> float:
        return self.seconds


class Cluster:
    """Which broker leads what."""

    def __init__(self, leaders: dict[TopicPartition, int]) -> None:
        self.leaders = leaders
        self._last_successful_refresh_ms = 0

    def leader_for_partition(self, tp: TopicPartition) -> int:
        return self.leaders[tp]

    def broker_metadata(self, node: int) -> int:
        return node


class Fetcher(module.Fetcher):
    """aiokafka's fetcher without its tasks; counts its looks at all partitions."""

    def __init__(self, leaders: dict[TopicPartition, int]) -> None:
        self._client = SimpleNamespace(cluster=Cluster(leaders))
        self._records: dict[TopicPartition, Untaken] = {}
        self._in_flight: set[int] = set()
        self._preferred_read_replica: dict[Any, Any] = {}
        self._fetch_max_wait_ms, self._fetch_min_bytes, self._fetch_max_bytes = 250, 1, 1024
        self._max_partition_fetch_bytes = BYTES_MAX
        self._isolation_level, self._client_rack = 1, None
        self._fetcher_timeout = TIMEOUT
        self.looks = 0
        self.sought: list[Any] = []

    def _get_actions_per_node(self, assignment: Any) -> Any:
        self.looks += 1
        return super()._get_actions_per_node(assignment)

    def seek_to(self, tp: TopicPartition, offset: int) -> None:
        self.sought.append((tp, offset))

    def request_offset_reset(self, tps: Any, strategy: int) -> None:
        self.sought.append((tps, strategy))


class Case:
    """A consumer of all partitions, and what each broker believes it wants."""

    def __init__(self, *, nodes: int = 1) -> None:
        self.runner = asyncio.Runner()
        leaders = {tp: NODES[n % nodes] for n, tp in enumerate(TPS)}
        self.fetcher = Fetcher(leaders)
        self.believes: dict[int, dict[TopicPartition, int]] = {node: {} for node in NODES}
        self.answers: dict[int, SimpleNamespace] = {}
        self.fails = False
        self.sessions = FetchSessions(self.answer, pace_seconds=0.0)
        self.plan = FetchPlan(self.fetcher, self.sessions)
        self.assign()

    def close(self) -> None:
        self.runner.close()

    def assign(self) -> None:
        async def made() -> Assignment:
            return Assignment(TPS)  # it makes futures

        self.assignment = self.runner.run(made())
        for tp in TPS:
            self.assignment.state_value(tp).reset_to(0)
        self.fetcher._records.clear()

    async def answer(self, node: int, request: Any, **_: Any) -> Any:
        """Take the request in as a broker does."""
        wire = request.build(FetchRequest_v11).to_object()
        if wire["session_epoch"] == 0:
            self.believes[node] = {}
        for topic in wire["topics"]:
            for row in topic["partitions"]:
                tp = TopicPartition(topic["topic"], row["partition"])
                self.believes[node][tp] = row["fetch_offset"]
        for topic in wire["forgotten_topics_data"]:
            for number in topic["partitions"]:
                del self.believes[node][TopicPartition(topic["topic"], number)]
        if self.fails:
            raise ConnectionError
        return self.answers.get(node, self.said())

    @staticmethod
    def said(*tps: TopicPartition, error_code: int = 0) -> SimpleNamespace:
        topics = [(tp.topic, [(tp.partition, 0, 0)]) for tp in tps]
        return SimpleNamespace(error_code=error_code, session_id=7, topics=topics)

    def fetch(self, *brought: TopicPartition, error_code: int = 0) -> list[tuple[int, Any]]:
        """Plan, and send what is to be sent; each broker answers with its part of these."""
        due = module.Fetcher._get_actions_per_node(self.fetcher, self.assignment)[0]
        requests = self.plan.actions(self.assignment)[0]
        assert {node for node, _ in due} == {node for node, _ in requests}, "who is to be asked"
        for node, request in requests:
            mine = [tp for tp in brought if tp in self.believes_after(node, request)]
            self.answers[node] = self.said(*mine, error_code=error_code)
            self.runner.run(self.sessions.send(node, request))
        return requests

    def believes_after(self, node: int, request: Any) -> set[TopicPartition]:
        if isinstance(request, Change):
            return ({*self.believes[node]} | {*request.asked}) - {*request.left}
        return {TopicPartition(topic, row[0]) for topic, rows in request.topics for row in rows}

    def move(self, tp: TopicPartition, offset: int) -> None:
        self.assignment.state_value(tp).consumed_to(offset)

    def lose(self, tp: TopicPartition) -> None:
        async def lost() -> None:
            self.assignment.state_value(tp).await_reset(-2)  # it makes a future

        self.runner.run(lost())

    def wanted(self, node: int) -> dict[TopicPartition, int]:
        """What aiokafka would ask this broker for."""
        return {
            tp: self.assignment.state_value(tp).position
            for tp in TPS
            if self.fetcher._client.cluster.leaders[tp] == node and tp not in self.fetcher._records
        }


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    time = SimpleNamespace(now=0.0, monotonic=lambda: time.now)
    monkeypatch.setattr(fetch_plan, "time", time)
    return time


@pytest.fixture
def case(clock: SimpleNamespace) -> Iterator[Case]:
    made = Case()
    yield made
    made.close()


def test_only_the_first_fetch_looks_at_all_partitions(case: Case) -> None:
    case.fetch()
    case.move(TPS[4], 9)  # it was answered with marks alone, say
    case.sessions.by_node[1].moved.add(TPS[4])
    case.fetch()
    case.fetch()

    assert 1 == case.fetcher.looks
    assert case.wanted(1) == case.believes[1]
    assert 9 == case.believes[1][TPS[4]]


def test_what_was_answered_is_asked_for_again_from_where_it_was_taken(case: Case) -> None:
    case.fetch(TPS[0], TPS[5])
    case.fetcher._records[TPS[0]] = Untaken(0.0)
    case.move(TPS[5], 3)
    case.fetch()
    untaken = dict(case.believes[1])
    del case.fetcher._records[TPS[0]]
    case.move(TPS[0], 2)
    case.fetch()

    assert TPS[0] not in untaken
    assert {TPS[5]: 3, TPS[0]: 2} == {tp: n for tp, n in case.believes[1].items() if n}
    assert 1 == case.fetcher.looks


def test_aiokafka_is_shown_the_offsets_of_what_was_answered_alone(case: Case) -> None:
    case.fetch(TPS[1])
    case.move(TPS[1], 5)
    ((_, request),) = case.fetch(TPS[1], TPS[3])

    assert {("a", 1, 5), ("b", 0, 0)} == {
        (topic, row[0], row[1]) for topic, rows in request.topics for row in rows
    }


@pytest.mark.parametrize("seconds", [0.07, 0.01])
def test_what_is_not_taken_is_waited_for(case: Case, seconds: float) -> None:
    case.fetch(TPS[0])
    case.fetcher._records[TPS[0]] = Untaken(seconds)

    assert ([], {}, seconds, False, []) == case.plan.actions(case.assignment)
    assert 1 == case.fetcher.looks


def test_a_broker_that_is_asked_already_is_not_asked_twice(case: Case) -> None:
    case.fetch()
    case.fetcher._in_flight = {1}

    assert ([], {}, TIMEOUT, False, []) == case.plan.actions(case.assignment)
    assert 1 == case.fetcher.looks


def test_what_another_broker_leads_is_not_asked_of_this_one(clock: SimpleNamespace) -> None:
    case = Case(nodes=2)
    case.fetch(*TPS)
    case.fetcher._records = dict.fromkeys(TPS[:2], Untaken(0.0))  # one of each broker's
    metadata(case)
    case.fetch()
    case.fetcher._records.clear()
    case.fetch()
    case.close()

    assert 2 == case.fetcher.looks
    assert {1: case.wanted(1), 2: case.wanted(2)} == case.believes


def test_a_broker_that_was_asked_for_positions_meanwhile_is_asked_for_records_then(
    clock: SimpleNamespace,
) -> None:
    """It was in flight when all were looked at, so nothing stood in a session with it."""
    case = Case(nodes=2)
    case.lose(TPS[1])  # of the second
    case.fetcher._in_flight = {2}
    asked_first = [node for node, _ in case.fetch()]
    case.assignment.state_value(TPS[1]).reset_to(0)
    case.fetcher._in_flight = set()
    asked_then = sorted(node for node, _ in case.fetch())
    case.close()

    assert [[1], [1, 2]] == [asked_first, asked_then]


def test_a_broker_that_leads_nothing_any_more_does_not_make_all_be_looked_at(
    clock: SimpleNamespace,
) -> None:
    case = Case(nodes=2)
    case.fetch()
    case.fetcher._client.cluster.leaders = dict.fromkeys(TPS, 1)
    metadata(case)
    for _ in range(5):
        case.fetch()
    case.close()

    assert 2 == case.fetcher.looks
    assert [1] == list(case.sessions.by_node)


def test_a_new_leader_is_asked_while_the_others_do_not_answer(clock: SimpleNamespace) -> None:
    case = Case()
    case.fetch()
    case.fetcher._in_flight = {1}
    case.fetcher._client.cluster.leaders[TPS[0]] = 2
    metadata(case)
    asked = [node for node, _ in case.fetch()]
    case.close()

    assert [2] == asked


def metadata(case: Case) -> None:
    case.fetcher._client.cluster._last_successful_refresh_ms += 1


def sought(case: Case) -> None:
    case.fetcher.seek_to(TPS[0], 4)


def reset(case: Case) -> None:
    case.fetcher.request_offset_reset([TPS[0]], -2)


def reassigned(case: Case) -> None:
    case.assign()


def refused(case: Case) -> None:
    case.fetch(error_code=70)


def broken(case: Case) -> None:
    case.fails = True
    with pytest.raises(ConnectionError):
        case.fetch()
    case.fails = False


@pytest.mark.parametrize("event", [metadata, sought, reset, reassigned, refused, broken])
def test_all_partitions_are_looked_at_after(case: Case, event: Any) -> None:
    case.fetch()
    event(case)
    case.fetch()

    assert 2 == case.fetcher.looks
    assert case.wanted(1) == case.believes[1]


def test_all_partitions_are_looked_at_every_few_seconds(case: Case, clock: SimpleNamespace) -> None:
    case.fetch()
    clock.now = LOOK_SECONDS - 0.01
    case.fetch()
    before = case.fetcher.looks
    case.move(TPS[2], 8)  # without a word to anybody
    clock.now = LOOK_SECONDS
    case.fetch()

    assert [1, 2] == [before, case.fetcher.looks]
    assert 8 == case.believes[1][TPS[2]]


def test_a_position_that_is_lost_is_aiokafkas_to_find(case: Case) -> None:
    case.fetch(TPS[6])

    case.lose(TPS[6])
    requests, resets, *_ = case.plan.actions(case.assignment)

    assert ([], {1: [TPS[6]]}) == (requests, resets)


def test_a_seek_is_passed_on(case: Case) -> None:
    sought(case)
    reset(case)

    assert [(TPS[0], 4), ([TPS[0]], -2)] == case.fetcher.sought


class Fetches(RuleBasedStateMachine):
    """Whatever happens between fetches, each broker believes what a look at all would tell it."""

    @initialize(nodes=st.sampled_from([1, 2]))
    def start(self, nodes: int) -> None:
        self.case = Case(nodes=nodes)
        self.next = 1
        self.asked = False

    def teardown(self) -> None:
        if hasattr(self, "case"):
            self.case.close()

    @rule(brought=st.sets(PLACES), kept=st.sets(PLACES))
    def fetch(self, brought: set[TopicPartition], kept: set[TopicPartition]) -> None:
        """Of what the brokers bring some is taken at once, some is kept for later."""
        case = self.case
        requests = case.fetch(*sorted(brought))
        leaders = {*case.fetcher._client.cluster.leaders.values()}
        self.asked = {node for node, _ in requests} == leaders
        self.wanted = {node: case.wanted(node) for node in leaders} if self.asked else {}
        answered = {
            TopicPartition(topic, row[0])
            for node, _ in requests
            for topic, rows in case.answers[node].topics
            for row in rows
        }
        for tp in sorted(answered):
            if tp in kept:
                case.fetcher._records[tp] = Untaken(0.0)
            else:
                self.consume(tp)

    @rule(tp=PLACES)
    def take(self, tp: TopicPartition) -> None:
        self.asked = False
        if self.case.fetcher._records.pop(tp, None):
            self.consume(tp)

    @rule(tp=PLACES, offset=st.integers(0, 5))
    def seek(self, tp: TopicPartition, offset: int) -> None:
        self.asked = False
        self.case.fetcher._records.pop(tp, None)
        self.case.assignment.state_value(tp).seek(offset)
        self.case.fetcher.seek_to(tp, offset)

    @rule(error=st.booleans())
    def fail(self, error: bool) -> None:
        self.asked = False
        if error:
            self.case.fetch(error_code=70)
        else:
            broken_if_asked(self.case)

    @rule(node=st.sampled_from(NODES))
    def hold(self, node: int) -> None:
        """The broker has not answered yet."""
        self.asked = False
        self.case.fetcher._in_flight.add(node)

    @rule(node=st.sampled_from(NODES))
    def release(self, node: int) -> None:
        self.case.fetcher._in_flight.discard(node)

    @rule(tp=PLACES)
    def lose(self, tp: TopicPartition) -> None:
        self.asked = False
        self.case.fetcher._records.pop(tp, None)
        self.case.lose(tp)
        self.case.fetcher.request_offset_reset([tp], -2)

    @rule(tp=PLACES)
    def find(self, tp: TopicPartition) -> None:
        self.asked = False
        if not self.case.assignment.state_value(tp).has_valid_position:
            self.case.assignment.state_value(tp).reset_to(0)

    @rule()
    def assign(self) -> None:
        self.asked = False
        self.case.assign()

    @rule(tp=PLACES, node=st.sampled_from(NODES))
    def lead(self, tp: TopicPartition, node: int) -> None:
        self.asked = False
        cluster = self.case.fetcher._client.cluster
        cluster.leaders[tp] = node
        cluster._last_successful_refresh_ms += 1

    @invariant()
    def brokers_believe_what_is_wanted(self) -> None:
        if getattr(self, "asked", False):
            for node in {*self.case.fetcher._client.cluster.leaders.values()}:
                assert self.wanted[node] == self.case.believes[node]

    def consume(self, tp: TopicPartition) -> None:
        self.next += 1
        self.case.move(tp, self.next)


def broken_if_asked(case: Case) -> None:
    case.fails = True
    try:
        case.fetch()
    except ConnectionError:
        pass
    finally:
        case.fails = False


Fetches.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestFetches = Fetches.TestCase
