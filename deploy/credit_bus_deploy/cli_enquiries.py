"""The commands about enquiries 应查必查: enquiries, enquiries-about."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from credit_bus.domain.calendar import SHANGHAI
from credit_bus_deploy.cli_database import database_of, database_option
from credit_bus_deploy.cli_machine import home_option, json_option
from credit_bus_deploy.cli_options import registry_or_example, with_options, with_vitals
from credit_bus_deploy.failures import InstallationError


@click.command(short_help="Answer the enquiries that are asked over the topics.")
@click.option(
    "--instance",
    default="1",
    show_default=True,
    help="Tells apart processes that answer at the same time.",
)
@with_options("broker", "database", "registry", "log")
@with_vitals
def enquiries(registry_folder: Path | None, **given: Any) -> None:
    """Answer the enquiries that lie in the hub's inbox, as the hub, until asked to stop."""
    from credit_bus_connectors.enquiry.process import run_enquiries  # noqa: PLC0415

    run_enquiries(registry_folder=registry_or_example(registry_folder), **given)


@click.command("enquiries-about", short_help="Print who asked about a subject.")
@click.argument("subject", metavar="KEY")
@click.option(
    "--case",
    "case_reference",
    metavar="TEXT",
    required=True,
    help="The case in which the subject asks; this look is logged under it.",
)
@with_options("registry")
@database_option
@json_option
@home_option
def enquiries_about(
    subject: str,
    case_reference: str,
    registry_folder: Path | None,
    database: str | None,
    as_json: bool,
    home: Path,
) -> None:
    """Print who asked about a subject, when, for what, and how much was told; newest first.

    KEY is the subject's key (统一社会信用代码). For the subject's right to know, and for whoever
    supervises those who ask.
    """
    from credit_bus_connectors.contract import UnreachableError  # noqa: PLC0415
    from credit_bus_connectors.enquiry.about import about, told_lines  # noqa: PLC0415
    from credit_bus_connectors.enquiry.answering import hub_of  # noqa: PLC0415
    from credit_bus_connectors.enquiry.store import Store  # noqa: PLC0415
    from credit_bus_deploy.registries import registry_of  # noqa: PLC0415

    registry = registry_of(registry_or_example(registry_folder))[0]
    store = Store(database_of(home, database), connections_max=1)
    try:
        with store.transaction() as connection:
            lines = about(
                connection,
                party=hub_of(registry),
                key=None,
                subject=subject,
                case_reference=case_reference,
                now=datetime.now(UTC),
            )
    except UnreachableError as error:
        raise InstallationError(str(error)) from error
    finally:
        store.close()
    told = told_lines(subject, lines, registry)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(f"{subject}　查询记录 {len(lines)} 条")
    for line, each in zip(lines, told["lines"], strict=True):
        moment = line.logged_at.astimezone(SHANGHAI)
        click.echo(
            f"  {moment:%Y-%m-%d %H:%M}　{each['asker_name'] or line.asker}　"
            f"{each['purpose_name'] or line.purpose}　{line.procedure}　{line.case_reference}　"
            f"信息 {line.records} 条，措施 {line.measures} 项"
            f"{'' if line.outcome == 'answered' else '（未答复）'}"
        )


COMMANDS: tuple[click.Command, ...] = (enquiries, enquiries_about)
