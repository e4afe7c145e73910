"""`credit-bus`: the command line. Every refusal leaves by one door: a sentence, and exit code 2.

Commands import what they run when they run, so that `--help` answers at once.
"""

from typing import Any

import click

from credit_bus_deploy import (
    cli_bus,
    cli_canaries,
    cli_conformance,
    cli_console,
    cli_database,
    cli_desk,
    cli_doctor,
    cli_due,
    cli_enquiries,
    cli_interface,
    cli_keys,
    cli_lag,
    cli_machine,
    cli_monitor,
    cli_processes,
    cli_proof,
    cli_quarantine,
    cli_report,
    cli_rules,
    cli_schemas,
    cli_site,
    cli_template,
    cli_trace,
)
from credit_bus_deploy.failures import EXIT_CODE, FULL, InstallationError


class _Refusal(click.ClickException):
    """A sentence for the operator on standard error."""

    exit_code = EXIT_CODE

    def show(self, file: Any = None) -> None:
        """Print the sentence, without a traceback."""
        click.echo(f"credit-bus: {self.message}", err=True, file=file)


class _OneDoor(click.Group):
    """A group whose commands may raise InstallationError."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a refusal or a full disk becomes a sentence."""
        try:
            return super().invoke(ctx)
        except InstallationError as error:
            raise _Refusal(str(error)) from error
        except OSError as error:
            if error.errno not in FULL:
                raise
            where = error.filename or "of this process's files"
            raise _Refusal(f"the disk is full ({where}): free some space, start again") from error


@click.group(
    cls=_OneDoor,
    name="credit-bus",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="credit-bus")
def command() -> None:
    """信用总线: carry credit events between departments and platforms.

    `up` runs everything on this machine; the other commands look at it or are parts of it. Every
    option can also be given as the environment variable named beside it.
    """


for each in (
    *cli_machine.COMMANDS,
    *cli_bus.COMMANDS,
    *cli_canaries.COMMANDS,
    *cli_doctor.COMMANDS,
    *cli_template.COMMANDS,
    *cli_schemas.COMMANDS,
    *cli_conformance.COMMANDS,
    *cli_keys.COMMANDS,
    *cli_database.COMMANDS,
    *cli_report.COMMANDS,
    *cli_enquiries.COMMANDS,
    *cli_interface.COMMANDS,
    *cli_proof.COMMANDS,
    *cli_processes.COMMANDS,
    *cli_console.COMMANDS,
    *cli_desk.COMMANDS,
    *cli_rules.COMMANDS,
    *cli_due.COMMANDS,
    *cli_monitor.COMMANDS,
    *cli_lag.COMMANDS,
    *cli_trace.COMMANDS,
    *cli_quarantine.COMMANDS,
    *cli_site.COMMANDS,
):
    command.add_command(each)


def main() -> None:
    """Run the command line of this process."""
    command.main(prog_name="credit-bus")
