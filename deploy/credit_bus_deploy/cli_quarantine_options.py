"""What the commands about the quarantine share: places, choices, and how it is opened."""

import functools
import json
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

_DAY = click.DateTime(formats=["%Y-%m-%d"])


class PlaceType(click.ParamType):
    """PARTITION@OFFSET, as `quarantine list` prints it."""

    name = "place"

    def convert(self, value: Any, param: Any, ctx: Any) -> "Place":  # noqa: ARG002 - the port
        """Return the place, or fail with the form it must have."""
        from credit_bus_connectors.monitor.quarantine_topic import Place  # noqa: PLC0415

        place = Place.named(value)
        if place is None:
            self.fail("write PARTITION@OFFSET, as `credit-bus quarantine list` prints it", param)
        return place


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
    folder: Path | None = None,
    *,
    acts: bool = False,
) -> Iterator["Operation"]:
    """Yield what looks and sends; with `acts`, only by a registry that is no example.

    Raises InstallationError when somebody is away.
    """
    from credit_bus_deploy.redriving import open_redriving  # noqa: PLC0415
    from credit_bus_deploy.registries import registry_in, registry_to_act_by  # noqa: PLC0415

    record = running(home_at(home))
    known = None if record is None else record.addresses.get("broker")
    registry = (registry_to_act_by if acts else registry_in)(home, folder)
    with open_redriving(database_of(home, database), broker or known, registry) as opened:
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
