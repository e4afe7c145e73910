"""What is in work when partitions go: it ends, nothing after it begins, nobody waits for ever."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.structs import ConsumerRecord, TopicPartition

from credit_bus.contracts.wire import Message, Wire
from credit_bus.metrics import table
from credit_bus.metrics.vitals import Vitals
from credit_bus.runtime import lanes as module
from credit_bus.runtime.batch import Produced
from credit_bus.runtime.lanes import RECORDS_AHEAD_MIN, Lanes
from credit_bus.runtime.settings import WorkerSettings
from credit_bus.runtime.transactions.errors import FencedError
from credit_bus.runtime.transactions.producer import Membership
from credit_bus.runtime.transport import Fetch

TPS = frozenset({TopicPartition("in", 0)})
MEMBERSHIP = Membership(generation=1, member_id="m")
WAIT_SECONDS_MAX = 2.0


class Stage:
    """Sends everything on, and notes what it is told."""

    topics = ("in",)

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.ended: list[int] = []
        self.opened = asyncio.Event()  # as long as it is not, the stage reads a long log
        self.opened.set()
        self.openings: list[str] = []
        self.error: BaseException | None = None
        self.swallows = False  # a cancellation, as aiokafka's consumer may where it ends

    async def open(self, partitions: frozenset[int]) -> None:
        self.openings.append("begun")
        try:
            await self.opened.wait()
        except asyncio.CancelledError:
            self.openings.append("cancelled")
            if not self.swallows:
                raise
            self.swallows = False
            await self.opened.wait()
        if self.error is not None:
            raise self.error

    def step(self, partition: int, messages: list[Message]) -> Produced:
        self.steps.append(len(messages))
        wires = [Wire(key=b"k", headers=[], value=b"v") for _ in messages]
        return Produced(records={"out": wires}, taken=len(messages))

    def committed(self, partition: int, produced: Produced, ends: dict[str, int]) -> None:
        self.ended.append(produced.taken)


class Broker:
    """Stands for the producer: a commit takes until it is let go."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.asked: list[dict[TopicPartition, int]] = []
        self.error: Exception | None = None

    async def take_over(self, *_: Any) -> None:
        """Nobody was there before."""

    async def commit(self, outputs: Any, offsets: dict[TopicPartition, int]) -> Any:
        self.asked.append(offsets)
        await self.open.wait()
        if self.error is not None:
            raise self.error
        return dict.fromkeys(outputs, 1)


class Case:
    """Lanes of one partition over a stage and a broker that can be held up."""

    def __init__(self, folder: Path) -> None:
        self.app = SimpleNamespace(conf=SimpleNamespace(id="g"), consumer_generation_id=1)
        self.stage = Stage()
        self.broker = Broker()
        settings = WorkerSettings(
            stage="gate",
            broker="127.0.0.1:1",
            registry_folder=folder,
            state_folder=folder,
            log_level="ERROR",
        )
        self.vitals = Vitals()
        self.lanes = Lanes(self.app, self.stage, settings, self.vitals)  # type: ignore[arg-type]
        self.lanes._producer = self.broker  # type: ignore[assignment]
        self.offset = 0

    async def assign(self) -> None:
        await self.lanes.assigned(TPS, MEMBERSHIP)

    async def ready(self) -> None:
        await until(lambda: not self.vitals.health.waiting())

    def fetch(self, count: int, generation: int = 1) -> Fetch:
        first, self.offset = self.offset, self.offset + count
        records = [
            ConsumerRecord("in", 0, first + n, 0, 0, b"k", b"v", 0, 1, 1, ()) for n in range(count)
        ]
        return Fetch(generation=generation, records={0: records})


def run(tmp_path: Path, story: Callable[[Case], Coroutine[Any, Any, None]]) -> Case:
    async def told() -> Case:
        case = Case(tmp_path)
        await asyncio.wait_for(story(case), WAIT_SECONDS_MAX)
        return case

    return asyncio.run(told())


async def until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110 - what is waited for sets no event
        await asyncio.sleep(0)


async def later(seconds: float, then: Callable[[], None]) -> None:
    await asyncio.sleep(seconds)
    then()


def test_quarantined_messages_are_counted_from_0(tmp_path: Path) -> None:
    """A counter that begins at 1 has not increased, so the first of them would call nobody."""

    async def made(_: Case) -> None:
        """Nothing has happened yet."""

    meter = run(tmp_path, made).vitals.meter

    assert 0 == meter.value(table.EVENTS_WRITTEN, stage="gate", kind="quarantine")


def test_a_revocation_waits_for_the_commit_in_work_and_for_nothing_else(tmp_path: Path) -> None:
    async def story(case: Case) -> None:
        await case.assign()
        await case.lanes.put(case.fetch(3))
        await until(lambda: len(case.broker.asked) == 1)
        letting_go = asyncio.create_task(later(0.05, case.broker.open.set))
        await case.lanes.revoked()
        assert [3] == case.stage.ended
        await letting_go

    case = run(tmp_path, story)

    assert [{TopicPartition("in", 0): 3}] == case.broker.asked


def test_a_revocation_ends_a_runner_that_waits_for_a_fetch(tmp_path: Path) -> None:
    async def story(case: Case) -> None:
        await case.assign()
        await asyncio.sleep(0)
        await case.lanes.revoked()

    assert [] == run(tmp_path, story).stage.steps


def test_a_revocation_before_the_runner_ever_ran_ends_it(tmp_path: Path) -> None:
    async def story(case: Case) -> None:
        await case.assign()
        await case.lanes.revoked()

    assert [] == run(tmp_path, story).stage.steps


def test_the_group_does_not_wait_for_a_stage_that_reads_a_long_log(tmp_path: Path) -> None:
    """Who keeps the listener waiting sends no heartbeat, and is put out after a session."""

    async def story(case: Case) -> None:
        case.stage.opened.clear()
        case.broker.open.set()
        await case.assign()
        await case.lanes.put(case.fetch(2))
        await until(lambda: bool(case.stage.openings))
        assert ("lanes",) == case.vitals.health.waiting(), "ready before it can judge"
        assert frozenset() == case.lanes.assignment, "watched before it can judge"
        assert [] == case.stage.steps
        case.stage.opened.set()
        await until(lambda: case.stage.ended == [2])
        assert case.lanes.assignment == TPS
        await case.lanes.revoked()

    run(tmp_path, story)


def test_a_revocation_cuts_the_reading_of_a_long_log_short(tmp_path: Path) -> None:
    async def story(case: Case) -> None:
        case.stage.opened.clear()
        await case.assign()
        await until(lambda: bool(case.stage.openings))
        await case.lanes.revoked()

    stage = run(tmp_path, story).stage

    assert ["begun", "cancelled"] == stage.openings
    assert [] == stage.steps


def test_a_cancellation_that_was_swallowed_is_said_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CANCEL_SECONDS", 0.01)

    async def story(case: Case) -> None:
        case.stage.opened.clear()
        case.stage.swallows = True
        await case.assign()
        await until(lambda: bool(case.stage.openings))
        await case.lanes.revoked()

    assert [] == run(tmp_path, story).stage.steps


@pytest.mark.parametrize("error", [TimeoutError("the log gave nothing"), asyncio.CancelledError()])
def test_a_stage_that_cannot_be_opened_ends_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """A cancellation that nobody asked for, too: aiokafka lets its own out of a consumer's end."""
    codes: list[int] = []
    monkeypatch.setattr(module, "end_process", lambda exit_code, *_: codes.append(exit_code))

    async def story(case: Case) -> None:
        case.stage.error = error
        await case.assign()
        await until(lambda: bool(codes))

    run(tmp_path, story)

    assert [70] == codes


def test_a_fetch_of_an_earlier_generation_is_never_worked_on(tmp_path: Path) -> None:
    async def story(case: Case) -> None:
        case.broker.open.set()
        await case.assign()
        await case.lanes.revoked()
        await case.lanes.put(case.fetch(2))
        case.app.consumer_generation_id = 2
        await case.assign()
        await case.lanes.put(case.fetch(4, generation=1))
        await case.lanes.put(case.fetch(5, generation=2))
        await until(lambda: len(case.stage.ended) == 1)
        await case.lanes.revoked()

    assert [5] == run(tmp_path, story).stage.steps


def test_who_waits_for_room_when_partitions_go_is_let_go_and_its_fetch_is_void(
    tmp_path: Path,
) -> None:
    async def story(case: Case) -> None:
        await case.assign()
        putting = [asyncio.create_task(case.lanes.put(case.fetch(1))) for _ in range(5)]
        await until(lambda: len(case.broker.asked) == 1)
        asyncio.get_running_loop().call_later(0.05, case.broker.open.set)
        await case.lanes.revoked()
        case.app.consumer_generation_id = 2
        await case.assign()
        await asyncio.gather(*putting)
        await case.lanes.put(case.fetch(7, generation=2))
        await until(lambda: len(case.stage.ended) == 2)
        await case.lanes.revoked()

    ended = run(tmp_path, story).stage.ended

    assert ended in ([1, 7], [2, 7])  # one or two had found room


@pytest.mark.parametrize(("count", "steps"), [(RECORDS_AHEAD_MIN, 2), (1, 1)])
def test_only_while_much_waits_a_step_runs_beside_the_commit_before(
    tmp_path: Path, count: int, steps: int
) -> None:
    async def story(case: Case) -> None:
        await case.assign()
        await case.lanes.put(case.fetch(3))
        await until(lambda: len(case.broker.asked) == 1)
        await case.lanes.put(case.fetch(count))
        for _ in range(10):
            await asyncio.sleep(0)
        seen.extend([len(case.stage.steps), len(case.broker.asked)])
        case.broker.open.set()
        await until(lambda: sum(case.stage.ended) == count + 3)
        await case.lanes.revoked()

    seen: list[int] = []
    case = run(tmp_path, story)

    assert [steps, 1] == seen, "steps, transactions: one of these at a time"
    assert [3, count] == case.stage.ended


@pytest.mark.parametrize(
    ("error", "code"), [(FencedError("PRODUCER_FENCED"), 71), (TimeoutError(), 70)]
)
def test_a_commit_that_fails_ends_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    codes: list[int] = []
    monkeypatch.setattr(module, "end_process", lambda exit_code, *_: codes.append(exit_code))

    async def story(case: Case) -> None:
        case.broker.error = error
        case.broker.open.set()
        await case.assign()
        await case.lanes.put(case.fetch(1))
        await until(lambda: bool(codes))

    run(tmp_path, story)

    assert [code] == codes


def test_a_worker_is_ready_as_long_as_it_has_its_lanes(tmp_path: Path) -> None:
    told: list[tuple[str, ...]] = []

    async def story(case: Case) -> None:
        told.append(case.vitals.health.waiting())
        await case.assign()
        await case.ready()
        told.append(case.vitals.health.waiting())
        assert 1 == case.vitals.meter.value(table.LANES, stage="gate")
        await case.lanes.revoked()
        told.append(case.vitals.health.waiting())
        assert 0 == case.vitals.meter.value(table.LANES, stage="gate")

    run(tmp_path, story)

    assert [("lanes",), (), ("lanes",)] == told


def test_a_batch_is_measured_when_it_is_committed_and_not_before(tmp_path: Path) -> None:
    async def story(case: Case) -> None:
        meter = case.vitals.meter
        await case.assign()
        await case.lanes.put(case.fetch(3))
        await until(lambda: len(case.broker.asked) == 1)
        assert meter.value(table.EVENTS_READ, stage="gate") is None
        case.broker.open.set()
        await until(lambda: case.stage.ended == [3])
        await case.lanes.revoked()

        assert 3 == meter.value(table.EVENTS_READ, stage="gate")
        assert 3 == meter.value(table.EVENTS_WRITTEN, stage="gate", kind="other")
        assert 1 == meter.value(table.BATCH, stage="gate")
        assert 1 == meter.value(table.COMMIT, stage="gate")
        assert meter.value(table.LAST_COMMIT, stage="gate")

    run(tmp_path, story)
