"""The commands about single events: trace, alarms."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from credit_bus.operations.freshness import is_current
from credit_bus_deploy.cli_database import database_of, database_option
from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.cli_operator import (
    acting_registry_option,
    password_of,
    password_option,
    reason_of,
)
from credit_bus_deploy.failures import InstallationError

if TYPE_CHECKING:
    from credit_bus_connectors.monitor.trace_store import Followed, TraceStore

UNKNOWN_EXIT_CODE = 1
AMISS_EXIT_CODE = 1
NOT_KNOWN_EXIT_CODE = 3  # 2 is that of a command that could not look
HOURS_SHOWN_MAX = 24 * 31


@click.command(short_help="Print the whole way of an event.")
@click.argument("event_id", metavar="ID")
@json_option
@database_option
@home_option
def trace(event_id: str, as_json: bool, database: str | None, home: Path) -> None:
    """Print the whole way of an event: when it was where, and how long each hop took.

    ID is the event's id (ce_id). Shown are its receipt with the version of the rules, who was
    given it, what each platform answered, and what it caused: orders, answers, decisions. Exit code
    1 when the monitor has not seen such an event, with how far the monitor has read.
    """
    from credit_bus.operations.trace.way import plain  # noqa: PLC0415
    from credit_bus_deploy.trace_shown import print_way  # noqa: PLC0415

    with trace_store(home, database) as store:
        found = store.way(event_id.strip())
        followed = None if found else store.followed()
    if found is None:
        click.echo(f"{event_id} is not known: {_how_far(followed)}", err=True)
        sys.exit(UNKNOWN_EXIT_CODE)
    if as_json:
        click.echo(json.dumps(plain(found), ensure_ascii=False, indent=1))
    else:
        print_way(found)


@click.group(invoke_without_command=True, short_help="Print what does not add up.")
@click.option("--all", "with_cleared", is_flag=True, help="Print cleared alarms, too.")
@click.option(
    "--hours",
    type=click.IntRange(0, HOURS_SHOWN_MAX),
    default=0,
    metavar="N",
    help="Print the counts of the last N hours, too.",
)
@json_option
@database_option
@home_option
@click.pass_context
def alarms(
    context: click.Context,
    with_cleared: bool,
    hours: int,
    as_json: bool,
    database: str | None,
    home: Path,
) -> None:
    """Print what the monitor found that does not add up.

    Exit code 1 while any alarm is open; 3 when none is, and the monitor has not read everything
    within the last minute, so that nobody knows.

    Said = accepted + repeated + rejected; what is accepted stands once with everybody whom the
    routing names. An alarm clears by itself when what is missing comes late; one that nothing can
    make right (doubled, disordered, unread) is closed with `credit-bus alarms close`.
    """
    if context.invoked_subcommand is not None:
        return
    now = datetime.now(UTC)
    with trace_store(home, database) as store:
        found, number = store.alarms(), store.open_alarms()
        cleared = store.alarms(cleared=True) if with_cleared else []
        counts = store.counts(now - timedelta(hours=hours)) if hours else []
        followed = store.followed()
    is_known = is_current(None if followed is None else followed.read_to, now=now)
    if as_json:
        told = {
            "read_to": None if followed is None else followed.read_to,
            "is_current": is_known,
            "open": number,
            "alarms": [asdict(each) for each in (*found, *cleared)],
            "counts": [asdict(each) for each in counts],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=datetime.isoformat))
    else:
        from credit_bus_deploy import alarms_shown as shown  # noqa: PLC0415

        for line in (
            *shown.standing_lines(number, len(found), is_known=is_known),
            *shown.alarm_lines([*found, *cleared]),
            *shown.count_lines(counts),
            _how_far(followed),
        ):
            click.echo(line)
    if number:
        sys.exit(AMISS_EXIT_CODE)
    if not is_known:
        sys.exit(NOT_KNOWN_EXIT_CODE)


@alarms.command(short_help="Close an alarm by hand.")
@click.argument("number", type=click.IntRange(1))
@click.option("--by", metavar="ACCOUNT", required=True, help="Your account of the hub.")
@click.option("--why", metavar="TEXT", required=True, help="Why: it is kept with the alarm.")
@password_option
@acting_registry_option
@database_option
@home_option
def close(
    number: int,
    by: str,
    why: str,
    password_file: Path | None,
    folder: Path | None,
    database: str | None,
    home: Path,
) -> None:
    """Close an alarm by its number, as a clerk or reviewer of the hub. Who and why are kept."""
    from credit_bus_connectors.console.operators import Act  # noqa: PLC0415
    from credit_bus_connectors.monitor.trace_store import (  # noqa: PLC0415
        WHY_CHARACTERS_MAX,
        TraceStore,
    )
    from credit_bus_deploy.operators import operators_of  # noqa: PLC0415
    from credit_bus_deploy.registries import registry_to_act_by  # noqa: PLC0415

    reason = reason_of(why, WHY_CHARACTERS_MAX)
    with operators_of(database_of(home, database), registry_to_act_by(home, folder)) as operators:
        password = password_of(by, f"close alarm {number}", password_file)
        now = datetime.now(UTC)
        account = operators.log_in(by, password, Act.CLOSE, now=now)
        store = TraceStore(operators.connections)
        is_closed = store.close_alarm(number, by=account.name, why=reason, now=now)
    if not is_closed:
        raise InstallationError(f"there is no open alarm {number}: see `credit-bus alarms`")
    click.echo(f"alarm {number} is closed")


@contextmanager
def trace_store(home: Path, database: str | None) -> Iterator["TraceStore"]:
    """Yield what the monitor keeps. Raises InstallationError when it is away."""
    from credit_bus_connectors.monitor.trace_store import TraceStore  # noqa: PLC0415
    from credit_bus_deploy.kept import kept_by_monitor  # noqa: PLC0415

    with kept_by_monitor(database_of(home, database)) as connections:
        yield TraceStore(connections)


def _how_far(followed: "Followed | None") -> str:
    if followed is None or followed.read_to is None:
        return "the monitor has not read everything once yet; it runs by `credit-bus monitor`"
    return (
        f"the monitor has read all that the topics held at {followed.read_to.isoformat()}"
        f" (events are judged from {followed.judged_from.isoformat()} on)"
    )


COMMANDS: tuple[click.Command, ...] = (trace, alarms)
