"""The commands about the bus's topics: topics plan, topics apply.

What a command is not given about a broker, it takes from the installation that runs in the home.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from credit_bus.domain.registry import Registry
from credit_bus_deploy.choices import PARTITIONS_DEFAULT, remembered_partitions
from credit_bus_deploy.cli_machine import home_option, json_option, with_home
from credit_bus_deploy.cli_options import (
    EXAMPLE_WITHOUT,
    INSTALLED_WITHOUT,
    installed_broker_option,
    registry_option_of,
)
from credit_bus_deploy.failures import EXIT_CODE, InstallationError
from credit_bus_deploy.home import home_at
from credit_bus_deploy.run_record import running

registry_option = registry_option_of(EXAMPLE_WITHOUT)


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
    from credit_bus_deploy.registries import registry_of  # noqa: PLC0415

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
        installed_broker_option,
        registry_option_of(INSTALLED_WITHOUT),
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


def _json(plan: Any) -> str:
    return json.dumps({"is_done": plan.is_done, **asdict(plan)}, ensure_ascii=False, indent=1)


COMMANDS: tuple[click.Command, ...] = (topics,)
