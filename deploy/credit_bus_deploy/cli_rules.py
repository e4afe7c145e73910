"""The commands about changed rules: rules rehearse, rules activate."""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.cli_options import (
    broker_in,
    installed_broker_option,
    installed_registry_option,
)
from credit_bus_deploy.failures import InstallationError

if TYPE_CHECKING:
    from credit_bus.operations.rehearsal import Rehearsal

CHANGED_EXIT_CODE = 1

_new = click.argument(
    "new", metavar="NEW", type=click.Path(path_type=Path, exists=True, file_okay=False)
)
_as_of = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which both registries are followed; today without it.",
)


@click.group(short_help="Rehearse changed rules on history, put them into force.")
def rules() -> None:
    """Rehearse a changed registry on history, and put it into force."""


@rules.command("rehearse", short_help="Show who would newly receive or stop receiving what.")
@_new
@_as_of
@installed_broker_option
@installed_registry_option
@json_option
@home_option
def rehearse_command(as_json: bool, **given: Any) -> None:
    """Run the registry in the folder NEW over all that the log of record holds.

    Shown is who would newly receive what, who no longer, and what would be refused or taken that
    was not before. Nothing is sent. Exit code 1 when anything would be otherwise.
    """
    from credit_bus_deploy.rules_table import rehearsal_json, show  # noqa: PLC0415

    found, names = _rehearsed(**given)
    if as_json:
        click.echo(json.dumps(rehearsal_json(found), ensure_ascii=False, indent=1))
    else:
        show(found, names)
    if not found.is_same:
        sys.exit(CHANGED_EXIT_CODE)


@rules.command("activate", short_help="Say on the bus that a changed registry is in force.")
@_new
@click.option("--reason", metavar="TEXT", required=True, help="Why it changes (in Chinese).")
@_as_of
@installed_broker_option
@installed_registry_option
@home_option
def activate_command(reason: str, **given: Any) -> None:
    """Rehearse the registry in NEW, and say as an event that its version is in force from now on.

    Then start the processes anew with it (`up --registry NEW`): a process follows the registry with
    which it was started, and each receipt names its version.
    """
    from credit_bus_deploy.registries import registry_in  # noqa: PLC0415
    from credit_bus_deploy.rules import activate, activation_of  # noqa: PLC0415

    broker = broker_in(given["home"], given["broker"])
    found, _ = _rehearsed(**given)
    if found.old_version == found.new_version:
        raise InstallationError(f"{given['new']} is the registry in force ({found.new_version})")
    hub = registry_in(given["home"], given["folder"]).hub
    event = activation_of(found, hub, reason=reason, now=datetime.now(UTC))
    activate(broker, event)
    click.echo(
        f"registry {found.new_version} is in force instead of {found.old_version}, as event"
        f" {event.id} says: rehearsed on {found.events} events, of which {found.changed} would be"
        " otherwise; start the processes anew with it"
    )


def _rehearsed(
    *,
    new: Path,
    as_of: datetime | None,
    broker: str | None,
    folder: Path | None,
    home: Path,
) -> "tuple[Rehearsal, dict[str, str]]":
    """Return the rehearsal, and the parties' names in either registry."""
    from credit_bus.domain.calendar import local_day  # noqa: PLC0415
    from credit_bus_deploy.registries import registry_in, registry_of  # noqa: PLC0415
    from credit_bus_deploy.rules import rehearsal_of  # noqa: PLC0415

    old, changed = registry_in(home, folder), registry_of(new)[0]
    day: date = local_day(datetime.now(UTC)) if as_of is None else as_of.date()
    names = {code: party.name for each in (old, changed) for code, party in each.parties.items()}
    return rehearsal_of(broker_in(home, broker), old, changed, day=day), names


COMMANDS: tuple[click.Command, ...] = (rules,)
