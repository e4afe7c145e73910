"""The commands about departments' API keys: keys create, keys list, keys revoke.

What a command is not given about the database, it takes from the installation that runs in the
home.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from credit_bus_deploy.cli_bus import registry_option
from credit_bus_deploy.cli_database import database_of, database_option
from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.failures import InstallationError

if TYPE_CHECKING:
    from credit_bus_connectors.platforms.postgres import Database

_party_option = click.option("--party", metavar="CODE", required=True, help="The department.")


@contextmanager
def _database(home: Path, database: str | None) -> Iterator["Database"]:
    """Yield the database of the keys. Raises InstallationError when none is known or there."""
    from credit_bus_connectors.contract import UnreachableError  # noqa: PLC0415
    from credit_bus_connectors.departments.http.keys import SCHEMA  # noqa: PLC0415
    from credit_bus_connectors.platforms.postgres import Database  # noqa: PLC0415

    opened = Database(database_of(home, database), schema=SCHEMA)
    try:
        yield opened
    except UnreachableError as error:
        raise InstallationError(str(error)) from error
    finally:
        opened.close()


@click.group(short_help="Give departments their keys for HTTP, and take them back.")
def keys() -> None:
    """Give departments the keys by which they speak over HTTP, and take them back."""


@keys.command("create", short_help="Make a key; it is shown this once.")
@_party_option
@registry_option
@home_option
@database_option
def create_command(party: str, registry: Path | None, **given: Any) -> None:
    """Make a key for a department and print it, this once: the database keeps its digest alone.

    A department may have several at once: give it the new one, then revoke the old one.
    """
    from credit_bus_connectors.departments.http.keys import create_key  # noqa: PLC0415
    from credit_bus_deploy.registries import registry_of  # noqa: PLC0415

    if party not in registry_of(registry)[0].parties:
        raise InstallationError(f"{party} is no party of the registry: use its code")
    with _database(**given) as database:
        key, key_id = create_key(database, party)
    click.echo(key)
    click.echo(
        f"key {key_id} of {party}: it is shown this once; give it to {party} alone", err=True
    )


@keys.command("list", short_help="Show which keys there are, and when they were used.")
@click.option("--party", metavar="CODE", help="One department; all without it.")
@home_option
@database_option
@json_option
def list_command(party: str | None, as_json: bool, **given: Any) -> None:
    """Show which keys there are, when each was last used, and which are revoked."""
    from credit_bus_connectors.departments.http.keys import list_keys  # noqa: PLC0415

    with _database(**given) as database:
        rows = [asdict(row) for row in list_keys(database, party)]
    if as_json:
        click.echo(json.dumps(rows, default=lambda time: time.isoformat()))
        return
    for row in rows:
        used, revoked = row["last_used_at"], row["revoked_at"]
        state = "valid" if revoked is None else f"revoked {revoked:%Y-%m-%d %H:%M}"
        last = "never used" if used is None else f"last used {used:%Y-%m-%d %H:%M}"
        click.echo(
            f"{row['key_id']}  {row['party']}  made {row['created_at']:%Y-%m-%d %H:%M}  "
            f"{last}  {state}"
        )


@keys.command("revoke", short_help="Refuse a key from now on.")
@click.argument("key_id")
@_party_option
@home_option
@database_option
def revoke_command(key_id: str, party: str, **given: Any) -> None:
    """Refuse a key from now on; KEY_ID is its name in `keys list`."""
    from credit_bus_connectors.departments.http.keys import revoke_key  # noqa: PLC0415

    with _database(**given) as database:
        if not revoke_key(database, party, key_id):
            raise InstallationError(
                f"{party} has no valid key {key_id}: see `credit-bus keys list --party {party}`"
            )
    click.echo(f"key {key_id} of {party} is revoked")


COMMANDS: tuple[click.Command, ...] = (keys,)
