"""The commands that ask casework: proof, green-channel."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from credit_bus.domain.calendar import local_day
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus_deploy.cli_database import database_of, database_option
from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.cli_options import registry_or_example, with_options
from credit_bus_deploy.failures import InstallationError

if TYPE_CHECKING:
    from credit_bus.casework.proof import Proof

EXIT_OPEN = EXIT_NO = 1
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
@database_option
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


@click.command("green-channel", short_help="Ask for three years without an adverse record.")
@click.argument("subject", metavar="KEY")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day asked about; today without it.",
)
@with_options("registry")
@database_option
@json_option
@home_option
def green_channel(
    subject: str,
    as_of: datetime | None,
    registry_folder: Path | None,
    database: str | None,
    as_json: bool,
    home: Path,
) -> None:
    """Print whether three years passed without an adverse record (绿色通道), as of a day.

    KEY is the subject's key (统一社会信用代码). The answer is yes or no, with the records that
    decide against it; it weighs nothing. What is withdrawn or repaired does not count.

    Ends with 0 for yes, with 1 for no.
    """
    from credit_bus.contracts.registry import load_registry  # noqa: PLC0415
    from credit_bus.runtime.casework.ledger import read_clean_years  # noqa: PLC0415

    day = as_of.date() if as_of else local_day(datetime.now(UTC))
    registry = load_registry(registry_or_example(registry_folder))
    clean, deciding = read_clean_years(database_of(home, database), subject, registry, day)
    if as_json:
        records = [
            {**each.as_found(), "decided_on": each.decided_on.isoformat()} for each in deciding
        ]
        told = {"clean": clean, "as_of": day.isoformat(), "deciding_records": records}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{subject}　截至 {day}　连续三年无不良信用记录：{'是' if clean else '否'}")
        for each in deciding:
            term = EVENT_TYPES[each.type].term
            click.echo(f"  {term}　{each.document_number}　{each.decided_on}　{each.provider}")
    sys.exit(0 if clean else EXIT_NO)


COMMANDS: tuple[click.Command, ...] = (proof, green_channel)
