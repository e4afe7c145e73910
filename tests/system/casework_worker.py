"""The real worker of casework over one of two cores, each with a clock of its own.

`teller` says one thing for each event and each due row. `district` is the real core, and its clock
stands on a day on which nothing is due, so that all it does follows from the log.

Use: casework_worker.py BROKER DATABASE STATE_FOLDER CORE
"""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests import samples
from tests.casework_double import Teller

from credit_bus.casework.step import DistrictCasework
from credit_bus.runtime.casework.limits import Limits
from credit_bus.runtime.casework.process import CaseworkOf, run
from credit_bus.runtime.settings import WorkerSettings

CLOCK_SECONDS = 0.7
SESSION_TIMEOUT_SECONDS = 6.0
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

CORES: Mapping[str, tuple[CaseworkOf, Limits]] = {
    "teller": (
        lambda _: Teller(due_after=timedelta(0)),
        Limits(clock_interval_seconds=CLOCK_SECONDS),
    ),
    "district": (
        DistrictCasework,
        Limits(clock_interval_seconds=CLOCK_SECONDS, now=lambda: LONG_AGO),
    ),
}

if __name__ == "__main__":
    broker, database, folder, name = sys.argv[1:]
    core, limits = CORES[name]
    state = Path(folder)
    state.mkdir(parents=True, exist_ok=True)
    run(
        WorkerSettings(
            stage="casework",
            broker=broker,
            registry_folder=samples.REGISTRY_FOLDER,
            state_folder=state,
            session_timeout_seconds=SESSION_TIMEOUT_SECONDS,
        ),
        database=database,
        casework_of=core,
        limits=limits,
    )
