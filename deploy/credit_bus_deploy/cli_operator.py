"""What commands share for which somebody of the hub must stand: password and registry."""

from pathlib import Path

import click

from credit_bus_deploy.cli_options import registry_option_of
from credit_bus_deploy.failures import InstallationError

password_option = click.option(
    "--password-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File with the account's password, for scripts; it is asked for without it.",
)

acting_registry_option = registry_option_of(
    "Registry in force: it says who operates the hub; the installation's without it.",
    "folder",
)


def reason_of(why: str | None, characters_max: int) -> str:
    """Return why somebody acts. Raises UsageError when it says nothing, or too much."""
    reason = (why or "").strip()
    if not 0 < len(reason) <= characters_max:
        raise click.UsageError(f"--why must say something, in {characters_max} characters")
    return reason


def password_of(name: str, act: str, file: Path | None) -> str:
    """Return the password from the file, or as typed and not shown. Raises InstallationError."""
    from credit_bus_connectors.departments.desk.access import (  # noqa: PLC0415
        PASSWORD_CHARACTERS_MAX,
    )

    if file is None:
        return str(click.prompt(f"Password of {name}, to {act}", hide_input=True, err=True))
    try:
        with file.open(encoding="utf-8") as opened:
            return opened.readline(PASSWORD_CHARACTERS_MAX + 1).rstrip("\r\n")
    except ValueError as error:
        raise InstallationError(f"{file} is no UTF-8: write the password on its first line") from (
            error
        )
