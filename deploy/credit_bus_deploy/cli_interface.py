"""The commands about the bus's interface: asyncapi, docs."""

from collections.abc import Iterator
from contextlib import contextmanager
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
    with _writing(output):
        output.write_text(text, encoding="utf-8")


@click.command(short_help="Write a page for each event type, and an index.")
@registry_option
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Write into this folder; it is made if need be.",
)
def docs(registry: Path | None, output: Path) -> None:
    """Write the pages about the event types (HTML, Chinese) into a folder; open index.html."""
    from credit_bus_connectors.web.pages import INDEX, pages_of  # noqa: PLC0415
    from credit_bus_deploy.interface import document_of  # noqa: PLC0415

    pages = pages_of(document_of(registry))
    with _writing(output):
        output.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (output / name).write_text(text, encoding="utf-8")
    click.echo(f"{len(pages)} pages written; open {output / INDEX}")


@contextmanager
def _writing(output: Path) -> Iterator[None]:
    """Raise InstallationError for what cannot be written; a full disk has its own sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise
        raise InstallationError(
            f"{output} cannot be written ({error.strerror}): give another --output"
        ) from error


COMMANDS: tuple[click.Command, ...] = (asyncapi, docs)
