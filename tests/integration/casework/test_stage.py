"""A batch of a lane becomes one transaction: what was done is passed over, the rest goes on."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests import samples
from tests.casework_double import Teller

from credit_bus.contracts.wire import Message
from credit_bus.domain.calendar import local_day
from credit_bus.domain.channels import RECORDS
from credit_bus.domain.event import Event
from credit_bus.runtime.batch import UnreadableRecordError
from credit_bus.runtime.casework.limits import Limits
from credit_bus.runtime.casework.stage import CaseworkStage
from credit_bus.runtime.casework.store import Store
from credit_bus.runtime.casework.turns import ForeignRowError
from credit_bus.runtime.settings import WorkerSettings

DAY = local_day(samples.NOW)
Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def stage(store: Store, tmp_path: Path) -> CaseworkStage:
    settings = WorkerSettings(
        stage="casework", broker="127.0.0.1:1", registry_folder=tmp_path, state_folder=tmp_path
    )
    store.begin([0, 1])
    return CaseworkStage(
        casework=Teller(due_after=timedelta(3)),
        codec=samples.codec(),
        store=store,
        settings=settings,
        limits=Limits(events_per_transaction_max=4),
    )


def messages(*numbers: int, first: int = 0, step: int = 1) -> list[Message]:
    return [
        samples.message(samples.penalty(number), topic=RECORDS, offset=first + step * place)
        for place, number in enumerate(numbers)
    ]


def state(ask: Ask) -> Sequence[Any]:
    """Everything that the stage keeps but times."""
    return [
        ask("SELECT * FROM casework.position ORDER BY lane"),
        ask("SELECT name, due_on, state FROM casework.row ORDER BY name"),
        ask("SELECT lane, seq, key, headers FROM casework.outbox ORDER BY lane, seq"),
        ask("SELECT * FROM casework.count"),
    ]


def tallies(ask: Ask) -> dict[str, int]:
    return dict(ask("SELECT name, (state ->> 'n')::int FROM casework.row"))


def subject(number: int) -> str:
    return samples.penalty(number).subject


def test_a_record_that_cannot_be_read_is_an_error_and_nothing_of_its_batch_is_kept(
    stage: CaseworkStage, ask: Ask
) -> None:
    before = state(ask)
    good, bad = messages(1, 2)
    with pytest.raises(UnreadableRecordError, match=r"credit\.records/0@1 "):
        stage.step(0, [good, replace(bad, value=b"\0\0\0\0\xff")])

    assert before == state(ask)


def test_what_the_core_says_of_another_subject_is_kept_nowhere(
    stage: CaseworkStage, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests import casework_double

    def astray(*_: Any) -> Event:
        return replace(samples.penalty(9), source=samples.HUB)

    before = state(ask)
    monkeypatch.setattr(casework_double, "reminder", astray)
    with pytest.raises(ForeignRowError):
        stage.step(0, messages(1))

    assert before == state(ask)


def test_what_was_done_is_passed_over_wherever_a_batch_begins(
    stage: CaseworkStage, ask: Ask
) -> None:
    stage.step(0, messages(1, 1, 2))
    after_three = state(ask)
    for first in (0, 1, 2):
        assert 3 - first == stage.step(0, messages(1, 1, 2)[first:]).taken
    assert after_three == state(ask)

    assert 3 == stage.step(0, messages(1, 2, 3, first=1)).taken
    assert {subject(1): 2, subject(2): 1, subject(3): 1} == tallies(ask)
    assert [(0, 4, 4), (1, 0, 0)] == ask("SELECT * FROM casework.position ORDER BY lane")


def test_a_transaction_holds_no_more_than_it_may(stage: CaseworkStage, ask: Ask) -> None:
    assert 4 == stage.step(0, messages(*range(9))).taken
    assert [(0, 4, 4), (1, 0, 0)] == ask("SELECT * FROM casework.position ORDER BY lane")


def test_offsets_between_which_markers_lie_are_followed(stage: CaseworkStage, ask: Ask) -> None:
    stage.step(0, messages(1, 1, first=10, step=7))

    assert [(0, 18, 2), (1, 0, 0)] == ask("SELECT * FROM casework.position ORDER BY lane")


def test_a_step_s_moment_is_when_the_log_took_the_event(stage: CaseworkStage, ask: Ask) -> None:
    stage.step(0, messages(1))

    assert [(DAY + timedelta(3),)] == ask("SELECT due_on FROM casework.row")
    assert [(0, DAY, samples.PENALISING, "seen", 1)] == ask("SELECT * FROM casework.count")


def test_batches_however_cut_come_to_the_same(stage: CaseworkStage, ask: Ask) -> None:
    said = [number % 5 for number in range(24)]
    rest = messages(*said)
    stage.step(0, rest[:1])
    while rest:
        rest = rest[stage.step(0, rest[:3]).taken :]

    assert {subject(number): said.count(number) for number in range(5)} == tallies(ask)
    causes = ask(
        "SELECT seq, pair ->> 1 FROM casework.outbox, jsonb_array_elements(headers) AS pair"
        " WHERE pair ->> 0 = 'ce_causationid' ORDER BY seq"
    )
    assert list(enumerate(samples.penalty(number).id for number in said)) == causes


def test_a_database_that_goes_is_an_error_of_the_step(
    stage: CaseworkStage, casework_database: str
) -> None:
    with psycopg.connect(casework_database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    with pytest.raises(psycopg.OperationalError):
        stage.step(0, messages(1))
