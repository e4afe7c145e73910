"""A step beside the commit of the one before knows what that one decided."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import samples

from credit_bus.domain.channels import QUARANTINE, RECORDS
from credit_bus.runtime.settings import WorkerSettings
from credit_bus.runtime.stages import GateStage


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[GateStage]:
    stage = GateStage(
        codec=samples.codec(),
        registry=samples.registry(),
        settings=WorkerSettings(
            stage="gate", broker="", registry_folder=samples.REGISTRY_FOLDER, state_folder=tmp_path
        ),
        cluster="c",
        partitions=1,
    )
    stage._indexes = {0: stage._index(0, lanes=1)}
    yield stage
    stage._indexes[0].close()


def test_what_is_said_again_before_the_commit_ended_is_a_repetition(gate: GateStage) -> None:
    message = samples.message(samples.penalty())
    first = gate.step(0, [message])
    second = gate.step(0, [message])

    assert RECORDS in first.records
    assert RECORDS not in second.records
    assert QUARANTINE not in second.records


def test_a_commit_that_ends_does_not_take_back_what_a_later_step_knows(gate: GateStage) -> None:
    first = gate.step(0, [samples.message(samples.penalty(revision=1))])
    gate.step(0, [samples.message(samples.penalty(revision=2, violation="无照经营"))])
    gate.committed(0, first, {RECORDS: 1})
    stale = gate.step(0, [samples.message(samples.penalty(revision=1))])

    assert {"stale-revision": 1} == stale.reasons


def test_nothing_is_kept_beside_the_index_once_all_is_committed(gate: GateStage) -> None:
    produced = gate.step(0, [samples.message(samples.penalty())])
    gate.committed(0, produced, {RECORDS: 1})

    assert {} == gate._in_commit
    assert 1 == gate._indexes[0].next_offset
