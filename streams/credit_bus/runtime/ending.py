"""How a worker ends: at once, with a code that says why, so that a supervisor can start it anew.

Faust restarts an agent after an exception and goes on with the next offset, which loses the batch
at hand; so nothing unforeseen may reach it.
"""

import os
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NoReturn


class ExitCode(IntEnum):
    """What a supervisor sees."""

    STOPPED = 0
    UNFORESEEN = 70  # an exception nobody planned for
    FENCED = 71  # another worker took the partition over: stop at once
    STUCK = 72  # the watchdog saw lag without progress
    QUARANTINE_LIMIT = 73  # refusals of many parties at once: look before going on


def end_process(
    code: ExitCode, log: Any, event: str, values: Mapping[str, object] | None = None
) -> NoReturn:
    """Log one line and end the process without unwinding; nothing uncommitted is kept."""
    log.error(event, exit_code=int(code), reason=code.name.lower(), **(values or {}))
    sys.stderr.flush()
    os._exit(code)
