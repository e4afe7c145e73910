"""How a process beside the bus ends by itself: at once, with the code that every process has.

A thread whose work must not end unseen ends the process: a supervisor starts it again, and
everything said is written down before it is done; a process that lives on without its receipts
would answer nobody.
"""

import os
import sys
from collections.abc import Callable
from typing import NoReturn

from credit_bus.logs import logger, told_of

EXIT_UNFORESEEN = 70  # an exception nobody planned for
EXIT_STUCK = 72  # work waited, and nothing moved
FAILED = "thread.failed"

log = logger()


def end_stuck() -> NoReturn:
    """End the process without unwinding, once that is logged: what stands cannot be waited for."""
    sys.stderr.flush()
    os._exit(EXIT_STUCK)


def ending_the_process(work: Callable[[], None]) -> Callable[[], None]:
    """Return the work, ending the process at once when it raises anything."""

    def guarded() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the outermost loop of a thread
            log.error(FAILED, exit_code=EXIT_UNFORESEEN, **told_of(error))
            os._exit(EXIT_UNFORESEEN)

    return guarded
