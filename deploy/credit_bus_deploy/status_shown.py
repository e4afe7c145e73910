"""What runs in a home, as people and machines read it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from credit_bus_deploy.endings import meaning_of
from credit_bus_deploy.run_record import RunRecord, to_json
from credit_bus_deploy.standing import Standing

TABLE_COLUMNS_MIN = 140  # a name cut off is of no use, a line that wraps is


def as_value(record: RunRecord, standings: Mapping[str, Standing]) -> dict[str, Any]:
    """Return the record and how its processes stand, as JSON values."""
    value = to_json(record)
    for row in value["processes"]:
        found = standings.get(row["name"], Standing())
        row |= {"alive": found.is_alive, "ready": found.is_ready, "why": list(found.why)}
    return {"running": True, **value}


def show(record: RunRecord, standings: Mapping[str, Standing]) -> None:
    """Print where everything is, what each process does, and with what it ended last."""
    for name, where in record.addresses.items():
        click.echo(f"{name:<10} {where}")
    table = Table("process", "state", "health", "pid", "port", "restarts", "since", "last end")
    for each in record.processes:
        end = "" if each.exit_code is None else f"{each.exit_code}: {meaning_of(each.exit_code)}"
        table.add_row(
            each.name,
            str(each.state),
            standings[each.name].word if each.name in standings else "",
            str(each.identity.pid) if each.identity else "",
            str(each.health_port or ""),
            str(each.restarts),
            datetime.fromtimestamp(each.since, tz=UTC).strftime("%Y-%m-%d %H:%M:%SZ"),
            end,
        )
    console = Console()
    console.width = max(console.width, TABLE_COLUMNS_MIN)
    console.print(table)
