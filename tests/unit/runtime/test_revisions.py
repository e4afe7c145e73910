"""The lane's index of revisions: an index over the log, which may always be thrown away."""

from pathlib import Path

from credit_bus.flows.outcome import Known
from credit_bus.runtime.revisions import RevisionIndex

KEY = b"k" * 16
FIRST = Known(revision=1, digest=b"1" * 16)
SECOND = Known(revision=2, digest=b"2" * 16)


def test_what_was_stored_is_known_after_a_restart(tmp_path: Path) -> None:
    index = RevisionIndex(tmp_path / "i.sqlite", log="a")
    index.advance({KEY: SECOND}, next_offset=7)
    index.close()
    again = RevisionIndex(tmp_path / "i.sqlite", log="a")

    assert {KEY: SECOND} == again.known([KEY, b"x" * 16])
    assert again.next_offset == 7


def test_an_index_of_another_log_is_thrown_away(tmp_path: Path) -> None:
    index = RevisionIndex(tmp_path / "i.sqlite", log="a")
    index.advance({KEY: FIRST}, next_offset=7)
    index.close()
    other = RevisionIndex(tmp_path / "i.sqlite", log="b")

    assert {} == other.known([KEY])
    assert other.next_offset == 0


def test_reading_the_log_again_never_takes_a_revision_back(tmp_path: Path) -> None:
    index = RevisionIndex(tmp_path / "i.sqlite", log="a")
    index.advance({KEY: SECOND}, next_offset=7)
    index.advance({KEY: FIRST}, next_offset=3)

    assert {KEY: SECOND} == index.known([KEY])


def test_a_reset_index_knows_nothing_and_begins_at_the_start(tmp_path: Path) -> None:
    index = RevisionIndex(tmp_path / "i.sqlite", log="a")
    index.advance({KEY: SECOND}, next_offset=7)
    index.reset()

    assert {} == index.known([KEY])
    assert index.next_offset == 0


def test_an_index_that_another_process_holds_locked_is_begun_anew(tmp_path: Path) -> None:
    frozen = RevisionIndex(tmp_path / "i.sqlite", log="a")
    frozen.advance({KEY: SECOND}, next_offset=7)
    frozen._connection.execute("BEGIN IMMEDIATE")
    index = RevisionIndex(tmp_path / "i.sqlite", log="a")

    assert index.next_offset == 0
    index.advance({KEY: FIRST}, next_offset=3)
    assert {KEY: FIRST} == index.known([KEY])


def test_a_file_that_is_no_database_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "i.sqlite").write_bytes(b"no database at all" * 100)
    index = RevisionIndex(tmp_path / "i.sqlite", log="a")

    assert index.next_offset == 0


def test_more_keys_than_one_query_takes_are_all_found(tmp_path: Path) -> None:
    keys = [number.to_bytes(16, "big") for number in range(1_234)]
    index = RevisionIndex(tmp_path / "i.sqlite", log="a")
    index.advance(dict.fromkeys(keys, FIRST), next_offset=1)

    assert set(keys) == set(index.known(keys))


def test_any_number_of_keys_is_asked_for_by_a_few_statements(tmp_path: Path) -> None:
    """Each other statement would stay prepared, by some 60 KiB."""
    index = RevisionIndex(tmp_path / "i.sqlite", log="a")
    keys = [b"%016d" % number for number in range(700)]
    index.advance(dict.fromkeys(keys, FIRST), next_offset=7)
    statements: set[str] = set()
    index._connection.set_trace_callback(lambda text: statements.add(text[:60] + str(len(text))))
    for count in range(len(keys) + 1):
        assert dict.fromkeys(keys[:count], FIRST) == index.known(keys[:count])

    assert len(statements) <= 10
