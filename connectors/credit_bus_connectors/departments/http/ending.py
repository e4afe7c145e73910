"""A thread whose work must not end unseen: what nobody foresaw in it ends the process.

A supervisor starts the process again, and everything said is written down before it is done; a
process that lives on without its receipts would answer nobody.
"""

import os
from collections.abc import Callable

from credit_bus.logs import logger, told_of

EXIT_UNFORESEEN = 70  # as of every process of the bus
FAILED = "intake.failed"

log = logger()


def ending_the_process(work: Callable[[], None]) -> Callable[[], None]:
    """Return the work, ending the process at once when it raises anything."""

    def guarded() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the outermost loop of a thread
            log.error(FAILED, exit_code=EXIT_UNFORESEEN, **told_of(error))
            os._exit(EXIT_UNFORESEEN)

    return guarded
