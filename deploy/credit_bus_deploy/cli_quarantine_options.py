"""What the commands about the quarantine share: places, choices, and how it is opened."""

import functools
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from credit_bus_deploy.cli_database import database_of
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.home import home_at
from credit_bus_deploy.run_record import running

if TYPE_CHECKING:
    from credit_bus_connectors.monitor.quarantine_topic import Place
    from credit_bus_connectors.monitor.redriving import Look, Redriving
    from credit_bus_deploy.redriving import Operation

_PLACE = re.compile(r"(\d{1,6})@(\d{1,18})")
_DAY = click.DateTime(formats=["%Y-%m-%d"])


class PlaceType(click.ParamType):
    """PARTITION@OFFSET, as `quarantine list` prints it."""

    name = "place"

    def convert(self, value: Any, param: Any, ctx: Any) -> "Place":  # noqa: ARG002 - the port
        """Return the place, or fail with the form it must have."""
        from credit_bus_connectors.monitor.quarantine_topic import Place  # noqa: PLC0415

        match = _PLACE.fullmatch(value)
        if match is None:
            self.fail("write PARTITION@OFFSET, as `credit-bus quarantine list` prints it", param)
        return Place(partition=int(match[1]), offset=int(match[2]))


def filter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate with what chooses among messages; the command is given `which`, a Filter."""

    @functools.wraps(function)
    def filtered(
        *args: Any,
        party: str | None,
        type_: str | None,
        code: str | None,
        first: datetime | None,
        last: datetime | None,
        **given: Any,
    ) -> Any:
        from credit_bus_connectors.monitor.quarantine_store import Filter  # noqa: PLC0415

        which = Filter(
            party=party,
            type=type_,
            code=code,
            first=None if first is None else first.date(),
            last=None if last is None else last.date(),
        )
        return function(*args, which=which, **given)

    for option in reversed(
        (
            click.option("--party", metavar="PARTY", help="Said by this party."),
            click.option("--type", "type_", metavar="TYPE", help="Of this event type."),
            click.option("--code", metavar="CODE", help="Refused for this reason."),
            click.option("--from", "first", type=_DAY, metavar="YYYY-MM-DD", help="First day."),
            click.option("--to", "last", type=_DAY, metavar="YYYY-MM-DD", help="Last day."),
        )
    ):
        filtered = option(filtered)
    return filtered


@contextmanager
def opened_quarantine(
    home: Path,
    database: str | None = None,
    broker: str | None = None,
    registry: Path | None = None,
) -> Iterator["Operation"]:
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


def looked_at(redriving: "Redriving", place: "Place") -> "Look":
    """Return what lies there. Raises InstallationError when nothing does."""
    look = redriving.look(place, datetime.now(UTC))
    if look.kept is None:
        raise InstallationError(f"nothing lies at {place}: see `credit-bus quarantine list`")
    return look


def print_json(told: Any) -> None:
    """Print values as JSON."""
    click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=datetime.isoformat))
