"""What the exit code of a process means, in a few words for whoever looks at `status`."""

import signal
from collections.abc import Mapping
from types import MappingProxyType

from credit_bus.runtime.ending import ExitCode
from credit_bus_deploy.failures import EXIT_CODE
from credit_bus_deploy.supervisor import START_FAILED_CODE

# Those of connectors and pages; importing them would take a second of each command.
UNREADABLE, NO_PORT = 65, 69

MEANINGS: Mapping[int, str] = MappingProxyType(
    {
        int(ExitCode.STOPPED): "stopped by itself, though nobody asked",
        1: "could not begin: its log has the reason",
        EXIT_CODE: "refused to begin: its log has the sentence",
        UNREADABLE: "its inbox holds what this release cannot read",
        NO_PORT: "its port is taken",
        int(ExitCode.UNFORESEEN): "something unforeseen: its log has the line",
        int(ExitCode.FENCED): "another process took its place",
        int(ExitCode.STUCK): "stuck: work waited and nothing moved",
        int(ExitCode.QUARANTINE_LIMIT): "quarantine limit: look at the refusals, then start it",
        START_FAILED_CODE: "could not be started at all",
    }
)


def meaning_of(exit_code: int) -> str:
    """Return what an end with this code means."""
    if exit_code < 0:
        return f"ended by {_signal_name(-exit_code)}"
    return MEANINGS.get(exit_code, "no code of the bus: its log may tell")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
