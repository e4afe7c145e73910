"""The commands about the bus's interface: asyncapi."""

from pathlib import Path

import click

from credit_bus_deploy.cli_bus import registry_option
from credit_bus_deploy.failures import FULL, InstallationError


@click.command(short_help="Write the interface as an AsyncAPI 3 document.")
@registry_option
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write this file; standard output without it.",
)
def asyncapi(registry: Path | None, output: Path | None) -> None:
    """Write topics, event types, fields, rights and rules as an AsyncAPI 3 document (JSON)."""
    from credit_bus_deploy.interface import document_of, text_of  # noqa: PLC0415

    text = text_of(document_of(registry))
    if output is None:
        click.echo(text.encode(), nl=False)  # in UTF-8 whatever the terminal's language
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        if error.errno in FULL:
            raise
        raise InstallationError(
            f"{output} cannot be written ({error.strerror}): give another --output"
        ) from error


COMMANDS: tuple[click.Command, ...] = (asyncapi,)
