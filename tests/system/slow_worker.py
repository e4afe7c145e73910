"""The real gate with moments made long: what is rare in milliseconds is certain in seconds.

Use: slow_worker.py BROKER STATE_FOLDER NAME=SECONDS ... with the names of `MOMENTS`. A commit is
made long once, when STATE_FOLDER/arm exists; STATE_FOLDER/<moment> appears when a moment begins.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests import samples

from credit_bus.runtime.lanes import Lanes
from credit_bus.runtime.settings import WorkerSettings
from credit_bus.runtime.stages import GateStage
from credit_bus.runtime.transactions.producer import Producer
from credit_bus.runtime.transport import BatchConsumer
from credit_bus.runtime.worker import run

SESSION_SECONDS = 6.0
MOMENTS: dict[str, tuple[type, str]] = {
    "revoke": (Lanes, "revoked"),  # the last transaction takes long
    "fence": (Lanes, "_assigned"),
    "open": (GateStage, "open"),  # catching up takes long
    "seek": (BatchConsumer, "perform_seek"),  # many partitions
    "commit": (Producer, "_end"),
}


def lengthen(moment: str, seconds: float, folder: Path) -> None:
    """Sleep that long before the moment's own work."""
    owner, name = MOMENTS[moment]
    original: Callable[..., Awaitable[Any]] = getattr(owner, name)

    async def slow(self: Any, *given: Any) -> Any:
        arm = folder / "arm"
        if moment != "commit" or arm.exists():
            arm.unlink(missing_ok=True)
            (folder / moment).touch()
            await asyncio.sleep(seconds)
        return await original(self, *given)

    setattr(owner, name, slow)


def main() -> None:
    """Run the gate so."""
    broker, folder, *moments = sys.argv[1:]
    state = Path(folder)
    state.mkdir(parents=True, exist_ok=True)
    for moment in moments:
        name, seconds = moment.split("=")
        lengthen(name, float(seconds), state)
    run(
        WorkerSettings(
            stage="gate",
            broker=broker,
            registry_folder=samples.REGISTRY_FOLDER,
            state_folder=state,
            session_timeout_seconds=SESSION_SECONDS,
        )
    )


if __name__ == "__main__":
    main()
