"""The doctor's findings as people and machines read them."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from credit_bus_deploy.doctor.checks import Outcome, State, exit_code

COLUMNS_MIN = 120


def as_value(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the outcomes as JSON values."""
    return {
        "exit_code": exit_code(outcomes),
        "checks": [
            {
                "name": each.check.name,
                "state": str(each.state),
                "proves": each.check.proves,
                "says": list(each.sentences),
                "remedy": each.check.remedy if each.state in {State.FOUND, State.NOTE} else None,
            }
            for each in outcomes
        ],
    }


def show(outcomes: Sequence[Outcome]) -> None:
    """Print every check, then what to do."""
    table = Table("check", "state", "what it proves, or what was found")
    for each in outcomes:
        table.add_row(each.check.name, str(each.state), escape(_said(each)))
    console = Console()
    console.width = max(console.width, COLUMNS_MIN)
    console.print(table)
    for each in outcomes:
        if each.state is State.FOUND:
            console.print(f"{each.check.name}: {each.check.remedy}", markup=False, highlight=False)


def _said(outcome: Outcome) -> str:
    return "\n".join(outcome.sentences) if outcome.sentences else outcome.check.proves
