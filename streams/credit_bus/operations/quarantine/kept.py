"""A message in quarantine: what it was when it was said, where, and why it was refused. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.headers import read_claims
from credit_bus.contracts.plain import to_plain
from credit_bus.contracts.wire import Message
from credit_bus.domain.calendar import moment_of
from credit_bus.domain.channels import party_of
from credit_bus.domain.public_text import without_numbers
from credit_bus.domain.reason import Reason
from credit_bus.operations.trace.reading import origin_of, reasons_in

HEADER_CHARACTERS_SHOWN_MAX = 256
BODY_BYTES_SHOWN_MAX = 64  # of what does not decode
# What the gate adds behind the sender's own headers, in this order.
_ADDED = (
    "quarantine-stage",
    "quarantine-topic",
    "quarantine-partition",
    "quarantine-offset",
    "quarantine-timestamp",
    "quarantine-null",
    "quarantine-reasons",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A refused message. `message` is the original, byte for byte, with its own coordinates."""

    partition: int  # of the quarantine
    offset: int
    kept_at: datetime
    stage: str
    reasons: tuple[Reason, ...]
    message: Message

    @property
    def place(self) -> str:
        """Return how an operator names it."""
        return f"{self.partition}@{self.offset}"

    @property
    def party(self) -> str:
        """Return who said it."""
        return party_of(self.message.topic) or ""


def kept_of(record: Message) -> Kept | None:
    """Return what a record of the quarantine holds; None when no stage of the bus wrote it."""
    added = record.headers[-len(_ADDED) :]
    told = {name: value or b"" for name, value in added}
    topic, partition, offset = origin_of(told)
    if tuple(name for name, _ in added) != _ADDED or not party_of(topic):
        return None
    null = told["quarantine-null"].decode("ascii", "replace")
    said_at = told["quarantine-timestamp"].decode("ascii", "replace")
    return Kept(
        partition=record.partition,
        offset=record.offset,
        kept_at=moment_of(record.timestamp_ms),
        stage=told["quarantine-stage"].decode("utf-8", "replace"),
        reasons=tuple(_reason(each) for each in reasons_in(told)),
        message=replace(
            record,
            topic=topic,
            partition=partition,
            offset=offset,
            timestamp_ms=int(said_at) if said_at.isdecimal() else 0,
            key=None if "k" in null else record.key,
            headers=record.headers[: -len(_ADDED)],
            value=None if "v" in null else record.value,
        ),
    )


def plain(kept: Kept, codec: Codec) -> dict[str, Any]:
    """Return all of it as JSON values: reasons, coordinates, headers, and the body if it decodes.

    For the eyes of an operator, never for a log. It may have been refused for a number that stands
    in a text: identity numbers and mobile numbers are stars.
    """
    message = kept.message
    claims = read_claims(message.headers)
    told = {
        "place": kept.place,
        "kept_at": kept.kept_at.isoformat(),
        "stage": kept.stage,
        "party": kept.party,
        "event": claims.id,
        "type": claims.type,
        "said": {
            "topic": message.topic,
            "partition": message.partition,
            "offset": message.offset,
            "at": moment_of(message.timestamp_ms).isoformat(),
        },
        "reasons": [
            {"code": each.code, "field": each.field, "rule": each.rule, "remedy": each.remedy}
            for each in kept.reasons
        ],
        "headers": [[name, _text(value)] for name, value in message.headers],
        "body": _body(message.value, codec),
    }
    return {name: _masked(each) for name, each in told.items()}


def _body(value: bytes | None, codec: Codec) -> dict[str, Any]:
    decoded = codec.decode(value, expected_type=None)
    if isinstance(decoded, Reason):
        begin = _masked((value or b"")[: 2 * BODY_BYTES_SHOWN_MAX].decode("latin-1"))
        begins = begin[:BODY_BYTES_SHOWN_MAX].encode("latin-1").hex()
        return {"decodes": False, "why": decoded.code, "bytes": len(value or b""), "begins": begins}
    return {"decodes": True, "type": codec.type_of(value), "content": to_plain(decoded)}


def _masked(value: Any) -> Any:
    match value:
        case str():
            return without_numbers(value)
        case Mapping():
            return {name: _masked(each) for name, each in value.items()}
        case list():
            return [_masked(each) for each in value]
        case _:
            return value


def _reason(told: Mapping[str, Any]) -> Reason:
    return Reason(**{name: str(told.get(name, "")) for name in ("code", "field", "rule", "remedy")})


def _text(value: bytes | None) -> str | None:
    if value is None:
        return None
    return without_numbers(value.decode("utf-8", "backslashreplace"))[:HEADER_CHARACTERS_SHOWN_MAX]
