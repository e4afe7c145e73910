"""The HTTP intake as a process on a real server, for tests that talk to it or kill it."""

import argparse
import os
import signal
from typing import Any

import uvicorn

from credit_bus.contracts.schemas import load_catalogue
from credit_bus.logs import configure_logs
from credit_bus_connectors.departments.http.intake import Intake, IntakeSettings
from credit_bus_connectors.departments.http.outlet import Outlet
from credit_bus_connectors.departments.http.receipts import Receipts
from credit_bus_connectors.departments.http.routes import intake_app
from credit_bus_connectors.departments.http.store import Store

SECRET = b"s" * 32
# The steps of a request, in their order.
STEPS = {
    "keep": Store,
    "unsaid": Store,
    "say": Outlet,
    "mark_said": Store,
    "verdicts": Store,
    "finish": Store,
}


def die_before(step: str) -> None:
    """Let the process be killed when it is about to take this step."""

    def die(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(STEPS[step], step, die)


def _break(_: Receipts) -> None:
    raise RuntimeError("nobody foresaw this")


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--broker", required=True)
    options.add_argument("--database", required=True)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--instance", default="http")
    options.add_argument("--answer-wait", type=float, default=10.0)
    options.add_argument("--die-before", choices=STEPS)
    options.add_argument("--broken", action="store_true", help="receipts meet the unforeseen")
    given = options.parse_args()
    if given.broken:
        Receipts._read = _break  # type: ignore[method-assign]
    if given.die_before:
        die_before(given.die_before)
    configure_logs("INFO")
    intake = Intake(
        IntakeSettings(
            broker=given.broker,
            database=given.database,
            secret=SECRET,
            instance=given.instance,
            answer_wait_seconds=given.answer_wait,
        ),
        catalogue=load_catalogue(),
    )
    uvicorn.run(
        intake_app(intake), host="127.0.0.1", port=given.port, log_config=None, access_log=False
    )
