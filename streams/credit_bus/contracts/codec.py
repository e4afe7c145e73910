"""Bodies to bytes and back: Avro in the Confluent wire format.

The wire format is a zero byte, the schema's id in four bytes (big-endian), and the Avro body.
Knows schemas and bytes; knows no headers. Reading never raises on what others wrote.
"""

from dataclasses import dataclass
from io import BytesIO
from json import loads
from struct import error as struct_error
from typing import Any, cast

from fastavro import parse_schema, schemaless_reader, schemaless_writer
from fastavro.read import SchemaResolutionError

from credit_bus.contracts.exact import Check, Finish, MisfitError, compile_check, compile_finish
from credit_bus.contracts.quick_read import UNUSUAL, Read, compile_read
from credit_bus.contracts.refusals import refusal
from credit_bus.contracts.schemas import Schema, SchemaCatalogue
from credit_bus.contracts.shape import shape_of, without_decimals
from credit_bus.domain.event import Body
from credit_bus.domain.reason import Reason

_PREFIX_BYTES = 5

# Everything fastavro was seen to raise on bytes that are not what the schema says. A text that is
# not UTF-8 is a ValueError, an index or a varint cut short an IndexError, a decimal's or a date's
# overflow an ArithmeticError.
_UNREADABLE = (
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
    ArithmeticError,
    MemoryError,
    RecursionError,
    SchemaResolutionError,
    struct_error,
)


class EncodeError(ValueError):
    """A body that does not fit its schema: a mistake of the program that built it."""


@dataclass(frozen=True, slots=True)
class _Reader:
    type: str
    writer: Any
    reader: Any  # None: the same as the writer's
    finish: Finish | None
    quick: Read | None  # None: the bytes are in an older version's form


@dataclass(frozen=True, slots=True)
class _Writer:
    prefix: bytes
    parsed: Any
    check: Check


class Codec:
    """Encodes with the newest schema of a type, decodes what any released schema wrote."""

    def __init__(self, catalogue: SchemaCatalogue) -> None:
        latest = {schema.type: catalogue.latest(schema.type) for schema in catalogue.all}
        self._readers = {
            _prefix(schema): _reader(schema, latest[schema.type]) for schema in catalogue.all
        }
        self._writers = {name: _writer(schema) for name, schema in latest.items()}

    def encode(self, event_type: str, body: Body) -> bytes:
        """Return the value that says this body.

        Raises EncodeError when the body does not fit the type's newest schema, KeyError for an
        unknown type. Times are cut to milliseconds.
        """
        writer = self._writers[event_type]
        stream = BytesIO()
        stream.write(writer.prefix)
        try:
            writer.check(body)
            schemaless_writer(stream, writer.parsed, body)
        except (MisfitError, UnicodeEncodeError) as error:
            raise EncodeError(
                f"{event_type} cannot be written: {error}; build the body as its schema says"
            ) from error
        return stream.getvalue()

    def decode(self, value: bytes | None, *, expected_type: str | None) -> Body | Reason:
        """Return the body, in the shape of the type's newest schema, or why there is none.

        `expected_type` is what the headers say; None when they say nothing usable.
        """
        reader = self._readers.get(value[:_PREFIX_BYTES]) if value else None
        if value and reader and reader.quick and reader.type == expected_type:
            try:
                body, end = reader.quick(value, _PREFIX_BYTES)
            except UNUSUAL:
                end = -1
            if end == len(value):
                return cast("Body", body)
        return self.decode_fully(value, expected_type=expected_type)

    def decode_fully(self, value: bytes | None, *, expected_type: str | None) -> Body | Reason:
        """Return what `decode` does, by fastavro: it alone says what is wrong with odd bytes."""
        reader = self._readers.get(value[:_PREFIX_BYTES]) if value else None
        if value is None or reader is None:
            return refusal(_prefix_mistake(value), "")
        if expected_type is not None and reader.type != expected_type:
            return refusal("schema-of-other-type", "")
        stream = BytesIO(value)
        stream.seek(_PREFIX_BYTES)
        try:
            body: Body = schemaless_reader(stream, reader.writer, reader.reader)
            if reader.finish is not None:
                reader.finish(body)
        except MisfitError as error:
            return refusal("body-number-out-of-range", error.path)
        except _UNREADABLE:
            return refusal("body-undecodable", "")
        return body if stream.tell() == len(value) else refusal("body-trailing-bytes", "")

    def type_of(self, value: bytes | None) -> str | None:
        """Return the event type whose schema the value cites, or None."""
        reader = self._readers.get(value[:_PREFIX_BYTES]) if value else None
        return None if reader is None else reader.type


def _prefix_mistake(value: bytes | None) -> str:
    """Return the code of the rule that a value of no known schema breaks."""
    if not value:
        return "body-missing"
    is_wire_format = value[0] == 0 and len(value) >= _PREFIX_BYTES
    return "unknown-schema" if is_wire_format else "not-wire-format"


def _prefix(schema: Schema) -> bytes:
    return b"\x00" + schema.id.to_bytes(_PREFIX_BYTES - 1, "big")


def _reader(schema: Schema, latest: Schema) -> _Reader:
    shape, _ = shape_of(latest.parsed)
    return _Reader(
        schema.type,
        _plain(schema),
        None if schema is latest else _plain(latest),
        compile_finish(shape),
        compile_read(shape) if schema is latest else None,
    )


def _writer(schema: Schema) -> _Writer:
    return _Writer(_prefix(schema), schema.parsed, compile_check(shape_of(schema.parsed)[0]))


def _plain(schema: Schema) -> Any:
    return parse_schema(without_decimals(loads(schema.raw)))
