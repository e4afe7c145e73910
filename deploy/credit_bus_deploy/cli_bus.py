"""The commands about the bus's contracts: topics plan, topics apply, template.

What a command is not given about a broker, it takes from the installation that runs in the home.
"""

import csv
import io
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import click

from credit_bus.domain.registry import Registry
from credit_bus_deploy.choices import PARTITIONS_DEFAULT, remembered_partitions
from credit_bus_deploy.cli_machine import home_option, json_option, with_home
from credit_bus_deploy.failures import EXIT_CODE, FULL, InstallationError
from credit_bus_deploy.home import home_at
from credit_bus_deploy.run_record import running

registry_option = click.option(
    "--registry",
    metavar="DIR",
    envvar="CREDIT_BUS_REGISTRY",
    show_envvar=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Registry of the district; the example district without it.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cluster:
    """The broker whose topics are meant, and what they follow."""

    broker: str
    registry: Registry
    partitions: int


def _cluster(
    home: Path, broker: str | None, registry: Path | None, partitions: int | None
) -> _Cluster:
    """Return what was given, completed by the installation that runs in the home.

    Of an installation with another broker nothing is taken. Raises InstallationError when no
    broker is given and none is known.
    """
    from credit_bus_deploy.installation import registry_of  # noqa: PLC0415

    record = running(home_at(home))
    addresses = {} if record is None else record.addresses
    known = addresses.get("broker")
    found = broker or known
    if not found:
        raise InstallationError(
            f"no broker is given, and no installation with one runs in {home_at(home).root}: "
            f"give --broker HOST:PORT, or start one with {with_home('up', home)}"
        )
    if found == known:
        partitions = partitions or remembered_partitions(home_at(home))
        registry = registry or (Path(addresses["registry"]) if "registry" in addresses else None)
    return _Cluster(
        broker=found,
        registry=registry_of(registry)[0],
        partitions=partitions or PARTITIONS_DEFAULT,
    )


def _topic_options(function: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        home_option,
        click.option(
            "--broker",
            metavar="HOST:PORT",
            envvar="CREDIT_BUS_BROKER",
            show_envvar=True,
            help="The broker; without it, that of the installation that runs in the home.",
        ),
        click.option(
            "--registry",
            metavar="DIR",
            envvar="CREDIT_BUS_REGISTRY",
            show_envvar=True,
            type=click.Path(path_type=Path, exists=True, file_okay=False),
            help="Registry of the district; the installation's, or the example without it.",
        ),
        click.option(
            "--partitions",
            type=click.IntRange(1),
            envvar="CREDIT_BUS_PARTITIONS",
            show_envvar=True,
            help=f"Of every topic; the installation's, or {PARTITIONS_DEFAULT} without it.",
        ),
        click.option(
            "--replication",
            type=click.IntRange(1),
            default=1,
            show_default=True,
            envvar="CREDIT_BUS_REPLICATION",
            show_envvar=True,
            help="Replicas of every topic: 3 on a cluster.",
        ),
        json_option,
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.group(short_help="Make the broker's topics what the files say, or compare.")
def topics() -> None:
    """Compare the broker's topics with the files, and make them so."""


@topics.command("plan")
@_topic_options
def plan_command(as_json: bool, replication: int, **given: Any) -> None:
    """Show what differs; change nothing. Exit code 2 when a difference cannot be applied."""
    from credit_bus.contracts.topics import describe  # noqa: PLC0415
    from credit_bus_deploy import provision  # noqa: PLC0415

    cluster = _cluster(**given)
    found = provision.plan_topics(
        cluster.broker, cluster.registry, partitions=cluster.partitions, replication=replication
    )
    click.echo(_json(found) if as_json else describe(found))
    if found.refused:
        sys.exit(EXIT_CODE)


@topics.command("apply", short_help="Create and change topics; nothing is ever deleted.")
@_topic_options
def apply_command(as_json: bool, replication: int, **given: Any) -> None:
    """Create and change topics as the files say; nothing is ever deleted."""
    from credit_bus.contracts.topics import describe  # noqa: PLC0415
    from credit_bus_deploy import provision  # noqa: PLC0415

    cluster = _cluster(**given)
    done = provision.apply_topics(
        cluster.broker, cluster.registry, partitions=cluster.partitions, replication=replication
    )
    click.echo(_json(done) if as_json else describe(done))


@click.command(short_help="Write a template as CSV, with one made-up row.")
@click.argument("name", type=click.Choice(["licence", "penalty"]))
@click.option(
    "--party",
    default="market-regulation",
    show_default=True,
    help="Code of the department that the row is from.",
)
@registry_option
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write this file (UTF-8 with BOM, for spreadsheets); standard output without it.",
)
def template(name: str, party: str, registry: Path | None, output: Path | None) -> None:
    """Write a template of 2018 as CSV: its header, and one made-up row of valid form."""
    text = _template_text(name, party, registry)
    if output is None:
        click.echo(text.encode(), nl=False)  # in UTF-8 whatever the terminal's language
        return
    try:
        output.write_text(text, encoding="utf-8-sig", newline="")
    except OSError as error:
        if error.errno in FULL:
            raise
        raise InstallationError(
            f"{output} cannot be written ({error.strerror}): give another --output"
        ) from error


def _template_text(name: str, code: str, registry: Path | None) -> str:
    """Return header and row. Raises InstallationError for a party that cannot be the source."""
    from credit_bus.domain.calendar import local_day  # noqa: PLC0415
    from credit_bus_connectors.departments.templates import LICENCE, PENALTY  # noqa: PLC0415
    from credit_bus_deploy.demo.rows import Maker, cells  # noqa: PLC0415
    from credit_bus_deploy.installation import registry_of  # noqa: PLC0415

    found, folder = registry_of(registry)
    party = found.parties.get(code)
    if party is None:
        raise InstallationError(
            f"the registry {folder} has no party {code}: give the code of one it has with --party"
        )
    if party.uscc is None:
        raise InstallationError(
            f"the party {code} has no uscc in the registry {folder}, and a row must name its "
            "source by it: add it there, or give another --party"
        )
    wanted = {"licence": LICENCE, "penalty": PENALTY}[name]
    maker = Maker(party=party, today=local_day(datetime.now(UTC)), random=Random(1))  # noqa: S311 - no secret
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([column.header for column in wanted.columns])
    writer.writerow(cells(wanted, maker.good(wanted, 1)))
    return stream.getvalue()


def _json(plan: Any) -> str:
    return json.dumps({"is_done": plan.is_done, **asdict(plan)}, ensure_ascii=False, indent=1)


COMMANDS: tuple[click.Command, ...] = (topics, template)
