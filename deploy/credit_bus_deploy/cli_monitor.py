"""The commands of operators: monitor, and what looks at what it keeps."""

from pathlib import Path
from typing import Any

import click

from credit_bus_deploy.cli_options import registry_or_example, with_options


@click.command(short_help="Watch the bus: lag, ways of events, what does not add up.")
@click.option(
    "--canary-seconds",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default="none are sent",
    envvar="CREDIT_BUS_CANARY_SECONDS",
    show_envvar=True,
    help="Seconds between canaries of every party, which show that every route carries.",
)
@with_options("broker", "database", "registry", "log")
def monitor(registry_folder: Path | None, log_level: str, **given: Any) -> None:
    """Watch the bus until asked to stop; what is found lies in the schema `operations`."""
    from credit_bus.logs import configure_logs  # noqa: PLC0415
    from credit_bus_connectors.monitor.process import run_monitor  # noqa: PLC0415
    from credit_bus_deploy.monitor import MonitorSettings, watches_of  # noqa: PLC0415

    configure_logs(log_level)
    folder = registry_or_example(registry_folder)
    run_monitor(watches_of(MonitorSettings(registry_folder=folder, **given)))


COMMANDS: tuple[click.Command, ...] = (monitor,)
