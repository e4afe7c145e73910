"""The command that shows legal time: due.

What it is not given about database and registry, it takes from the installation in the home.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from credit_bus_deploy.cli_database import database_of, database_option
from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.cli_options import installed_registry_option
from credit_bus_deploy.failures import InstallationError

OVERDUE_EXIT_CODE = 1


@click.command(short_help="Show what is overdue or soon due by law, for whom (办理期限).")
@click.option(
    "--party", metavar="CODE", default="", help="What one party owes, or what lies with it."
)
@installed_registry_option
@database_option
@json_option
@home_option
def due(party: str, folder: Path | None, database: str | None, as_json: bool, home: Path) -> None:
    """Show what each department owes: overdue, soon due, in time; and with whom it lies.

    A licence or a penalty stands once, under the department that decided, by the day of its
    decision, until every platform has confirmed it. Exit code 1 when anything is overdue.
    """
    from credit_bus.domain.calendar import local_day  # noqa: PLC0415
    from credit_bus.reports.as_json import legal_time_json  # noqa: PLC0415
    from credit_bus.reports.legal_time import Standing, who_answers  # noqa: PLC0415
    from credit_bus_deploy.due_table import show  # noqa: PLC0415
    from credit_bus_deploy.registries import registry_in  # noqa: PLC0415
    from credit_bus_deploy.reports import legal_time_from  # noqa: PLC0415

    registry = registry_in(home, folder)
    day = local_day(datetime.now(UTC))
    if party and party not in registry.parties:
        raise InstallationError(f"{party} is no party of the registry: use its code")
    found = legal_time_from(database_of(home, database), registry, day=day)
    if party:
        found = found.of(who_answers(party, registry, day))
    if as_json:
        click.echo(json.dumps(legal_time_json(found), ensure_ascii=False, indent=1))
    else:
        show(found)
    if found.number(Standing.OVERDUE):
        sys.exit(OVERDUE_EXIT_CODE)


COMMANDS: tuple[click.Command, ...] = (due,)
