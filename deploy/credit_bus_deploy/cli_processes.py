"""The commands that run one process each: worker, connector, folders, table, web and the like.

Each only gathers its settings; what runs is imported when it runs.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from credit_bus_deploy.cli_options import (
    listening_options,
    registry_or_example,
    with_options,
    with_vitals,
)
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.home import read_secret
from credit_bus_deploy.table import CASEWORK, STAGES

if TYPE_CHECKING:
    from credit_bus.casework.port import Casework
    from credit_bus.domain.registry import Registry
    from credit_bus.metrics.vitals import Vitals


@click.command(short_help="Run one stage: gate, router or casework.")
@click.argument("stage", type=click.Choice(STAGES))
@click.option(
    "--session-timeout",
    "session_timeout_seconds",
    type=click.FloatRange(6.0, 300.0),  # what a broker allows by default
    default=10.0,
    show_default=True,
    help="Seconds without a heartbeat after which another worker takes over.",
)
@with_options("database", required=False, help="Where casework keeps its rows; read by it alone.")
@with_options("broker", "registry", "state", "log")
@with_vitals
def worker(
    stage: str,
    database: str | None,
    registry_folder: Path | None,
    state_folder: Path,
    vitals: "Vitals",
    **given: Any,
) -> None:
    """Run one stage of the bus: the gate, the router, or casework."""
    from credit_bus.runtime.settings import WorkerSettings  # noqa: PLC0415

    if stage == CASEWORK and not database:
        raise click.UsageError("casework keeps its rows in PostgreSQL: give --database URL")
    own_folder = state_folder / f"worker-{stage}"
    own_folder.mkdir(parents=True, exist_ok=True)
    settings = WorkerSettings(
        stage=stage,
        registry_folder=registry_or_example(registry_folder),
        state_folder=own_folder,
        **given,
    )
    if stage == CASEWORK:
        from credit_bus.runtime.casework.process import run as run_casework  # noqa: PLC0415

        run_casework(settings, database=database or "", casework_of=_casework, vitals=vitals)
    else:
        from credit_bus.runtime.worker import run  # noqa: PLC0415

        run(settings, vitals=vitals)


def _casework(registry: "Registry") -> "Casework":
    """Return the core of casework."""
    from credit_bus.casework.step import DistrictCasework  # noqa: PLC0415

    return DistrictCasework(registry)


@click.command(short_help="Publish what casework says, once and in order.")
@with_options("broker", "database", "log")
@with_vitals
def relay(vitals: "Vitals", **given: Any) -> None:
    """Publish what casework wrote into its outbox, as the hub; one process for all lanes."""
    from credit_bus.runtime.casework.relay import RelaySettings  # noqa: PLC0415
    from credit_bus.runtime.casework.relay_process import run  # noqa: PLC0415
    from credit_bus_deploy.vitals import expect_broker  # noqa: PLC0415

    expect_broker(vitals, given["broker"])
    run(RelaySettings(**given), vitals)


@click.command()
@click.argument("party")
@click.option(
    "--municipal-endpoint",
    "endpoint",
    metavar="URL",
    envvar="CREDIT_BUS_MUNICIPAL_ENDPOINT",
    show_envvar=True,
    help="Where the municipal platform answers; read by that connector alone.",
)
@with_options("broker", "database", "registry", "secret", "log")
@with_vitals
def connector(registry_folder: Path | None, secret_file: Path, **given: Any) -> None:
    """Carry what the bus has for a platform to that platform."""
    from credit_bus_connectors.run import run_connector  # noqa: PLC0415

    run_connector(
        registry_folder=registry_or_example(registry_folder),
        secret=read_secret(secret_file),
        **given,
    )


@click.command("municipal-standin")
@click.option("--port", type=click.IntRange(1, 65535), required=True)
@click.option("--database", metavar="URL", envvar="CREDIT_BUS_DATABASE", show_envvar=True)
def municipal_standin(port: int, database: str | None) -> None:
    """Stand in for the municipal platform on this machine."""
    from credit_bus_connectors.platforms.municipal_standin import serve  # noqa: PLC0415

    serve(host="127.0.0.1", port=port, database=database)


@click.command(short_help="Publish one department's files, and answer every row.")
@click.argument("party")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_options("broker", "database", "registry", "secret", "once", "log")
@with_vitals
def folder(registry_folder: Path | None, secret_file: Path, log_level: str, **given: Any) -> None:
    """Publish the files one department puts into a folder, and answer every row beside them."""
    from credit_bus.logs import configure_logs  # noqa: PLC0415
    from credit_bus_connectors.departments.files.folder import run_folder  # noqa: PLC0415
    from credit_bus_deploy.vitals import expect_broker  # noqa: PLC0415

    configure_logs(log_level)
    expect_broker(given["vitals"], given["broker"])
    run_folder(
        registry_folder=registry_or_example(registry_folder),
        secret=read_secret(secret_file),
        **given,
    )


@click.command(short_help="Publish the files of all departments, a folder each.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_options("broker", "database", "registry", "secret", "once", "log")
@with_vitals
def folders(registry_folder: Path | None, secret_file: Path, log_level: str, **given: Any) -> None:
    """Publish the files of all departments: one sub-folder each, named by its code."""
    from credit_bus.logs import configure_logs  # noqa: PLC0415
    from credit_bus_connectors.departments.files.folder import run_folders  # noqa: PLC0415
    from credit_bus_deploy.vitals import expect_broker  # noqa: PLC0415

    configure_logs(log_level)
    expect_broker(given["vitals"], given["broker"])
    run_folders(
        registry_folder=registry_or_example(registry_folder),
        secret=read_secret(secret_file),
        **given,
    )


@click.command(short_help="Answer over HTTP: schemas, documentation, health.")
@listening_options("web", 8620, beyond="; this machine alone without it.")
@with_options("broker", "database", "secret", required=False)
@with_options("registry", "log")
@with_vitals
def web(
    host: str,
    port: int,
    registry_folder: Path | None,
    log_level: str,
    vitals: "Vitals",
    **given: Any,
) -> None:
    """Answer over HTTP until asked to stop.

    Takes in what departments say (POST /events) when broker, database and secret are given,
    answers enquiries (POST /enquiries) when the two last are, and shows the reports (/reports/)
    when a database is.
    """
    from credit_bus.logs import configure_logs, logger  # noqa: PLC0415
    from credit_bus_connectors.web.serve import serve  # noqa: PLC0415
    from credit_bus_deploy.vitals import expect_broker, expect_pages  # noqa: PLC0415
    from credit_bus_deploy.web import (  # noqa: PLC0415
        enquiry_settings,
        intake_settings,
        running_intake,
        running_office,
        web_application,
    )

    configure_logs(log_level)
    log = logger(process="web")
    registry = registry_or_example(registry_folder)
    asked = enquiry_settings(
        database=given["database"],
        secret_file=given["secret_file"],
        registry_folder=registry,
    )
    with (
        running_intake(intake_settings(**given)) as intake,
        running_office(asked, vitals) as office,
    ):
        application = web_application(
            registry_folder=registry,
            intake=intake,
            office=office,
            database=given["database"],
            log=log,
            vitals=vitals,
        )
        if given["broker"]:
            expect_broker(vitals, given["broker"])
        expect_pages(vitals, host=host, port=port)
        serve(application, host=host, port=port, log=log)


def _print_ddl(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    from credit_bus_connectors.departments.table.run import table_ddl  # noqa: PLC0415

    if asked and not context.resilient_parsing:
        click.echo(table_ddl(), nl=False)
        context.exit()


@click.command(short_help="Publish a department's outbox table, answer each row.")
@click.argument("party")
@click.option(
    "--source-database",
    metavar="URL",
    required=True,
    envvar="CREDIT_BUS_SOURCE_DATABASE",
    show_envvar=True,
    help="The department's PostgreSQL, as a role with credit_bus_adapter.",
)
@click.option(
    "--ddl",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_ddl,
    help="Print the SQL that makes the tables and roles in the department's database, and end.",
)
@with_options("broker", "database", "registry", "secret", "once", "log")
@with_vitals
def table(registry_folder: Path | None, secret_file: Path, log_level: str, **given: Any) -> None:
    """Publish the rows of the outbox table in a department's own PostgreSQL, and answer each."""
    from credit_bus.logs import configure_logs  # noqa: PLC0415
    from credit_bus_connectors.departments.failures import FencedError  # noqa: PLC0415
    from credit_bus_connectors.departments.table.run import run_table  # noqa: PLC0415
    from credit_bus_connectors.departments.table.store import WrongTableError  # noqa: PLC0415

    configure_logs(log_level)
    try:
        run_table(
            registry_folder=registry_or_example(registry_folder),
            secret=read_secret(secret_file),
            **given,
        )
    except (WrongTableError, FencedError) as error:
        raise InstallationError(str(error)) from error


COMMANDS: tuple[click.Command, ...] = (
    worker,
    relay,
    connector,
    municipal_standin,
    folder,
    folders,
    web,
    table,
)
