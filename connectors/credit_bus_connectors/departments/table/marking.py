"""A client whose transactions leave a mark: whether one was committed can be asked afterwards.

The mark is the metadata of a committed offset, written in the same Kafka transaction as the events
(KIP-447), so it stands exactly when they do. The offset itself means nothing. A mark that nobody
renews is forgotten by the broker after `offsets.retention.minutes` (7 days by default).
"""

from collections.abc import Sequence

from kafka import TopicPartition
from kafka.errors import KafkaError, KafkaTimeoutError
from kafka.structs import OffsetAndMetadata

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import Wire
from credit_bus.domain.channels import outbox, replies
from credit_bus.domain.event import Event
from credit_bus_connectors.departments.client import REQUEST_SECONDS_MAX, DepartmentClient
from credit_bus_connectors.departments.failures import NotPublishedError, bounded
from credit_bus_connectors.departments.feed import milliseconds, open_consumer
from credit_bus_connectors.departments.table.reply_reader import ReplyReader

PROBE_SECONDS_MAX = 5.0


class MarkingClient(DepartmentClient):
    """A `DepartmentClient` that knows what it has said before it was killed."""

    def __init__(self, party: str, bootstrap: str, *, codec: Codec, instance: str) -> None:
        """Remember how to connect, and give up on a broker that is away sooner than others do:
        whoever asks for marks pauses and comes again.
        """
        super().__init__(party, bootstrap, codec=codec, instance=instance)
        self._settings["bootstrap_timeout_ms"] = milliseconds(PROBE_SECONDS_MAX)
        self._mark: str | None = None

    def publish_marked(self, events: Sequence[Event], mark: str) -> None:
        """Say the events in one transaction under this mark. Raises what `publish` raises."""
        self._mark = mark
        try:
            self.publish(events)
        finally:
            self._mark = None

    def last_mark(self) -> str | None:
        """Return the mark of the last transaction that was committed with one, None for none.

        Fences a former process of this instance and ends what it left open, so that the answer is
        final. Raises NotPublishedError when the broker does not tell.
        """
        try:
            if self._producer is None:
                self._producer = self._open_producer()
            consumer = open_consumer(self._settings, group=self._group)
            try:
                kept = consumer.committed(
                    self._place, metadata=True, timeout_ms=milliseconds(REQUEST_SECONDS_MAX)
                )
            finally:
                consumer.close(autocommit=False)
        except KafkaError as error:
            raise NotPublishedError(
                f"{self.party}: the broker does not tell what was said last ({error!r}); check the "
                f"broker, and the rights on the group {self._group}"
            ) from error
        return None if kept is None else str(kept.metadata)

    def open_replies(self) -> ReplyReader:
        """Return a reader of the party's receipts whose positions the caller keeps."""
        return ReplyReader(self._settings, self._codec, topic=replies(self.party))

    @property
    def _group(self) -> str:
        return f"client-{self.party}-{self._instance}-marks"

    @property
    def _place(self) -> TopicPartition:
        return TopicPartition(outbox(self.party), 0)

    def _write(self, wires: Sequence[Wire]) -> None:
        """Bring every record to the broker, and the mark, without committing."""
        super()._write(wires)
        if self._mark is None:
            return
        offsets = {self._place: OffsetAndMetadata(0, self._mark, -1)}
        try:
            bounded(
                lambda: self._producer.send_offsets_to_transaction(offsets, self._group),
                REQUEST_SECONDS_MAX,
            )
        except TimeoutError as error:
            raise KafkaTimeoutError(f"the mark: {error}") from error
