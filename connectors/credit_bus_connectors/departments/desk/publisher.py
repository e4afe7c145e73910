"""What officials said, brought to the bus: from the database to each party's outbox.

One thread. A statement is kept before it is said, and said again when the process died before that
was written down: its id is made of its content, so it is taken once. Knows the client and the
store.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from credit_bus.contracts.wire import Wire
from credit_bus.logs import logger, told_of
from credit_bus.metrics import table
from credit_bus.metrics.meter import Meter
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.desk.store import Store
from credit_bus_connectors.departments.failures import ClientError
from credit_bus_connectors.departments.pulse import Pulse
from credit_bus_connectors.ending import ending_the_process

LOOK_SECONDS = 1.0
RETRY_SECONDS = 2.0
STOP_SECONDS_MAX = 30.0
PARTY_FAILED = "desk.publish-failed"
PUBLISHED = "desk.published"

log = logger()


class Publisher:
    """The way out of every party of the desk. `start` it once."""

    def __init__(
        self,
        store: Store,
        connect: Callable[[str], DepartmentClient],
        *,
        now: Callable[[], datetime],
        meter: Meter | None = None,
    ) -> None:
        """`connect` returns the client of a party."""
        self._store = store
        self._connect = connect
        self._now = now
        self._meter = meter or Meter()
        self._pulse = Pulse()
        self._clients: dict[str, DepartmentClient] = {}
        self._stop = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(
            target=ending_the_process(self._run), name="publisher", daemon=True
        )

    def start(self) -> None:
        """Begin to publish, first what a former process left."""
        self._thread.start()

    @property
    def is_publishing(self) -> bool:
        """Whether the thread runs, and sees what waits."""
        return self._pulse.is_of(self._thread)

    def wake(self) -> None:
        """Look at once: something was kept."""
        self._woken.set()

    def stop(self) -> None:
        """End after the transaction under way."""
        self._stop.set()
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS_MAX)
        for client in self._clients.values():
            client.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._woken.clear()
            wait = LOOK_SECONDS if self.publish() else RETRY_SECONDS
            self._woken.wait(wait)

    def publish(self) -> bool:
        """Say what waits; return False when some of it could not be said."""
        try:
            waiting = self._store.unsaid()
            failed = [party for party, told in waiting.items() if not self._say(party, told)]
        except UnreachableError as error:
            log.warning(PARTY_FAILED, party="", **told_of(error))
            return False
        self._meter.show(table.UNSAID, {(party,): len(waiting[party]) for party in failed})
        self._pulse.beat()
        return not failed

    def _say(self, party: str, told: Sequence[tuple[str, Wire]]) -> bool:
        """Say one party's in one transaction; one that fails keeps no other back."""
        if party not in self._clients:
            self._clients[party] = self._connect(party)
        try:
            self._clients[party].send([wire for _, wire in told])
        except ClientError as error:
            log.warning(PARTY_FAILED, party=party, **told_of(error))
            return False
        self._store.mark_said([trace for trace, _ in told], now=self._now())
        log.info(PUBLISHED, party=party, events=len(told))
        return True
