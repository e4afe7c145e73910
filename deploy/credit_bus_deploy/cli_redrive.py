"""The commands that send from the quarantine: redrive, approve, redrives.

Who acts has an account of the hub; its password is asked for, or stands in a file.
"""

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from credit_bus_deploy.cli_database import database_option
from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.cli_operator import (
    acting_registry_option,
    password_of,
    password_option,
    reason_of,
)
from credit_bus_deploy.cli_options import installed_broker_option
from credit_bus_deploy.cli_quarantine_options import (
    PlaceType,
    filter_options,
    looked_at,
    opened_quarantine,
    print_json,
)
from credit_bus_deploy.failures import InstallationError

if TYPE_CHECKING:
    from credit_bus_connectors.monitor.quarantine_store import Filter
    from credit_bus_connectors.monitor.quarantine_topic import Place
    from credit_bus_connectors.monitor.redriving import Redriving, Weighed

USELESS_EXIT_CODE = 1


@click.command(short_help="Propose to send a message, or many, once more.")
@click.argument("place", metavar="[PARTITION@OFFSET]", type=PlaceType(), required=False)
@filter_options
@click.option("--by", metavar="ACCOUNT", help="Your account of the hub, a clerk's.")
@click.option("--why", metavar="TEXT", help="Why; it is kept.")
@click.option("--dry-run", is_flag=True, help="Only say what it would be answered today.")
@password_option
@installed_broker_option
@acting_registry_option
@database_option
@home_option
def redrive(
    place: "Place | None",
    which: "Filter",
    by: str | None,
    why: str | None,
    dry_run: bool,
    password_file: Path | None,
    home: Path,
    **given: Any,
) -> None:
    """Judge what was refused by today's schemas and rules, and propose to send it once more.

    One message by its place, or all that the options choose. Printed is which reasons went and
    which stay; of many, how many would be taken. Proposed is what would be taken. Another person
    approves with `credit-bus quarantine approve`. Exit code 1 when sending would change nothing.
    """
    from credit_bus_connectors.console.operators import Act  # noqa: PLC0415

    if (place is None) == (not which.words):
        raise click.UsageError("give one PARTITION@OFFSET, or choose many by --party, --code, …")
    account_name, reason = ("", "") if dry_run else _asked(by, why)
    now = datetime.now(UTC)
    with opened_quarantine(home, acts=not dry_run, **given) as operation:
        weighed = _weighed(operation.redriving, place, which, now)
        if not weighed.worth:
            click.echo("sending it once more would change nothing")
            sys.exit(USELESS_EXIT_CODE)
        if dry_run:
            return
        password = password_of(account_name, f"propose {len(weighed.worth)}", password_file)
        account = operation.operators.log_in(
            account_name, password, Act.PROPOSE, now=datetime.now(UTC)
        )
        number = operation.redriving.redrives.propose(
            weighed.worth, by=account.name, why=reason, asked=which.words, now=datetime.now(UTC)
        )
    if number is None:
        raise InstallationError("it waits for approval already: see `credit-bus quarantine list`")
    click.echo(
        f"redrive {number} waits for another person: `credit-bus quarantine approve {number}`"
    )


@click.command(short_help="Approve (or decline) what another person proposed.")
@click.argument("number", type=click.IntRange(1))
@click.option("--by", metavar="ACCOUNT", required=True, help="Your account of the hub.")
@click.option("--decline", is_flag=True, help="Decline it instead; nothing is sent.")
@password_option
@installed_broker_option
@acting_registry_option
@database_option
@home_option
def approve(
    number: int, by: str, decline: bool, password_file: Path | None, home: Path, **given: Any
) -> None:
    """Show what another person proposed, and approve it: it is said again in its sender's outbox.

    Same partition, key, headers and bytes; the gate answers its sender as ever. A reviewer who did
    not propose it approves. After a failure approve again: the rest is sent, and taken once.
    """
    from credit_bus_connectors.console.operators import Act  # noqa: PLC0415
    from credit_bus_connectors.monitor.redriving import UselessError  # noqa: PLC0415
    from credit_bus_deploy.quarantine_shown import print_proposal  # noqa: PLC0415

    act, word = (Act.DECLINE, "decline") if decline else (Act.APPROVE, "send")
    with opened_quarantine(home, acts=True, **given) as operation:
        redriving = operation.redriving
        found = redriving.open_redrive(number)
        looks = redriving.waiting(found, datetime.now(UTC))
        print_proposal(found, looks, redriving)
        password = password_of(by, f"{word} redrive {number}", password_file)
        now = datetime.now(UTC)
        account = operation.operators.log_in(
            by, password, act, now=now, proposed_by=found.proposed_by
        )
        if decline:
            redriving.decline(number, by=account.name, now=now)
            click.echo(f"redrive {number} is declined")
            return
        try:
            ended = redriving.approve(number, by=account.name, now=now)
        except UselessError as error:
            click.echo(str(error), err=True)
            sys.exit(USELESS_EXIT_CODE)
    left = f"; {ended.left} were left where they lie" if ended.left else ""
    click.echo(f"redrive {number}: {ended.sent} said again{left}")


@click.command(short_help="Show who proposed and who decided, and how it ended.")
@json_option
@database_option
@home_option
def redrives(as_json: bool, database: str | None, home: Path) -> None:
    """Show the redrives, newest first: who proposed, why, who decided, when, and how it ended."""
    from credit_bus_deploy.quarantine_shown import print_redrives  # noqa: PLC0415

    with opened_quarantine(home, database) as operation:
        found, more = operation.redriving.redrives.newest()
    if as_json:
        rows = [{**asdict(each), "first": str(each.first)} for each in found]
        print_json({"redrives": rows, "more": more})
    else:
        print_redrives(found, more=more)


def _weighed(
    redriving: "Redriving", place: "Place | None", which: "Filter", now: datetime
) -> "Weighed":
    """Judge one message or many, print it, and return what is worth sending."""
    from credit_bus_deploy.quarantine_shown import (  # noqa: PLC0415
        print_judgement,
        print_selection,
    )

    if place is not None:
        look = looked_at(redriving, place)
        print_judgement(look)
        return redriving.weigh([look])
    selection = redriving.store.selected(which)
    weighed = redriving.weigh(redriving.looked(selection.places, now))
    print_selection(selection, weighed.tally)
    return weighed


def _asked(by: str | None, why: str | None) -> tuple[str, str]:
    """Return who proposes, and why. Raises UsageError when one of them is missing."""
    from credit_bus_connectors.monitor.redrive_store import WHY_CHARACTERS_MAX  # noqa: PLC0415

    if not by:
        raise click.UsageError("--by must name your account of the hub")
    return by, reason_of(why, WHY_CHARACTERS_MAX)


COMMANDS: tuple[click.Command, ...] = (redrive, approve, redrives)
