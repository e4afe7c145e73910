"""The commands of the desk: the process, and the accounts of those who use it.

What a command is not given about the database, it takes from the installation that runs in the
home.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from credit_bus_deploy.cli_bus import registry_option
from credit_bus_deploy.cli_database import database_of, database_option
from credit_bus_deploy.cli_machine import home_option
from credit_bus_deploy.cli_options import (
    listening_options,
    registry_or_example,
    sessions_option,
    with_options,
    with_vitals,
)
from credit_bus_deploy.failures import InstallationError

if TYPE_CHECKING:
    from credit_bus.metrics.vitals import Vitals
    from credit_bus_connectors.departments.desk.accounts import Accounts

_ROLES = ("clerk", "reviewer", "administrator")
_BY = "command-line"  # who did it, in the log of acts


@click.command(short_help="Run the desk: pages for departments without a system.")
@listening_options("desk", 8640, beyond=". Browsers of other machines need HTTPS before it.")
@sessions_option
@with_options("broker", "database", "secret", "registry", "log")
@with_vitals
def desk(
    host: str,
    port: int,
    registry_folder: Path | None,
    log_level: str,
    vitals: "Vitals",
    **given: Any,
) -> None:
    """Run the desk 办件台 until asked to stop; one process of it speaks for all its departments."""
    from credit_bus.logs import configure_logs, logger  # noqa: PLC0415
    from credit_bus_connectors.web.serve import serve  # noqa: PLC0415
    from credit_bus_deploy.desk import desk_settings, running_desk  # noqa: PLC0415
    from credit_bus_deploy.vitals import expect_broker, expect_pages  # noqa: PLC0415

    configure_logs(log_level)
    log = logger(process="desk")
    folder = registry_or_example(registry_folder)
    settings = desk_settings(**given)
    expect_broker(vitals, settings.broker)
    with running_desk(settings, registry_folder=folder, log=log, vitals=vitals) as application:
        expect_pages(vitals, host=host, port=port)
        serve(application, host=host, port=port, log=log)


@contextmanager
def _accounts(home: Path, database: str | None) -> Iterator["Accounts"]:
    from credit_bus_connectors.contract import UnreachableError  # noqa: PLC0415
    from credit_bus_deploy.desk import desk_accounts  # noqa: PLC0415

    try:
        with desk_accounts(database_of(home, database)) as accounts:
            yield accounts
    except UnreachableError as error:
        raise InstallationError(str(error)) from error


@click.group("desk-users", short_help="Say who may use the desk, and for which department.")
def desk_users() -> None:
    """Say who may use the desk. A department's own administrator does the rest on its pages."""


@desk_users.command("add", short_help="Make an account; its password is asked for.")
@click.argument("name")
@click.option("--party", metavar="CODE", required=True, help="The department.")
@click.option(
    "--role",
    "roles",
    type=click.Choice(_ROLES),
    multiple=True,
    required=True,
    help="May be given several times.",
)
@click.password_option(help="Asked for unless given.")
@registry_option
@home_option
@database_option
def add_command(
    name: str,
    party: str,
    roles: tuple[str, ...],
    password: str,
    registry: Path | None,
    **given: Any,
) -> None:
    """Make an account of a department."""
    from credit_bus_connectors.departments.desk.access import Role, name_mistake  # noqa: PLC0415
    from credit_bus_connectors.departments.desk.accounts import NameTakenError  # noqa: PLC0415
    from credit_bus_deploy.registries import registry_of  # noqa: PLC0415

    if party not in registry_of(registry)[0].parties:
        raise InstallationError(f"{party} is no party of the registry: use its code")
    mistake = name_mistake(name) or _password_mistake(password, name)
    if mistake:
        raise InstallationError(mistake)
    with _accounts(**given) as accounts:
        try:
            accounts.add(name, party, {Role(each) for each in roles}, password, by=_BY)
        except NameTakenError as error:
            raise InstallationError(f"there is an account {name}: use another name") from error
    click.echo(f"account {name} of {party} is made")


@desk_users.command("list", short_help="Show the accounts.")
@click.option("--party", metavar="CODE", help="One department; all without it.")
@home_option
@database_option
def list_command(party: str | None, **given: Any) -> None:
    """Show the accounts, their roles, and which are disabled."""
    with _accounts(**given) as accounts:
        for each in accounts.all(party):
            state = "disabled" if each.is_disabled else "enabled"
            click.echo(f"{each.name}  {each.party}  {','.join(sorted(each.roles))}  {state}")


@desk_users.command("disable", short_help="Let an account log in no more; --undo lets it again.")
@click.argument("name")
@click.option("--undo", is_flag=True, help="Let it log in again.")
@home_option
@database_option
def disable_command(name: str, undo: bool, **given: Any) -> None:
    """End an account's sessions, and refuse it from now on."""
    with _accounts(**given) as accounts:
        if not accounts.set_disabled(name, not undo, party=None, by=_BY):
            raise InstallationError(f"there is no account {name}: see `credit-bus desk-users list`")
    click.echo(f"account {name} is {'enabled' if undo else 'disabled'}")


@desk_users.command("password", short_help="Set an account's password, and unlock it.")
@click.argument("name")
@click.password_option(help="Asked for unless given.")
@home_option
@database_option
def password_command(name: str, password: str, **given: Any) -> None:
    """Set a password; the account is unlocked and its sessions end."""
    mistake = _password_mistake(password, name)
    if mistake:
        raise InstallationError(mistake)
    with _accounts(**given) as accounts:
        if not accounts.set_password(name, password, party=None, by=_BY):
            raise InstallationError(f"there is no account {name}: see `credit-bus desk-users list`")
    click.echo(f"the password of {name} is set")


def _password_mistake(password: str, name: str) -> str | None:
    from credit_bus_connectors.departments.desk.access import password_mistake  # noqa: PLC0415

    return password_mistake(password, name)


COMMANDS: tuple[click.Command, ...] = (desk, desk_users)
