"""The command of lag: what is late, for whom, and how soon it will hurt.

What it is not given about broker and database, it takes from the installation that runs in the
home.
"""

import json
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from credit_bus_deploy.cli_database import database_option
from credit_bus_deploy.cli_machine import home_option, json_option, stopped_by_signal
from credit_bus_deploy.cli_options import installed_broker_option, installed_registry_option
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.home import home_at
from credit_bus_deploy.run_record import running

if TYPE_CHECKING:
    from credit_bus.domain.registry import Registry
    from credit_bus_deploy.lag import View

WRONG_EXIT_CODE = 1
NOT_JUDGED_EXIT_CODE = 3  # 2 is of what was refused


@click.command(short_help="Show what is late, for whom, and how soon it will hurt.")
@click.option("--watch", is_flag=True, help="Show it anew every ten seconds, until Ctrl-C.")
@json_option
@click.option("--group", metavar="NAME", help="Only this reader, with each of its partitions.")
@click.option("--party", metavar="CODE", help="Only the topics of this party.")
@click.option("--all", "everything", is_flag=True, help="Show topics where nothing waits, too.")
@installed_broker_option
@installed_registry_option
@database_option
@home_option
def lag(
    watch: bool,
    as_json: bool,
    group: str | None,
    party: str | None,
    everything: bool,
    broker: str | None,
    folder: Path | None,
    database: str | None,
    home: Path,
) -> None:
    """Show what is late: events that wait, since when the oldest does, and what that leads to.

    The time lag is the age of the first event that waits, by the log's own clock. "drains in" is
    when nothing will wait if it goes on like this, "lost in" when retention may delete what was
    not read. Events are counted where few wait; where many do they are at most so many, since the
    marks of their transactions count too. "in/s" and "out/s" are offsets, marks included: of
    transactions of one event each they are twice the events.

    OK: nothing waits, or it is being read. WARN: it falls behind. UNKNOWN: a partition has no
    leader. STALL: somebody holds the partition and does not get on. STOP: nobody reads. REWIND: an
    offset was set back. ERR: events were deleted unread; of a group, in the JSON, anything above
    WARN. "(nobody)" stands for the reader that an inbox of the registry must have and has not.

    Exit code 0 when nothing is above WARN, 1 when something is, 3 when nothing is and something
    that waits could not be judged: that needs ten looks, which the monitor has taken.

    Shows what the monitor keeps; without a monitor it asks the broker twice and says so.
    """
    from credit_bus_deploy.lag import to_json  # noqa: PLC0415
    from credit_bus_deploy.registries import registry_in  # noqa: PLC0415

    broker, database = _where(home, broker, database)
    registry = registry_in(home, folder)
    view: View | None = None
    with (
        stopped_by_signal(),
        _shown(everything=everything, parted=group is not None) as show,
        closing(_views(broker, database, registry, watch=watch)) as views,
    ):
        for each in views:
            if view is None:
                _require_known(each, registry, group=group, party=party)
            view = each.only(group=group, party=party)
            if as_json:
                click.echo(json.dumps(to_json(view), indent=None if watch else 1))
            else:
                show(view)
    if view is not None and view.is_wrong:
        sys.exit(WRONG_EXIT_CODE)
    if view is not None and not view.is_judged:
        sys.exit(NOT_JUDGED_EXIT_CODE)


def _require_known(
    view: "View", registry: "Registry", *, group: str | None, party: str | None
) -> None:
    """Raise BadParameter for a name that neither the registry nor the view has."""
    from credit_bus_deploy.lag import near  # noqa: PLC0415
    from credit_bus_deploy.readers import topics_of_groups  # noqa: PLC0415

    parties = registry.parties.keys() | {row.party for row in view.rows if row.party}
    groups = topics_of_groups(registry).keys() | {row.group for row in view.rows}
    for option, what, name, known in (
        ("--party", "party", party, parties),
        ("--group", "group", group, groups),
    ):
        if name is not None and name not in known:
            raise click.BadParameter(
                f"no {what} is called {name}{near(name, known)}; `credit-bus lag --all` shows all",
                param_hint=option,
            )


def _where(home: Path, broker: str | None, database: str | None) -> tuple[str | None, str | None]:
    """Return what was given, completed by the installation that runs in the home.

    Of an installation with another broker nothing is taken.
    """
    record = running(home_at(home))
    known = {} if record is None else record.addresses
    if broker not in {None, known.get("broker")}:
        return broker, database
    return known.get("broker"), database or known.get("database")


def _views(
    broker: str | None, database: str | None, registry: "Registry", *, watch: bool
) -> Generator["View", None, None]:
    """Yield what the monitor kept, or else what the broker says; once, unless it is watched.

    Raises InstallationError when there is neither.
    """
    from credit_bus_connectors.monitor.lag_watch import SAMPLE_SECONDS  # noqa: PLC0415
    from credit_bus_deploy.lag import Looking, looking_at, of_monitor  # noqa: PLC0415

    with ExitStack() as stack:
        looking: Looking | None = None
        while True:
            found = of_monitor(database, datetime.now(UTC))
            if not isinstance(found, str):
                yield found
            elif looking is None:
                looking = stack.enter_context(
                    looking_at(_required(broker), registry, because=found)
                )
                yield looking.first()
            else:
                yield looking.next()
            if not watch:
                return
            time.sleep(SAMPLE_SECONDS)


def _required(broker: str | None) -> str:
    if broker is None:
        raise InstallationError(
            "no broker is given, and no installation with one runs in the home: give --broker"
            " HOST:PORT"
        )
    return broker


@contextmanager
def _shown(*, everything: bool, parted: bool) -> Iterator[Callable[["View"], None]]:
    """Yield what shows a view: on a terminal in the place of the one before."""
    from rich.console import Console  # noqa: PLC0415
    from rich.live import Live  # noqa: PLC0415

    from credit_bus_deploy.lag_table import COLUMNS_MIN, rendered  # noqa: PLC0415

    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, COLUMNS_MIN)
        yield lambda view: console.print(rendered(view, everything=everything, parted=parted))
        return
    with Live(console=console, auto_refresh=False) as live:
        yield lambda view: live.update(
            rendered(view, everything=everything, parted=parted), refresh=True
        )


COMMANDS: tuple[click.Command, ...] = (lag,)
