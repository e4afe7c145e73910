"""The command that shows how canaries fare."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from credit_bus_deploy.cli_database import database_of, database_option
from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.cli_options import installed_registry_option

AMISS_EXIT_CODE = 1


@click.command(short_help="Show how long canaries take, by party and platform.")
@click.option("--hours", type=click.FloatRange(min=0.01, max=240), default=1.0, show_default=True)
@installed_registry_option
@database_option
@json_option
@home_option
def canaries(
    hours: float, folder: Path | None, database: str | None, as_json: bool, home: Path
) -> None:
    """Show round trips of the canaries that the monitor sent: to the log, and back from platforms.

    Exit code 1 when one is missing, not back within a minute; and when none was said for ten
    minutes, so that nothing is known.
    """
    from credit_bus.operations.canaries import canaries_of  # noqa: PLC0415
    from credit_bus_connectors.monitor.canaries import read_canaries  # noqa: PLC0415
    from credit_bus_deploy.canary_table import canaries_json, show  # noqa: PLC0415
    from credit_bus_deploy.kept import kept_by_monitor  # noqa: PLC0415
    from credit_bus_deploy.registries import registry_in  # noqa: PLC0415

    now = datetime.now(UTC)
    registry = registry_in(home, folder)
    with kept_by_monitor(database_of(home, database)) as connections:
        told = read_canaries(connections, now - timedelta(hours=hours))
    found = canaries_of(told, registry.platforms, now=now)
    if as_json:
        click.echo(json.dumps(canaries_json(found), ensure_ascii=False, indent=1))
    else:
        show(found)
    if found.is_amiss:
        sys.exit(AMISS_EXIT_CODE)


COMMANDS: tuple[click.Command, ...] = (canaries,)
