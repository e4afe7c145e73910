"""The commands about the quarantine: list, show, redrive, approve."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from credit_bus_deploy.cli_bus import registry_option
from credit_bus_deploy.cli_database import database_of, database_option
from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.cli_options import installed_broker_option
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.home import home_at
from credit_bus_deploy.run_record import running

if TYPE_CHECKING:
    from credit_bus.operations.quarantine.kept import Kept
    from credit_bus_connectors.monitor.redriving import Redriving

USELESS_EXIT_CODE = 1
ACCOUNT_CHARACTERS_MAX = 64
_PLACE = re.compile(r"(\d{1,6})@(\d{1,18})")
_ACCOUNT = re.compile(rf"\S.{{0,{ACCOUNT_CHARACTERS_MAX - 1}}}")

by_option = click.option("--by", metavar="NAME", required=True, help="Account name of who asks.")
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a message lies in quarantine."""

    partition: int
    offset: int


class _PlaceType(click.ParamType):
    """PARTITION@OFFSET, as `quarantine list` prints it."""

    name = "place"

    def convert(self, value: Any, param: Any, ctx: Any) -> Place:  # noqa: ARG002 - the port
        """Return the place, or fail with the form it must have."""
        match = _PLACE.fullmatch(value)
        if match is None:
            self.fail("write PARTITION@OFFSET, as `credit-bus quarantine list` prints it", param)
        return Place(partition=int(match[1]), offset=int(match[2]))


place_argument = click.argument("place", metavar="PARTITION@OFFSET", type=_PlaceType())


@click.group(short_help="Look at what was refused, and send it once more.")
def quarantine() -> None:
    """Look at what was refused, judge it by the rules of today, and send it once more.

    Two persons stand behind each message that is sent: one proposes it (redrive), another approves
    it. The gate judges it like any other; what it took before it takes no second time.
    """


@quarantine.command("list", short_help="List what lies in quarantine, newest first.")
@click.option("--party", metavar="PARTY", help="Said by this party.")
@click.option("--type", "type_", metavar="TYPE", help="Of this event type.")
@click.option("--code", metavar="CODE", help="Refused for this reason.")
@click.option("--from", "first", type=_DAY, metavar="YYYY-MM-DD", help="First day, included.")
@click.option("--to", "last", type=_DAY, metavar="YYYY-MM-DD", help="Last day, included.")
@json_option
@database_option
@home_option
def list_command(
    party: str | None,
    type_: str | None,
    code: str | None,
    first: datetime | None,
    last: datetime | None,
    as_json: bool,
    database: str | None,
    home: Path,
) -> None:
    """List what lies in quarantine, newest first, by the monitor's index."""
    from credit_bus_connectors.monitor.quarantine_store import Filter  # noqa: PLC0415
    from credit_bus_deploy.quarantine_shown import print_list  # noqa: PLC0415

    which = Filter(
        party=party,
        type=type_,
        code=code,
        first=None if first is None else first.date(),
        last=None if last is None else last.date(),
    )
    with _redriving(home, database) as desk:
        found = desk.store.listed(which)
    if as_json:
        told = [asdict(each) for each in found]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=datetime.isoformat))
    else:
        print_list(found)


@quarantine.command(short_help="Show one message whole.")
@place_argument
@json_option
@installed_broker_option
@registry_option
@database_option
@home_option
def show(place: Place, as_json: bool, home: Path, **given: Any) -> None:
    """Show one message whole: reasons, coordinates, headers, and its body if that decodes.

    Numbers of persons in its texts are stars. What it would be answered today is shown as well.
    """
    from credit_bus.operations.quarantine.kept import plain  # noqa: PLC0415
    from credit_bus_deploy.quarantine_shown import print_kept, told_of  # noqa: PLC0415

    with _redriving(home, **given) as desk:
        kept = _kept(desk, place)
        judged = desk.judge(kept, datetime.now(UTC))
    told = plain(kept, desk.bench.codec)
    if as_json:
        today = told_of(judged)
        click.echo(json.dumps({**told, "today": today}, ensure_ascii=False, indent=1))
    else:
        print_kept(told, judged)


@quarantine.command(short_help="Propose to send a message once more.")
@place_argument
@by_option
@click.option("--why", metavar="TEXT", required=True, help="Why; it is kept.")
@click.option("--dry-run", is_flag=True, help="Only say what it would be answered today.")
@installed_broker_option
@registry_option
@database_option
@home_option
def redrive(place: Place, by: str, why: str, dry_run: bool, home: Path, **given: Any) -> None:
    """Judge a message by today's schemas and rules, and propose to send it once more.

    Printed is which reasons went, which stay, and whether it would be accepted now. Another person
    approves with `credit-bus quarantine approve`. Exit code 1 when sending it would change nothing.
    """
    from credit_bus_deploy.quarantine_shown import print_judgement  # noqa: PLC0415

    account = _account(by)
    if not why.strip():
        raise click.UsageError("--why must say something")
    now = datetime.now(UTC)
    with _redriving(home, **given) as desk:
        kept = _kept(desk, place)
        judged = desk.judge(kept, now)
        print_judgement(judged)
        if not judged.is_worth_sending:
            click.echo("sending it once more would change nothing")
            sys.exit(USELESS_EXIT_CODE)
        if dry_run:
            return
        number = desk.propose(kept, by=account, why=why.strip(), now=now)
    if number is None:
        raise InstallationError(
            f"{kept.place} waits for approval already: see `credit-bus quarantine list`"
        )
    click.echo(
        f"redrive {number} waits for another person: `credit-bus quarantine approve {number}`"
    )


@quarantine.command(short_help="Approve (or decline) what another person proposed.")
@click.argument("number", type=click.IntRange(1))
@by_option
@click.option("--decline", is_flag=True, help="Decline it instead; nothing is sent.")
@installed_broker_option
@registry_option
@database_option
@home_option
def approve(number: int, by: str, decline: bool, home: Path, **given: Any) -> None:
    """Approve what another person proposed: the original is said again in its sender's outbox.

    Same partition, key, headers and bytes; the gate answers its sender as ever. Whoever proposed it
    cannot approve it. After a failure approve again: it is taken once.
    """
    from credit_bus_connectors.monitor.redriving import UselessError  # noqa: PLC0415

    account, now = _account(by), datetime.now(UTC)
    with _redriving(home, **given) as desk:
        if decline:
            desk.decline(number, by=account, now=now)
            click.echo(f"redrive {number} is declined")
            return
        try:
            message = desk.approve(number, by=account, now=now)
        except UselessError as error:
            click.echo(str(error), err=True)
            sys.exit(USELESS_EXIT_CODE)
    click.echo(f"redrive {number} was said again in {message.topic}/{message.partition}")


@contextmanager
def _redriving(
    home: Path,
    database: str | None = None,
    broker: str | None = None,
    registry: Path | None = None,
) -> Iterator["Redriving"]:
    """Yield what looks and sends. Raises InstallationError when somebody is away."""
    from credit_bus_deploy.redriving import open_redriving  # noqa: PLC0415

    record = running(home_at(home))
    addresses = {} if record is None else record.addresses
    known = addresses.get("registry")
    folder = registry or (Path(known) if known else None)
    with open_redriving(
        database_of(home, database), broker or addresses.get("broker"), folder
    ) as opened:
        yield opened


def _kept(desk: "Redriving", place: Place) -> "Kept":
    kept = desk.kept(place.partition, place.offset)
    if kept is None:
        raise InstallationError(
            f"nothing lies at {place.partition}@{place.offset}: see `credit-bus quarantine list`"
        )
    return kept


def _account(by: str) -> str:
    account = by.strip()
    if not _ACCOUNT.fullmatch(account):
        raise click.UsageError(
            f"--by is an account name of 1 to {ACCOUNT_CHARACTERS_MAX} characters"
        )
    return account


COMMANDS: tuple[click.Command, ...] = (quarantine,)
