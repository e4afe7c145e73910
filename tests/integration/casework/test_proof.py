"""`credit-bus proof` on a real database: the ledger of a story, found by each of its names."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.unit.casework.story import ACTION, NUMBER, SUBJECT, Told, casework, go_on, settle

from credit_bus.runtime.casework.store import Store
from credit_bus_deploy.cli import command

CLOSED = ("state", "initiate", "accept", "end", "lift", "confirm")


def keep(store: Store, *symbols: str) -> Told:
    """Keep the rows of a story in the database, as casework would."""
    core, story = casework(), Told()
    for symbol in symbols:
        story = settle(go_on(story, symbol, core), core)
    store.begin([0])
    with store.turn(0) as position:
        store.write(position, rows=list(story.kept.rows.values()), next_offset=1)
    return story


def ask_for(database: str, *words: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(command, ["proof", "--database", database, *words])


def test_an_unknown_name_is_told_so_and_how_to_find_it(
    casework_database: str, store: Store
) -> None:
    keep(store, "state")
    asked = ask_for(casework_database, "甘罚〔1999〕1号")

    assert 2 == asked.exit_code
    assert "--subject" in asked.output


def test_an_open_action_ends_with_one_and_a_closed_one_with_zero(
    casework_database: str, store: Store
) -> None:
    keep(store, *CLOSED[:-1])
    assert 1 == ask_for(casework_database, ACTION).exit_code
    keep(store, *CLOSED)
    assert 0 == ask_for(casework_database, ACTION).exit_code


@pytest.mark.parametrize("words", [(ACTION,), (NUMBER, "--subject", SUBJECT)])
def test_each_name_finds_the_action(
    casework_database: str, store: Store, words: tuple[str, ...]
) -> None:
    keep(store, *CLOSED)
    found = json.loads(ask_for(casework_database, *words, "--json").stdout)

    assert ACTION in {each["name"] for each in found}


def test_an_event_finds_what_it_is_about(casework_database: str, store: Store) -> None:
    story = keep(store, *CLOSED)
    stated = next(
        row.state["name"]
        for row in story.kept.rows.values()
        if row.state.get("type") == "penalty.decided" and row.kind == "entry"
    )
    (found,) = json.loads(ask_for(casework_database, stated, "--json").stdout)

    assert ("record", NUMBER) == (found["kind"], found["reference"]["record"]["document_number"])


def test_a_proof_is_exported_as_json_and_as_a_workbook(
    casework_database: str, store: Store, tmp_path: Path
) -> None:
    keep(store, *CLOSED)
    for name in ("proof.json", "proof.xlsx"):
        asked = ask_for(casework_database, ACTION, "--export", str(tmp_path / name))
        assert 0 == asked.exit_code, asked.output
        assert (tmp_path / name).stat().st_size > 0
    (written,) = json.loads((tmp_path / "proof.json").read_text(encoding="utf-8"))
    assert written["complete"] is True


def test_a_file_of_another_kind_is_refused(casework_database: str, store: Store) -> None:
    keep(store, "state")
    asked = ask_for(casework_database, ACTION, "--export", "proof.pdf")

    assert 2 == asked.exit_code
    assert ".xlsx" in asked.output


def test_the_green_channel_is_answered_from_the_database(
    casework_database: str, store: Store
) -> None:
    keep(store, "state")
    words = ["green-channel", "--database", casework_database, "--as-of", "2026-09-01"]
    asked = CliRunner().invoke(command, [*words, SUBJECT])

    assert 1 == asked.exit_code
    assert NUMBER in asked.output
    assert 0 == CliRunner().invoke(command, [*words, "91620702999999998Q"]).exit_code
