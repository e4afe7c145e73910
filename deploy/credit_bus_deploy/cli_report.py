"""The command that reports to the leading group's office: report.

What it is not given about database, broker and registry, it takes from the installation that runs
in the home.
"""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from credit_bus_deploy.cli_database import database_of, database_option
from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.cli_options import INSTALLED_WITHOUT, broker_in, registry_option_of
from credit_bus_deploy.failures import FULL, InstallationError

if TYPE_CHECKING:
    from credit_bus.domain.registry import Registry
    from credit_bus.reports.period import Period

DIFFERENT_EXIT_CODE = 1
DIFFERENCES_SHOWN_MAX = 50
_SENTENCES: Mapping[str, str] = {
    "missing": "give both --from and --to, or neither for the last full quarter",
    "malformed": "write the day as YYYY-MM-DD, for example 2026-03-31",
    "out-of-order": "it comes before --from: give a later day",
    "too-long": "a report covers at most five years: give an earlier day",
}


@click.command(short_help="Report what departments did in a period.")
@click.option("--from", "first", metavar="YYYY-MM-DD", default="", help="First day, included.")
@click.option("--to", "last", metavar="YYYY-MM-DD", default="", help="Last day, included.")
@json_option
@click.option(
    "--xlsx",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report as a workbook, too.",
)
@click.option(
    "--recount",
    "is_recount",
    is_flag=True,
    help="Instead, count the log of record anew and print what differs; all days without --from.",
)
@database_option
@click.option(
    "--broker",
    metavar="HOST:PORT",
    envvar="CREDIT_BUS_BROKER",
    show_envvar=True,
    help="For --recount; without it, that of the installation in the home.",
)
@registry_option_of(INSTALLED_WITHOUT)
@home_option
def report(
    first: str,
    last: str,
    as_json: bool,
    xlsx: Path | None,
    is_recount: bool,
    database: str | None,
    broker: str | None,
    registry: Path | None,
    home: Path,
) -> None:
    """Report to the leading group's office what each department did in a period (in Chinese).

    The last full quarter, unless --from and --to say otherwise. With --recount the figures are
    compared with the log of record, when nothing is under way: exit code 1 when any differs.
    """
    if is_recount and (as_json or xlsx):
        raise click.UsageError("--recount prints what differs: leave --json and --xlsx out")
    from credit_bus_deploy.registries import registry_in  # noqa: PLC0415

    now = datetime.now(UTC)
    period = _period(first, last, now, everything=is_recount)
    found = registry_in(home, registry)
    url = database_of(home, database)
    if is_recount:
        sys.exit(_recount(url, broker_in(home, broker), found, period))
    from credit_bus.reports.as_json import to_json  # noqa: PLC0415
    from credit_bus.reports.workbook import xlsx_of  # noqa: PLC0415
    from credit_bus_deploy.report_table import show  # noqa: PLC0415
    from credit_bus_deploy.reports import report_from  # noqa: PLC0415

    made = report_from(url, found, period=period, now=now)
    if xlsx is not None:
        _write(xlsx, xlsx_of(made))
    if as_json:
        click.echo(json.dumps(to_json(made), ensure_ascii=False, indent=1))
    else:
        show(made)


def _period(first: str, last: str, now: datetime, *, everything: bool) -> "Period":
    """Return the period. Raises InstallationError that names the option."""
    from credit_bus.domain.calendar import local_day  # noqa: PLC0415
    from credit_bus.reports.period import asked_for  # noqa: PLC0415
    from credit_bus_deploy.reports import ALL_DAYS  # noqa: PLC0415

    if everything and not first and not last:
        return ALL_DAYS
    asked = asked_for(first, last, today=local_day(now))
    if asked.period is None:
        said = [f"--{field}: {_SENTENCES[each]}" for field, each in asked.mistakes.items()]
        raise InstallationError("; ".join(said))
    return asked.period


def _recount(database: str, broker: str, registry: "Registry", period: "Period") -> int:
    """Print what differs, and return the exit code."""
    from credit_bus_deploy.reports import counts_in, differences, recount_of  # noqa: PLC0415

    recounted = recount_of(broker, registry)
    found = differences(counts_in(database, period), recounted, period)
    for sentence in found[:DIFFERENCES_SHOWN_MAX]:
        click.echo(sentence)
    if found:
        more = len(found) - DIFFERENCES_SHOWN_MAX
        shown = f", the first {DIFFERENCES_SHOWN_MAX} are shown" if more > 0 else ""
        click.echo(f"{len(found)} figures differ{shown}")
        return DIFFERENT_EXIT_CODE
    told = sum(n for (day, _, _), n in recounted.items() if period.holds(day))
    click.echo(f"every figure is that of the log of record ({told} things counted)")
    return 0


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        if error.errno in FULL:
            raise
        raise InstallationError(
            f"{path} cannot be written ({error.strerror}): give another --xlsx"
        ) from error


COMMANDS: tuple[click.Command, ...] = (report,)
