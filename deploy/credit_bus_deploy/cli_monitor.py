"""The commands of operators: monitor, and what looks at what it keeps."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from credit_bus_deploy.cli_options import registry_or_example, with_options, with_vitals

if TYPE_CHECKING:
    from credit_bus.metrics.vitals import Vitals


@click.command(short_help="Watch the bus: lag, ways of events, what does not add up.")
@click.option(
    "--canary-seconds",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default="none are sent",
    envvar="CREDIT_BUS_CANARY_SECONDS",
    show_envvar=True,
    help="Seconds between two canaries of one party; they show that every route carries.",
)
@with_options("broker", "database", "registry", "log")
@with_vitals
def monitor(registry_folder: Path | None, log_level: str, vitals: "Vitals", **given: Any) -> None:
    """Watch the bus until asked to stop; what is found lies in the schema `operations`."""
    from credit_bus.logs import configure_logs  # noqa: PLC0415
    from credit_bus_connectors.monitor.process import run_monitor  # noqa: PLC0415
    from credit_bus_deploy.monitor import MonitorSettings, watches_of  # noqa: PLC0415
    from credit_bus_deploy.vitals import expect_broker  # noqa: PLC0415

    configure_logs(log_level)
    expect_broker(vitals, given["broker"])
    folder = registry_or_example(registry_folder)
    settings = MonitorSettings(registry_folder=folder, **given)
    run_monitor(watches_of(settings, vitals.meter), vitals)


COMMANDS: tuple[click.Command, ...] = (monitor,)
