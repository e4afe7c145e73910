"""What others wrote is shown on a terminal as text, whatever it is; counts and persons are told."""

import io
from dataclasses import replace

import pytest
from click.testing import CliRunner
from rich.console import Console
from tests import samples
from tests.unit.operations.test_quarantine import judged, kept

from credit_bus.operations.quarantine.tally import tally_of
from credit_bus_connectors.monitor.quarantine_store import Listing, Selection
from credit_bus_connectors.monitor.quarantine_topic import Place
from credit_bus_connectors.monitor.redrive_store import Redrive
from credit_bus_connectors.monitor.redriving import Look
from credit_bus_deploy import quarantine_shown
from credit_bus_deploy.cli import command

HERE = Place(3, 17)
REDRIVE = Redrive(
    number=4, proposed_by="li", proposed_at=samples.NOW, why="[/b] 时钟\x1b[2J", asked="",
    state="sent", decided_by="wang", decided_at=samples.NOW, sent_at=samples.NOW, waiting=0,
    sent=1, left=0, places=1, first=HERE,
)  # fmt: skip


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=300)


def told(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_what_a_sender_wrote_moves_no_cursor_and_is_no_markup(console: Console) -> None:
    message = samples.message(samples.penalty(1, violation="\x9b2J[/bold]\u202e"))
    message = replace(message, headers=(*message.headers, ("x", b"[/red]\x1b]0;")))
    found = kept(message)
    look = Look(place=HERE, kept=found, judged=judged(found))
    quarantine_shown.print_kept(look, samples.codec(), console)

    assert "[/red]\\u001b]0;" in told(console)
    assert "[/bold]" in told(console)
    assert told(console).replace("\n", "").isprintable()


def test_who_proposed_why_and_who_decided_is_told(console: Console) -> None:
    quarantine_shown.print_redrives([REDRIVE], more=True, console=console)

    for word in ("li 2026", "wang 2026", "[/b] 时钟\\u001b[2J", "3@17", "more than 200"):
        assert word in told(console)


def test_counts_of_many_are_told_and_that_there_is_more(console: Console) -> None:
    selection = Selection(places=[HERE], more=True, redriven=7, waiting=2)
    quarantine_shown.print_selection(selection, tally_of([(), ("no-right",)]), console)
    quarantine_shown.print_list(Listing(rows=[], more=False), console)

    for word in (
        "1 would be taken today, 1 would not",
        "1 no-right",
        "already sent once more: 7, in a redrive: 2",
        "more than 5000",
        "nothing of that lies in quarantine",
    ):
        assert word in told(console)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("redrive",), "give one PARTITION@OFFSET, or choose many"),
        (("redrive", "1@2", "--code", "x"), "give one PARTITION@OFFSET, or choose many"),
        (("redrive", "x", "--by", "a"), "write PARTITION@OFFSET"),
        (("redrive", "1@2", "--by", "a"), "--why must say something"),
        (("redrive", "1@2", "--why", "x"), "--by must name"),
        (("redrive", "1@2", "--by", "a", "--why", "x" * 501), "in 500 characters"),
    ],
)
def test_a_redrive_says_of_what_by_whom_and_why(words: tuple[str, ...], sentence: str) -> None:
    result = CliRunner().invoke(command, ["quarantine", *words])

    assert 2 == result.exit_code
    assert sentence in " ".join(result.stderr.split())
