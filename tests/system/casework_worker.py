"""The real worker of casework over a core that says one thing for each event and each due row.

Use: casework_worker.py BROKER DATABASE STATE_FOLDER
"""

import sys
from datetime import timedelta
from pathlib import Path

from tests import samples
from tests.casework_double import Teller

from credit_bus.runtime.casework.limits import Limits
from credit_bus.runtime.casework.process import run
from credit_bus.runtime.settings import WorkerSettings

CLOCK_SECONDS = 0.7
SESSION_TIMEOUT_SECONDS = 6.0

if __name__ == "__main__":
    broker, database, folder = sys.argv[1:]
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
        casework_of=lambda _: Teller(due_after=timedelta(0)),
        limits=Limits(clock_interval_seconds=CLOCK_SECONDS),
    )
