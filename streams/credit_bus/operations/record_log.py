"""The log of record as the recount reads it: from its beginning, each time anew."""

from collections.abc import Iterator

from credit_bus.contracts.codec import Codec
from credit_bus.domain.calendar import moment_of
from credit_bus.domain.channels import RECORDS
from credit_bus.operations.audit import event_of
from credit_bus.operations.recount import Logged
from credit_bus.operations.scan import scan

READ_SECONDS_MAX = 3_600.0


class RecordLog:
    """Everything that the log holds when it is read, a record at a time."""

    def __init__(self, broker: str, codec: Codec, *, seconds_max: float = READ_SECONDS_MAX) -> None:
        """Read nothing yet; `seconds_max` is for one reading, and what is done with it."""
        self._broker = broker
        self._codec = codec
        self._seconds_max = seconds_max

    def __iter__(self) -> Iterator[Logged]:
        """Yield each event with its moment. Raises ScanError, AuditError."""
        for seen in scan(self._broker, [RECORDS], seconds_max=self._seconds_max):
            yield Logged(event=event_of(seen, self._codec), moment=moment_of(seen.timestamp_ms))
