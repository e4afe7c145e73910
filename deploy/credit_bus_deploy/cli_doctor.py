"""The command that looks whether an installation is well: doctor."""

import json
import sys
from pathlib import Path

import click

from credit_bus_deploy.choices import PARTITIONS_DEFAULT, remembered_partitions
from credit_bus_deploy.cli_bus import registry_option
from credit_bus_deploy.cli_database import database_option
from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.cli_options import installed_broker_option
from credit_bus_deploy.home import home_at
from credit_bus_deploy.run_record import running


@click.command(short_help="Look whether all is well, and say what to do.")
@installed_broker_option
@database_option
@registry_option
@click.option(
    "--partitions",
    type=click.IntRange(1),
    envvar="CREDIT_BUS_PARTITIONS",
    show_envvar=True,
    help=f"Of every topic; the installation's, or {PARTITIONS_DEFAULT} without it.",
)
@click.option(
    "--replication",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    envvar="CREDIT_BUS_REPLICATION",
    show_envvar=True,
    help="Replicas of every topic: 3 on a cluster.",
)
@json_option
@home_option
def doctor(
    home: Path,
    broker: str | None,
    database: str | None,
    registry: Path | None,
    partitions: int | None,
    replication: int,
    as_json: bool,
) -> None:
    """Look at brokers, topics, rights, clocks, schemas, disks, groups and the database.

    Changes nothing; to try its rights it writes one transaction and aborts it. Exit code 0 when all
    is well, 1 when something is found (each finding says what to do), 2 when something could not be
    looked at.
    """
    from credit_bus_deploy.doctor.checks import examine, exit_code  # noqa: PLC0415
    from credit_bus_deploy.doctor.look import Patient, look  # noqa: PLC0415
    from credit_bus_deploy.doctor.shown import as_value, show  # noqa: PLC0415

    record = running(home_at(home))
    known = {} if record is None else record.addresses
    if registry is None and "registry" in known:
        registry = Path(known["registry"])
    outcomes = examine(
        look(
            Patient(
                broker=broker or known.get("broker"),
                database=database or known.get("database"),
                registry_folder=registry,
                state_folder=home_at(home).state,
                partitions=partitions or remembered_partitions(home_at(home)) or PARTITIONS_DEFAULT,
                replication=replication,
            )
        )
    )
    if as_json:
        click.echo(json.dumps(as_value(outcomes), ensure_ascii=False, indent=1))
    else:
        show(outcomes)
    sys.exit(exit_code(outcomes))


COMMANDS: tuple[click.Command, ...] = (doctor,)
