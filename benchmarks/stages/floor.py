"""The least that an event costs in Python: read from a record batch, decoded, written again.

Whoever reads Avro from Kafka with aiokafka and fastavro and writes Kafka pays this; what the bus
costs is told as a multiple of it. Fetching, checksums, sending and compression are left out of
both.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from json import loads
from typing import Any

from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.structs import ConsumerRecord
from fastavro import parse_schema, schemaless_reader

from credit_bus.contracts.schemas import SchemaCatalogue
from credit_bus.contracts.shape import without_decimals
from credit_bus.contracts.wire import Message, Wire, message_of

PREFIX_BYTES = 5
BATCH_BYTES_MAX = 64 * 1024 * 1024  # above what a benchmark writes into one

Schemas = dict[bytes, Any]


def schemas_of(catalogue: SchemaCatalogue) -> Schemas:
    """Return the parsed schema of each prefix, with decimals read as bytes, as the codec does."""
    return {
        b"\x00" + schema.id.to_bytes(PREFIX_BYTES - 1, "big"): parse_schema(
            without_decimals(loads(schema.raw))
        )
        for schema in catalogue.all
    }


def decode(value: bytes, schemas: Schemas) -> object:
    """Return the body that fastavro reads, and nothing that is checked."""
    stream = BytesIO(value)
    stream.seek(PREFIX_BYTES)
    return schemaless_reader(stream, schemas[value[:PREFIX_BYTES]], None)


def new_batch() -> Any:
    """Return an empty batch of records, uncompressed and outside any transaction."""
    return DefaultRecordBatchBuilder(
        magic=2,
        compression_type=0,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=BATCH_BYTES_MAX,
    )


def append(batch: Any, at: int, record: Any) -> None:
    """Write a record, whose headers are a list, at that place of the batch."""
    written = batch.append(at, 0, record.key, record.value, record.headers)
    assert written is not None, f"a benchmark's batch holds {BATCH_BYTES_MAX} bytes"


def batch_of(messages: Iterable[Message]) -> bytes:
    """Return one record batch with all these messages."""
    batch = new_batch()
    for at, message in enumerate(messages):
        append(batch, at, replace(message, headers=list(message.headers)))
    return bytes(batch.build())


def records_of(batch: bytes) -> Iterator[Any]:
    """Yield the batch's records as aiokafka reads them."""
    read = MemoryRecords(batch)
    while read.has_next():
        yield from read.next_batch()


def read(batch: bytes, messages: Sequence[Message]) -> list[Message]:
    """Return the messages as a consumer takes them out of a batch.

    A fetch says of which topic and partition it is; here the messages of the batch do.
    """
    return [
        message_of(
            ConsumerRecord(
                topic=message.topic,
                partition=message.partition,
                offset=message.offset,
                timestamp=record.timestamp,
                timestamp_type=record.timestamp_type,
                key=record.key,
                value=record.value,
                checksum=None,
                serialized_key_size=len(record.key) if record.key is not None else -1,
                serialized_value_size=len(record.value) if record.value is not None else -1,
                headers=record.headers,
            )
        )
        for record, message in zip(records_of(batch), messages, strict=True)
    ]


def write(records: dict[str, list[Wire]]) -> list[Any]:
    """Return a batch for each topic, with all records appended to it."""
    batches = []
    for wires in records.values():
        batch = new_batch()
        for at, wire in enumerate(wires):
            append(batch, at, wire)
        batches.append(batch)
    return batches


def floor(batch: bytes, decodable: Sequence[bool], schemas: Schemas) -> Any:
    """Read a batch, decode what can be decoded, append every record as it came; nothing else."""
    written = new_batch()
    for at, (record, is_decodable) in enumerate(zip(records_of(batch), decodable, strict=True)):
        if is_decodable:
            decode(record.value, schemas)
        append(written, at, record)
    return written
