"""The command `template`: an official template for a department to fill in."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import click

from credit_bus_deploy.cli_bus import registry_option
from credit_bus_deploy.failures import FULL, InstallationError

if TYPE_CHECKING:
    from credit_bus_connectors.departments.files.columns import Template

XLSX_SUFFIX = ".xlsx"


@click.command(short_help="Write a template as XLSX or CSV, with one made-up row.")
@click.argument("name", type=click.Choice(["licence", "penalty"]))
@click.option(
    "--generation",
    type=click.Choice(["2018", "2016"]),
    default="2018",
    show_default=True,
    help="Which standard the template follows.",
)
@click.option("--empty", is_flag=True, help="Leave the made-up row out.")
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
    help="Write this file: a workbook when it ends in .xlsx, else CSV in UTF-8 with BOM;"
    " CSV on standard output without it.",
)
def template(
    name: str,
    generation: str,
    empty: bool,
    party: str,
    registry: Path | None,
    output: Path | None,
) -> None:
    """Write a template: its header, and one made-up row of valid form."""
    from credit_bus_connectors.departments.files.template_files import (  # noqa: PLC0415
        csv_template,
        xlsx_template,
    )

    wanted = _template(name, generation)
    rows = [] if empty else [_row(wanted, party, registry)]
    if output is None:
        click.echo(csv_template(wanted, rows).encode(), nl=False)  # whatever the terminal speaks
        return
    as_workbook = output.suffix.lower() == XLSX_SUFFIX
    content = (
        xlsx_template(wanted, rows)
        if as_workbook
        else csv_template(wanted, rows).encode("utf-8-sig")
    )
    try:
        output.write_bytes(content)
    except OSError as error:
        if error.errno in FULL:
            raise
        raise InstallationError(
            f"{output} cannot be written ({error.strerror}): give another --output"
        ) from error


def _template(name: str, generation: str) -> "Template":
    from credit_bus_connectors.departments.files.templates import TEMPLATES  # noqa: PLC0415

    return next(
        each
        for each in TEMPLATES
        if each.type.startswith(f"{name}.") and each.generation == generation
    )


def _row(wanted: "Template", code: str, registry: Path | None) -> list[str]:
    """Return the made-up row. Raises InstallationError for a party that cannot be the source."""
    from credit_bus.domain.calendar import local_day  # noqa: PLC0415
    from credit_bus.domain.generations import Generation  # noqa: PLC0415
    from credit_bus_deploy.demo.rows import Maker, cells  # noqa: PLC0415
    from credit_bus_deploy.demo.rows_2016 import good_2016  # noqa: PLC0415
    from credit_bus_deploy.registries import registry_of  # noqa: PLC0415

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
    maker = Maker(party=party, today=local_day(datetime.now(UTC)), random=Random(1))  # noqa: S311 - no secret
    match wanted.generation:
        case Generation.OF_2018:
            return cells(wanted, maker.good(wanted, 1))
        case Generation.OF_2016:
            return cells(wanted, good_2016(maker, wanted, 1, division=found.district))


COMMANDS: tuple[click.Command, ...] = (template,)
