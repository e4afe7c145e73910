"""What was said, under which revision, and what is said again after a crash."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from credit_bus_connectors.departments.files.ledger import Entry, Ledger, Said, State, Verdict

NOW = datetime(2026, 7, 27, 8, 0, tzinfo=UTC)
ROW = Said(
    type="penalty.decided",
    document="甘罚〔2018〕1号",
    subject="91620702999999998Q",
    digest=b"a" * 32,
    file="f1",
    row=2,
)
CHANGED = replace(ROW, digest=b"b" * 32, file="f2")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "state" / "ledger.sqlite") as opened:
        yield opened


def check(ledger: Ledger, row: Said, expected: Entry) -> None:
    assert [expected] == ledger.stage([row])


def say(ledger: Ledger, row: Said, state: State | None) -> None:
    """Stage the row and, unless the state is None, write its answer down."""
    (entry,) = ledger.stage([row])
    if state is not None:
        ledger.answer([(row, entry.revision, state)])


def test_what_was_never_said_is_said_as_revision_1(ledger: Ledger) -> None:
    check(ledger, ROW, Entry(verdict=Verdict.SAY, revision=1))


def test_a_changed_row_is_said_under_the_next_revision_whatever_became_of_the_last(
    ledger: Ledger,
) -> None:
    for state in (None, State.ACCEPTED, State.REJECTED):
        row = replace(ROW, document=f"甘罚〔2018〕{state}号")
        say(ledger, row, state)

        check(ledger, replace(row, digest=b"b" * 32), Entry(verdict=Verdict.SAY, revision=2))


def test_a_content_that_a_correction_replaced_does_not_come_back(ledger: Ledger) -> None:
    """An old file put in once more must not undo what was corrected since."""
    say(ledger, ROW, State.ACCEPTED)
    say(ledger, CHANGED, State.ACCEPTED)

    check(ledger, ROW, Entry(verdict=Verdict.SUPERSEDED, revision=2))
    check(ledger, replace(ROW, file="f3"), Entry(verdict=Verdict.SUPERSEDED, revision=2))
    check(ledger, CHANGED, Entry(verdict=Verdict.ANSWERED, revision=2))


def test_a_content_without_an_answer_that_was_replaced_does_not_come_back(ledger: Ledger) -> None:
    say(ledger, ROW, None)
    say(ledger, CHANGED, State.ACCEPTED)

    check(ledger, ROW, Entry(verdict=Verdict.SUPERSEDED, revision=2))


def test_a_refused_content_was_never_in_force_and_may_be_said_again(ledger: Ledger) -> None:
    say(ledger, ROW, State.REJECTED)
    say(ledger, CHANGED, State.ACCEPTED)

    check(ledger, ROW, Entry(verdict=Verdict.SAY, revision=3))


def test_two_contents_of_one_document_in_one_file_contradict_each_other(ledger: Ledger) -> None:
    other = replace(CHANGED, file=ROW.file, row=ROW.row + 1)
    first, second = ledger.stage([ROW, other])

    assert Entry(verdict=Verdict.SAY, revision=1) == first
    assert Entry(verdict=Verdict.CONTRADICTED, revision=1) == second


def test_an_accepted_row_of_another_file_is_not_said_again(ledger: Ledger) -> None:
    say(ledger, ROW, State.ACCEPTED)

    check(ledger, replace(ROW, file="f2"), Entry(verdict=Verdict.DUPLICATE, revision=1))
    check(ledger, replace(ROW, row=9), Entry(verdict=Verdict.DUPLICATE, revision=1))


def test_an_accepted_row_of_the_same_file_counts_as_its_own(ledger: Ledger) -> None:
    say(ledger, ROW, State.ACCEPTED)

    check(ledger, ROW, Entry(verdict=Verdict.ANSWERED, revision=1))


def test_a_row_without_answer_is_said_again_under_the_same_revision(ledger: Ledger) -> None:
    say(ledger, ROW, None)

    check(ledger, ROW, Entry(verdict=Verdict.SAY, revision=1, resumed=True))
    check(ledger, replace(ROW, file="f2"), Entry(verdict=Verdict.SAY, revision=1))


def test_a_refused_row_is_said_again_under_the_same_revision(ledger: Ledger) -> None:
    say(ledger, ROW, State.REJECTED)

    check(ledger, replace(ROW, file="f2"), Entry(verdict=Verdict.SAY, revision=1))


def test_the_same_row_twice_in_a_batch_is_said_once(ledger: Ledger) -> None:
    entries = ledger.stage([ROW, replace(ROW, row=3), replace(CHANGED, row=4)])

    assert [
        Entry(verdict=Verdict.SAY, revision=1),
        Entry(verdict=Verdict.REPEATED, revision=1),
        Entry(verdict=Verdict.SAY, revision=2),
    ] == entries


def test_documents_differ_by_type_number_and_subject(ledger: Ledger) -> None:
    say(ledger, ROW, State.ACCEPTED)

    for other in (
        replace(ROW, type="licence.granted"),
        replace(ROW, document="甘罚〔2018〕2号"),
        replace(ROW, subject="92620702999999998M"),
    ):
        check(ledger, other, Entry(verdict=Verdict.SAY, revision=1))


def test_an_answer_about_an_older_revision_changes_nothing(ledger: Ledger) -> None:
    say(ledger, ROW, None)
    say(ledger, CHANGED, None)
    ledger.answer([(ROW, 1, State.ACCEPTED)])

    check(ledger, CHANGED, Entry(verdict=Verdict.SAY, revision=2, resumed=True))


def test_a_revision_written_down_survives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as first:
        first.stage([ROW])

    with Ledger(path) as second:
        check(second, CHANGED, Entry(verdict=Verdict.SAY, revision=2))


def test_a_file_is_known_by_its_content_and_keeps_the_time_it_was_first_seen(
    ledger: Ledger,
) -> None:
    first = ledger.open_file(sha256="f1", name="a.csv", now=NOW)
    ledger.close_file(sha256="f1", now=NOW + timedelta(seconds=5))

    again = ledger.open_file(sha256="f1", name="b.csv", now=NOW + timedelta(days=1))

    assert first.answered_at is None
    assert (NOW, NOW + timedelta(seconds=5)) == (again.first_seen_at, again.answered_at)
