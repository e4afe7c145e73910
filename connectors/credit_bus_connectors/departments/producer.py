"""The producer of a party's transactions: its bounds, and the fencing of the former one."""

from collections.abc import Iterable, Mapping
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from credit_bus.contracts.wire import Wire
from credit_bus_connectors.departments.feed import milliseconds

REQUEST_BYTES_MAX = 4 * 1024 * 1024
BATCH_BYTES_MAX = 256 * 1024
LINGER_MILLISECONDS = 5
CONNECT_SECONDS_MAX = 30.0
DELIVERY_SECONDS_MAX = 40.0
TRANSACTION_SECONDS_MAX = 60.0


def open_producer(settings: Mapping[str, Any], *, transactional_id: str) -> Any:
    """Return a producer whose transactions are initialised: the former one is fenced."""
    producer = KafkaProducer(
        **settings,
        transactional_id=transactional_id,
        transaction_timeout_ms=milliseconds(TRANSACTION_SECONDS_MAX),
        delivery_timeout_ms=milliseconds(DELIVERY_SECONDS_MAX),
        max_block_ms=milliseconds(CONNECT_SECONDS_MAX),
        acks="all",
        enable_idempotence=True,
        max_request_size=REQUEST_BYTES_MAX,
        batch_size=BATCH_BYTES_MAX,
        linger_ms=LINGER_MILLISECONDS,
    )
    try:
        producer.init_transactions()
    except KafkaError:
        producer.close(timeout=0)
        raise
    return producer


def bring(producer: Any, records: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Begin a transaction and bring every record to the broker, without committing.

    A record is its topic, and what else kafka-python's `send` is told. Raises KafkaError.
    """
    producer.begin_transaction()
    sent = [producer.send(topic, **told) for topic, told in records]
    producer.flush(timeout=DELIVERY_SECONDS_MAX)
    for future in sent:
        if future.failed():
            raise future.exception


def record_of(wire: Wire) -> dict[str, Any]:
    """Return a record of an event as `send` is told it."""
    return {"key": wire.key, "value": wire.value, "headers": wire.headers}
