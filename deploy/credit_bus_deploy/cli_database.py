"""The command about casework's database: database apply.

What it is not given, it takes from the installation that runs in the home.
"""

from pathlib import Path

import click

from credit_bus_deploy.cli_machine import home_option, with_home
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.home import home_at
from credit_bus_deploy.run_record import running


def database_of(home: Path, database: str | None) -> str:
    """Return the URL that is given, or that of the installation that runs in the home.

    Raises InstallationError when there is neither.
    """
    kept = home_at(home).database_file
    url = database
    if not url and running(home_at(home)) and kept.exists():
        url = kept.read_text(encoding="utf-8").strip()
    if not url:
        raise InstallationError(
            f"no database is given, and no installation with one runs in {home_at(home).root}: "
            f"give --database URL, or start one with {with_home('up', home)}"
        )
    return url


database_option = click.option(
    "--database",
    metavar="URL",
    envvar="CREDIT_BUS_DATABASE",
    show_envvar=True,
    help="The database; without it, that of the installation that runs in the home.",
)


@click.group(short_help="Make what casework needs in its database.")
def database() -> None:
    """Make what casework needs in its database."""


@database.command("apply", short_help="Bring the schemas and their roles up to date.")
@click.option(
    "--database",
    metavar="URL",
    envvar="CREDIT_BUS_DATABASE",
    show_envvar=True,
    help="The database, as its owner; without it, that of the installation in the home.",
)
@home_option
def apply_command(home: Path, database: str | None) -> None:
    """Bring every schema, its roles and their rights up to this release.

    Run it before the processes of a new release. It goes forward only.
    """
    from credit_bus_deploy.database import apply_database  # noqa: PLC0415

    apply_database(database_of(home, database))
    click.echo("the schemas are those of this release")


COMMANDS: tuple[click.Command, ...] = (database,)
