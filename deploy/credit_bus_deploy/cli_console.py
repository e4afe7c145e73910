"""The command of the operators' console."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from credit_bus_deploy.cli_options import (
    listening_options,
    registry_or_example,
    sessions_option,
    with_options,
    with_vitals,
)

if TYPE_CHECKING:
    from credit_bus.metrics.vitals import Vitals


@click.command(short_help="Run the console: what is late, for whom, for operators.")
@listening_options("console", 8650, beyond=". Browsers of other machines need HTTPS before it.")
@sessions_option
@with_options("broker", "database", "registry", "log")
@with_vitals
def console(
    host: str,
    port: int,
    registry_folder: Path | None,
    log_level: str,
    vitals: "Vitals",
    **given: Any,
) -> None:
    """Run the operators' console until asked to stop.

    Who may use it has an account of the hub: `credit-bus desk-users add NAME --party hub`.
    """
    from credit_bus.logs import configure_logs, logger  # noqa: PLC0415
    from credit_bus_connectors.web.serve import serve  # noqa: PLC0415
    from credit_bus_deploy.console import console_settings, running_console  # noqa: PLC0415
    from credit_bus_deploy.vitals import expect_pages  # noqa: PLC0415

    configure_logs(log_level)
    log = logger(process="console")
    folder = registry_or_example(registry_folder)
    settings = console_settings(**given)
    with running_console(settings, registry_folder=folder, log=log, vitals=vitals) as application:
        expect_pages(vitals, host=host, port=port)
        serve(application, host=host, port=port, log=log)


COMMANDS: tuple[click.Command, ...] = (console,)
