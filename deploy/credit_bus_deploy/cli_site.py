"""The command of the public site's process."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from credit_bus_deploy.cli_options import (
    listening_options,
    registry_or_example,
    with_options,
    with_vitals,
)

if TYPE_CHECKING:
    from credit_bus.metrics.vitals import Vitals


@click.command(short_help="Run the public site: pages, feed, petitions.")
@listening_options("site", 8630, beyond="; this machine alone without it.")
@click.option(
    "--https/--no-https",
    "is_secure",
    default=True,
    show_default=True,
    envvar="CREDIT_BUS_SITE_HTTPS",
    show_envvar=True,
    help="Whether browsers come over TLS; if so, forms are taken over TLS alone.",
)
@with_options("database", "registry", "log")
@with_vitals
def site(
    host: str,
    port: int,
    *,
    is_secure: bool,
    database: str,
    registry_folder: Path | None,
    log_level: str,
    vitals: "Vitals",
) -> None:
    """Show what is public and take petitions in, until asked to stop.

    Acts as the role credit_bus_site, which may read what is public and hand petitions in.
    """
    from credit_bus.logs import configure_logs, logger  # noqa: PLC0415
    from credit_bus_connectors.web.serve import serve  # noqa: PLC0415
    from credit_bus_deploy.site import site_application  # noqa: PLC0415
    from credit_bus_deploy.vitals import expect_pages  # noqa: PLC0415

    configure_logs(log_level)
    log = logger(process="site")
    with site_application(
        registry_folder=registry_or_example(registry_folder),
        database=database,
        is_secure=is_secure,
        log=log,
        vitals=vitals,
    ) as application:
        expect_pages(vitals, host=host, port=port)
        serve(application, host=host, port=port, log=log)


COMMANDS: tuple[click.Command, ...] = (site,)
