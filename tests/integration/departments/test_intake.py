"""A file's way when answers fail to come: nothing is lost, and nothing is said under two ids."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests import samples
from tests.integration.departments.small_gate import make_topics, small_gate
from tests.unit.departments.rows import NATURAL_PERSON, csv_text, penalties

from credit_bus.contracts.codec import Codec
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.failures import UnansweredError
from credit_bus_connectors.departments.files import Source, footprint, open_source
from credit_bus_connectors.departments.intake import take_in
from credit_bus_connectors.departments.ledger import Ledger
from credit_bus_connectors.departments.report import ErrorReport, Result
from credit_bus_connectors.departments.saying import Desk, StoppedError
from credit_bus_connectors.keys import PostgresKeyStore

pytestmark = pytest.mark.broker

SECRET = b"s" * 32
NOW = datetime(2026, 7, 27, 8, 0, tzinfo=UTC)


@pytest.fixture
def codec() -> Codec:
    return samples.codec()


@pytest.fixture
def party(broker: str, unique_name: Callable[[str], str]) -> str:
    name = unique_name("dept")
    make_topics(broker, name)
    return name


@pytest.fixture
def desk(broker: str, database: str, party: str, codec: Codec, tmp_path: Path) -> Iterator[Desk]:
    keys = PostgresKeyStore(database, secret=SECRET)
    with (
        DepartmentClient(party, broker, codec=codec) as client,
        Ledger(tmp_path / "ledger.sqlite") as ledger,
    ):
        yield Desk(
            client=client,
            codec=codec,
            ledger=ledger,
            keys=keys,
            secret=SECRET,
            pause=lambda seconds: False,
            answer_wait_seconds=1.0,
        )
    keys.close()


def take(desk: Desk, tmp_path: Path, rows: list[list[str]], *, tail: str = "") -> Result:
    path = tmp_path / "p.csv"
    path.write_text(csv_text(rows) + tail, "utf-8")
    look = footprint(path)
    assert look is not None
    source = open_source(path, look)
    assert isinstance(source, Source)
    with ErrorReport(tmp_path / "p.errors.csv") as report:
        return take_in(desk, source, report, now=NOW)


def test_rows_left_without_answer_are_said_again_under_the_same_ids(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    rows = penalties(4, **NATURAL_PERSON)
    with pytest.raises(UnansweredError):
        take(desk, tmp_path, rows)

    with small_gate(broker, party, codec) as said:
        result = take(desk, tmp_path, rows)

    assert (4, 4, 0) == (result.rows, result.accepted, result.duplicates)
    assert 4 == len({event.id for event in said}) < len(said)
    assert {1} == {event.revision for event in said}
    assert {NOW} == {event.time for event in said}
    # Sealed anew, and yet the same bytes: other content under one id would be refused.
    assert 4 == len({codec.encode(event.type, event.body) for event in said})


def test_rows_before_a_broken_one_are_said(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    with small_gate(broker, party, codec):
        result = take(desk, tmp_path, penalties(2), tail='甲,"乙')

    assert (2, 2, True) == (result.rows, result.accepted, result.refused_whole)
    assert {"file-broken": 1} == dict(result.by_reason)


def test_a_row_over_the_size_of_a_message_is_refused_and_the_others_said(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    rows = penalties(2)
    for column in ("违法行为类型", "违法事实", "处罚依据", "备注"):
        rows[1][rows[0].index(column)] = "长" * 120_000
    with small_gate(broker, party, codec) as said:
        result = take(desk, tmp_path, rows)

    assert (2, 1, 1) == (result.rows, result.accepted, result.rejected)
    assert {"row-too-large": 1} == dict(result.by_reason)
    assert 1 == len(said)


def test_a_process_that_is_told_to_stop_does_so_between_batches(desk: Desk, tmp_path: Path) -> None:
    stopped = replace(desk, pause=lambda seconds: True)
    with pytest.raises(StoppedError):
        take(stopped, tmp_path, penalties(1))


def test_an_old_file_put_in_again_does_not_undo_a_correction(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    first, corrected, mended = penalties(1), penalties(1, BZ="更正"), penalties(2)
    with small_gate(broker, party, codec) as said:
        before = [take(desk, tmp_path, rows).accepted for rows in (first, corrected)]
        again = take(desk, tmp_path, mended)

    assert [1, 1] == before
    assert (1, 1) == (again.accepted, again.rejected)
    assert {"content-superseded": 1} == dict(again.by_reason)
    assert [1, 2, 1] == [event.revision for event in said]
