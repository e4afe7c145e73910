"""A party's way out for many threads: whoever comes first says what all who wait have to say.

One transaction carries what several requests brought at the same time, so that they do not wait for
one another's round trips. Knows the client; knows no HTTP and no database.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from credit_bus.contracts.wire import Wire
from credit_bus_connectors.departments.client import EVENTS_PER_TRANSACTION_MAX, DepartmentClient
from credit_bus_connectors.departments.failures import ClientError, NotPublishedError

TURN_SECONDS_MAX = 120.0  # a transaction's own bounds, and that of the one before
TRANSACTION_BYTES_MAX = 8 * 1024 * 1024


@dataclass(slots=True)
class _Load:
    """What one thread brings. Done once it was said, or why not stands there."""

    wires: Sequence[Wire]
    is_done: bool = False
    error: ClientError | None = None

    @property
    def size(self) -> int:
        """Bytes of all values."""
        return sum(len(wire.value) for wire in self.wires)


class Outlet:
    """One party's client, shared. Thread-safe."""

    def __init__(self, client: DepartmentClient) -> None:
        self._client = client
        self._turn = threading.Lock()
        self._waiting: deque[_Load] = deque()

    def say(self, wires: Sequence[Wire]) -> None:
        """Return once these records stand in a committed transaction.

        At most `EVENTS_PER_TRANSACTION_MAX`. Raises ClientError as `DepartmentClient.send` does,
        with others' records that were in the same transaction having failed as well.
        """
        load = _Load(wires)
        self._waiting.append(load)
        if not self._turn.acquire(timeout=TURN_SECONDS_MAX):
            raise NotPublishedError(
                "the transactions before this one do not end; see to the broker"
            )
        try:
            while not load.is_done:
                self._say_together(self._next())
        finally:
            self._turn.release()
        if load.error is not None:
            raise load.error

    def close(self) -> None:
        """Close the client, after the transaction under way."""
        with self._turn:
            self._client.close()

    def _next(self) -> list[_Load]:
        """Take as many loads as fit one transaction, in the order in which they came."""
        loads = [self._waiting.popleft()]
        count, size = len(loads[0].wires), loads[0].size
        while self._waiting:
            load = self._waiting[0]
            count, size = count + len(load.wires), size + load.size
            if count > EVENTS_PER_TRANSACTION_MAX or size > TRANSACTION_BYTES_MAX:
                break
            loads.append(self._waiting.popleft())
        return loads

    def _say_together(self, loads: Sequence[_Load]) -> None:
        error = None
        try:
            self._client.send([wire for load in loads for wire in load.wires])
        except ClientError as failure:
            error = failure
        for load in loads:
            load.error, load.is_done = error, True


class Outlets:
    """The outlet of each party, opened when it first speaks. Thread-safe."""

    def __init__(self, connect: Callable[[str], DepartmentClient]) -> None:
        """`connect` returns the client of a party."""
        self._connect = connect
        self._lock = threading.Lock()
        self._outlets: dict[str, Outlet] = {}

    def of(self, party: str) -> Outlet:
        """Return the party's outlet."""
        with self._lock:
            if party not in self._outlets:
                self._outlets[party] = Outlet(self._connect(party))
            return self._outlets[party]

    def close(self) -> None:
        """Close every one, each after the transaction under way."""
        with self._lock:
            for outlet in self._outlets.values():
                outlet.close()
