"""The commands about changed rules: rules rehearse, rules activate."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.cli_options import broker_in, installed_broker_option
from credit_bus_deploy.failures import InstallationError

if TYPE_CHECKING:
    from credit_bus.domain.registry import Registry
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

# Not from the environment: there stands the folder that somebody edits.
_in_force = click.option(
    "--registry",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The registry in force; without it, that of the installation that runs in the home.",
)


@click.group(short_help="Rehearse changed rules on history, put them into force.")
def rules() -> None:
    """Rehearse a changed registry on history, and put it into force."""


@rules.command("rehearse", short_help="Show who would newly receive or stop receiving what.")
@_new
@_as_of
@installed_broker_option
@_in_force
@json_option
@home_option
def rehearse_command(
    new: Path,
    as_of: datetime | None,
    broker: str | None,
    folder: Path | None,
    as_json: bool,
    home: Path,
) -> None:
    """Run the registry in the folder NEW over all that the log of record and the quarantine hold.

    Shown is who would newly receive what, who no longer, what was taken and would be refused, and
    what lies in quarantine and would be taken. Nothing is sent. Exit code 1 when anything would be
    otherwise.
    """
    from credit_bus_deploy.rules_table import rehearsal_json, show  # noqa: PLC0415

    pair = _pair(home, broker, folder, new)
    found = _rehearsed(pair, as_of)
    if as_json:
        click.echo(json.dumps(rehearsal_json(found), ensure_ascii=False, indent=1))
    else:
        parties = {**pair.old.parties, **pair.new.parties}
        show(found, {code: party.name for code, party in parties.items()})
    if not found.is_same:
        sys.exit(CHANGED_EXIT_CODE)


@rules.command("activate", short_help="Say on the bus that a changed registry is in force.")
@_new
@click.option("--reason", metavar="TEXT", required=True, help="Why it changes (in Chinese).")
@_as_of
@installed_broker_option
@_in_force
@home_option
def activate_command(
    new: Path,
    reason: str,
    as_of: datetime | None,
    broker: str | None,
    folder: Path | None,
    home: Path,
) -> None:
    """Rehearse the registry in NEW, and say as an event that its version is in force from now on.

    Then start the processes anew with it (`up --registry NEW`): a process follows the registry with
    which it was started, and each receipt names its version.
    """
    from credit_bus_deploy.rules import activate, activation_of  # noqa: PLC0415

    pair = _pair(home, broker, folder, new)
    found = _rehearsed(pair, as_of)
    event = activation_of(found, pair.old.hub, reason=reason, now=datetime.now(UTC))
    activate(pair.broker, event)
    click.echo(
        f"registry {found.new_version} is in force instead of {found.old_version}, as event"
        f" {event.id} says: rehearsed on {found.events} events, of which {found.changed} would be"
        " otherwise; start the processes anew with it"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """The registry in force on a broker, and the one that is to follow it."""

    broker: str
    old: "Registry"
    new: "Registry"


def _pair(home: Path, broker: str | None, folder: Path | None, new: Path) -> _Pair:
    """Return both registries. Raises InstallationError when they are the same."""
    from credit_bus_deploy.registries import registry_in_force, registry_of  # noqa: PLC0415

    address = broker_in(home, broker)
    old, changed = registry_in_force(home, address, folder), registry_of(new)[0]
    if old.version == changed.version:
        raise InstallationError(
            f"{new} holds nothing new: version {old.version} is in force; give the folder of the"
            " changed registry"
        )
    return _Pair(broker=address, old=old, new=changed)


def _rehearsed(pair: _Pair, as_of: datetime | None) -> "Rehearsal":
    from credit_bus.domain.calendar import local_day  # noqa: PLC0415
    from credit_bus_deploy.rules import rehearsal_of  # noqa: PLC0415

    day: date = local_day(datetime.now(UTC)) if as_of is None else as_of.date()
    return rehearsal_of(pair.broker, pair.old, pair.new, day=day)


COMMANDS: tuple[click.Command, ...] = (rules,)
