"""The commands about the quarantine: list and show; what sends from it is in `cli_redrive`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from credit_bus_deploy import cli_redrive
from credit_bus_deploy.cli_database import database_option
from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.cli_options import installed_broker_option, installed_registry_option
from credit_bus_deploy.cli_quarantine_options import (
    PlaceType,
    filter_options,
    looked_at,
    opened_quarantine,
    print_json,
)

if TYPE_CHECKING:
    from credit_bus_connectors.monitor.quarantine_store import Filter
    from credit_bus_connectors.monitor.quarantine_topic import Place


@click.group(short_help="Look at what was refused, and send it once more.")
def quarantine() -> None:
    """Look at what was refused, judge it by the rules of today, and send it once more.

    Two persons stand behind each message that is sent, both with accounts of the hub: a clerk
    proposes it (redrive), a reviewer who is somebody else approves it. The gate judges it like any
    other; what it took before it takes no second time.
    """


@quarantine.command("list", short_help="List what lies in quarantine, newest first.")
@filter_options
@json_option
@database_option
@home_option
def list_command(which: "Filter", as_json: bool, database: str | None, home: Path) -> None:
    """List what lies in quarantine, newest first, by the monitor's index; days are included."""
    from credit_bus_deploy.quarantine_shown import print_list  # noqa: PLC0415

    with opened_quarantine(home, database) as operation:
        found = operation.redriving.store.listed(which)
    if as_json:
        print_json({"messages": [asdict(each) for each in found.rows], "more": found.more})
    else:
        print_list(found)


@quarantine.command(short_help="Show one message whole.")
@click.argument("place", metavar="PARTITION@OFFSET", type=PlaceType())
@json_option
@installed_broker_option
@installed_registry_option
@database_option
@home_option
def show(place: "Place", as_json: bool, home: Path, **given: Any) -> None:
    """Show one message whole: reasons, coordinates, headers, and its body if that decodes.

    Numbers of persons in its texts are stars. What it would be answered today is shown as well.
    """
    from credit_bus.operations.quarantine.kept import plain  # noqa: PLC0415
    from credit_bus_deploy.quarantine_shown import print_kept, told_of  # noqa: PLC0415

    with opened_quarantine(home, **given) as operation:
        look = looked_at(operation.redriving, place)
    assert look.kept is not None, "it lies there"
    assert look.judged is not None, "what lies there is judged"
    if as_json:
        told = plain(look.kept, operation.redriving.bench.codec)
        print_json({**told, "today": told_of(look.judged)})
    else:
        print_kept(look, operation.redriving.bench.codec)


for each in cli_redrive.COMMANDS:
    quarantine.add_command(each)

COMMANDS: tuple[click.Command, ...] = (quarantine,)
