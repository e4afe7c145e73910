"""The commands about the released schemas: schemas check, schemas diff."""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from credit_bus_deploy.cli_machine import json_option
from credit_bus_deploy.failures import EXIT_CODE, InstallationError

if TYPE_CHECKING:
    from credit_bus.contracts.schema_diff import Difference
    from credit_bus.contracts.schemas import Schema, SchemaCatalogue

folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Schema folder; this release's own without it.",
)


@click.group()
def schemas() -> None:
    """Look after the released schemas."""


@schemas.command("check", short_help="Check the schemas against LOCK and one another.")
@folder_option
@json_option
def check_schemas(folder: Path | None, as_json: bool) -> None:
    """Check the schemas against their LOCK, and every version against every other."""
    from credit_bus.contracts.evolution import check_catalogue  # noqa: PLC0415
    from credit_bus.contracts.schemas import (  # noqa: PLC0415
        SchemaCatalogueError,
        load_catalogue,
    )

    checked = 0
    try:
        catalogue = load_catalogue(folder)
        checked = len(catalogue.all)
        mistakes = list(check_catalogue(catalogue))
    except SchemaCatalogueError as error:
        mistakes = list(error.mistakes)
    if as_json:
        click.echo(json.dumps({"schemas": checked, "mistakes": mistakes}, ensure_ascii=False))
        sys.exit(EXIT_CODE if mistakes else 0)
    if mistakes:
        raise _refused(mistakes)
    click.echo(f"{checked} schemas agree with their LOCK and with one another")


@schemas.command("diff", short_help="Say what changed between two versions.")
@click.argument("event_type", metavar="[TYPE]", required=False)
@click.option("--from", "older", type=click.IntRange(1), help="Version; the one before --to.")
@click.option("--to", "newer", type=click.IntRange(1), help="Version; the newest without it.")
@folder_option
@json_option
def diff_schemas(
    event_type: str | None,
    older: int | None,
    newer: int | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Say what changed between two versions of an event type, for whoever reviews it.

    Without TYPE: of every type that has several versions, the newest against the one before.
    Ends with whether the versions read each other (FULL) and in what order to bring the newer one
    into use. Exit code 2 when they are not FULL.
    """
    from credit_bus.contracts.schema_diff import Compatibility, difference  # noqa: PLC0415
    from credit_bus.contracts.schemas import (  # noqa: PLC0415
        SchemaCatalogueError,
        load_catalogue,
    )

    if event_type is None and (older or newer):
        raise InstallationError("--from and --to are versions of one type: give its TYPE first")
    try:
        catalogue = load_catalogue(folder)
    except SchemaCatalogueError as error:
        raise _refused(error.mistakes) from error
    if event_type is None:
        pairs = _newest_pairs(catalogue)
    else:
        pairs = [_pair(catalogue, event_type, older, newer)]
    found = [difference(*pair) for pair in pairs]
    if as_json:
        click.echo(json.dumps([_row(each) for each in found], ensure_ascii=False, indent=1))
    else:
        texts = [_text(each) for each in found]
        click.echo("\n\n".join(texts) or "no event type has two versions yet")
    if any(each.compatibility is not Compatibility.FULL for each in found):
        sys.exit(EXIT_CODE)


def _refused(mistakes: Iterable[str]) -> InstallationError:
    return InstallationError("the schemas are refused:\n  " + "\n  ".join(mistakes))


def _newest_pairs(catalogue: "SchemaCatalogue") -> list[tuple["Schema", "Schema"]]:
    types = sorted({schema.type for schema in catalogue.all})
    several = (versions for name in types if len(versions := catalogue.versions(name)) > 1)
    return [(versions[-2], versions[-1]) for versions in several]


def _pair(
    catalogue: "SchemaCatalogue", event_type: str, older: int | None, newer: int | None
) -> tuple["Schema", "Schema"]:
    """Return the two schemas that are meant. Raises InstallationError when there are none."""
    versions = catalogue.versions(event_type)
    if not versions:
        known = ", ".join(sorted({schema.type for schema in catalogue.all}))
        raise InstallationError(f"{event_type} is no event type: give one of {known}")
    to = newer or len(versions)
    start = older or to - 1
    if not 1 <= start < to <= len(versions):
        raise InstallationError(
            f"{event_type} has versions {_list(versions)}, and {start} to {to} are no two of them "
            "in order: give others with --from and --to"
        )
    return versions[start - 1], versions[to - 1]


def _list(versions: Sequence["Schema"]) -> str:
    return ", ".join(str(schema.version) for schema in versions)


def _text(found: "Difference") -> str:
    """Return the difference as lines for a reviewer."""
    older = f"version {found.older} (id {found.older_id})"
    newer = f"version {found.newer} (id {found.newer_id})"
    lines = [
        f"{found.type}: {older} to {newer}",
        *(f"  {change.path or 'body'}: {change.sentence}" for change in found.changes),
    ]
    if not found.changes:
        lines.append("  nothing that a reader or a reviewer sees")
    lines.append(f"{found.compatibility}: {found.meaning}")
    lines += [f"  {problem}" for problem in found.problems]
    lines.append("rollout:")
    lines += [f"  {number}. {step}" for number, step in enumerate(found.rollout, start=1)]
    return "\n".join(lines)


def _row(found: "Difference") -> dict[str, object]:
    """Return the difference for a machine."""
    return {
        "type": found.type,
        "from": {"version": found.older, "id": found.older_id},
        "to": {"version": found.newer, "id": found.newer_id},
        "changes": [{"path": change.path, "sentence": change.sentence} for change in found.changes],
        "compatibility": found.compatibility,
        "problems": list(found.problems),
        "rollout": list(found.rollout),
    }


COMMANDS: tuple[click.Command, ...] = (schemas,)
