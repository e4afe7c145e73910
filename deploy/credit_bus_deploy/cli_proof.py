"""The command about the closure ledger: proof."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from credit_bus_deploy.cli_database import database_of
from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.failures import InstallationError

if TYPE_CHECKING:
    from credit_bus.casework.proof import Proof

EXIT_OPEN = 1
_FORMATS = (".json", ".xlsx")


@click.command(short_help="Print who holds what of a record or an action.")
@click.argument("name", metavar="ID")
@click.option(
    "--subject",
    metavar="KEY",
    help="Key of the subject (统一社会信用代码): then ID may be the number of a document.",
)
@click.option(
    "--export",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the proof to a file as well: .json or .xlsx.",
)
@click.option(
    "--database",
    metavar="URL",
    envvar="CREDIT_BUS_DATABASE",
    show_envvar=True,
    help="Casework's database; without it, that of the installation in the home.",
)
@json_option
@home_option
def proof(
    name: str,
    subject: str | None,
    file: Path | None,
    database: str | None,
    as_json: bool,
    home: Path,
) -> None:
    """Print the closing proof of a record or an action (办结证明).

    ID is an action's id, the id of an event, or with --subject the number of a document. Every
    event of it is listed with each holder: sent, confirmed with the platform's own
    acknowledgement, returned, or overdue.

    Ends with 0 when every holder has confirmed (and an action is closed), with 1 when something is
    open, with 2 when the ledger does not know the name.
    """
    from credit_bus.runtime.casework.ledger import read_proofs  # noqa: PLC0415
    from credit_bus_deploy.proof_shown import as_value, print_proof, write_xlsx  # noqa: PLC0415

    if file is not None and file.suffix not in _FORMATS:
        raise InstallationError(f"{file} is neither .json nor .xlsx: name the file so")
    found = _found(read_proofs(database_of(home, database), name, subject=subject), name, subject)
    told = json.dumps([as_value(each) for each in found], ensure_ascii=False, indent=2)
    if file is not None and file.suffix == ".xlsx":
        write_xlsx(found, file)
    elif file is not None:
        file.write_text(told + "\n", encoding="utf-8")
    if as_json:
        click.echo(told)
    else:
        for each in found:
            print_proof(each)
    sys.exit(0 if all(each.complete for each in found) else EXIT_OPEN)


def _found(proofs: "tuple[Proof, ...]", name: str, subject: str | None) -> "tuple[Proof, ...]":
    if proofs:
        return proofs
    hint = "" if subject else "; the number of a document needs --subject beside it"
    raise InstallationError(f"the ledger knows nothing by the name {name}{hint}")


COMMANDS: tuple[click.Command, ...] = (proof,)
