"""CloudEvents 1.0 in Kafka's binary mode: event attributes to record headers and back.

Knows the names, forms and bounds of the headers. Knows nothing of bodies, keys or rights.
Source: CloudEvents 1.0.2, Kafka Protocol Binding 1.0.2, section 3.2; extensions `revision`,
`correlationid`, `causationid`; W3C Trace Context for `traceparent`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from credit_bus.contracts.refusals import refusal
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus.domain.reason import Reason
from credit_bus.domain.value import value

SPECVERSION = "1.0"
CONTENT_TYPE = "application/avro"

# So that an accepted message fits every topic it is carried on to.
HEADERS_BYTES_MAX = 65_536

TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
REVISION = re.compile(r"[1-9][0-9]{0,8}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,128}")

# Each header of ours: name, longest value in bytes, required.
HEADERS = (
    ("ce_specversion", 8, True),
    ("ce_id", 128, True),
    ("ce_source", 64, True),
    ("ce_type", 64, True),
    ("ce_time", 64, True),
    ("ce_subject", 128, True),
    ("content-type", 64, True),
    ("ce_revision", 32, True),
    ("ce_correlationid", 128, False),
    ("ce_causationid", 128, False),
    ("traceparent", 128, False),
)
_BYTES_MAX = {name: bytes_max for name, bytes_max, _ in HEADERS}
_REQUIRED = tuple(name for name, _, required in HEADERS if required)
_OPTIONAL = tuple(name for name, _, required in HEADERS if not required)
_SPECVERSION = SPECVERSION.encode()
_CONTENT_TYPE = CONTENT_TYPE.encode()
_NO_OPTIONAL: tuple[str | None, ...] = (None,) * len(_OPTIONAL)
_ODD = ("not-ours",)
_TYPES = {name.encode(): name for name in EVENT_TYPES}


@value
class Envelope:
    """What the headers of a good message say."""

    id: str
    source: str
    type: str
    time: datetime
    subject: str
    revision: int
    correlation_id: str | None
    causation_id: str | None
    traceparent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """As much of the headers as can be read and safely repeated in a rejection."""

    id: str | None
    type: str | None
    correlation_id: str | None


def format_time(time: datetime) -> str:
    """Return the time in the one form of `ce_time`: RFC 3339, UTC, milliseconds (cut), `Z`."""
    if time.tzinfo is not UTC:
        time = time.astimezone(UTC)
    return time.isoformat(timespec="milliseconds")[:23] + "Z"


def to_headers(event: Event) -> list[tuple[str, bytes]]:
    """Return the record headers that say this event.

    Raises ValueError when `read_headers` would refuse them: that would be our own mistake.
    """
    texts = (
        SPECVERSION,
        event.id,
        event.source,
        event.type,
        format_time(event.time),
        event.subject,
        CONTENT_TYPE,
        str(event.revision),
        event.correlation_id,
        event.causation_id,
        event.traceparent,
    )
    headers = []
    for (name, bytes_max, required), text in zip(HEADERS, texts, strict=True):
        if text is None and not required:
            continue
        value = text.encode() if text and text.isprintable() else b""
        if not 0 < len(value) <= bytes_max:
            raise ValueError(
                f"{event.type}: header {name} must be printable text of 1 to {bytes_max} bytes; "
                f"correct what builds the event"
            )
        headers.append((name, value))
    if event.type not in EVENT_TYPES or not REVISION.fullmatch(str(event.revision)):
        raise ValueError(
            f"event {event.id}: type must be a known event type and revision 1 to 999999999, "
            f"got {event.type} and {event.revision}; correct what builds the event"
        )
    return headers


def read_headers(headers: Sequence[tuple[str, bytes]]) -> Envelope | tuple[Reason, ...]:
    """Return what the headers say, or every mistake in them."""
    return _read_usual(headers) or _read_any(headers)


def _read_usual(headers: Sequence[tuple[str, bytes]]) -> Envelope | None:
    """Return what headers say that are good and stand as `to_headers` writes them, else None.

    Nearly all do; by place instead of by name they are read in 2.5 µs instead of 5.4.
    """
    try:
        (n0, v0), (n1, v1), (n2, v2), (n3, v3), (n4, v4), (n5, v5), (n6, v6), (n7, v7), *rest = (
            headers
        )
        id_, source, subject = v1.decode(), v2.decode(), v5.decode()
        time, revision = _time(v4.decode()), v7.decode()
        optional = _usual_optional(rest) if rest else _NO_OPTIONAL
    except (ValueError, AttributeError):  # fewer of them, no text, a null value
        return None
    kind = _TYPES.get(v3)
    if (
        (n0, n1, n2, n3, n4, n5, n6, n7) == _REQUIRED
        and v0 == _SPECVERSION
        and v6 == _CONTENT_TYPE
        and kind is not None
        and time is not None
        and optional is not None
        and REVISION.fullmatch(revision)
        and 0 < len(v1) <= _BYTES_MAX["ce_id"]
        and 0 < len(v2) <= _BYTES_MAX["ce_source"]
        and 0 < len(v5) <= _BYTES_MAX["ce_subject"]
        and (id_ + source + subject).isprintable()
    ):
        correlation, causation, trace = optional
        return Envelope(
            id=id_,
            source=source,
            type=kind,
            time=time,
            subject=subject,
            revision=int(revision),
            correlation_id=correlation,
            causation_id=causation,
            traceparent=trace,
        )
    return None


def _usual_optional(headers: Sequence[tuple[str, bytes]]) -> tuple[str | None, ...] | None:
    """Return the texts of the optional headers in their order; None for anything odd."""
    found: dict[str, str] = {}
    for name, said in headers:
        text = _text(said, _BYTES_MAX[name]) if name in _OPTIONAL else _ODD
        if name in found or not isinstance(text, str):
            return None
        found[name] = text
    return tuple(map(found.get, _OPTIONAL))


def _read_any(headers: Sequence[tuple[str, bytes]]) -> Envelope | tuple[Reason, ...]:
    raw = dict(headers)
    reasons: list[Reason] = []
    texts: dict[str, str] = {}
    for name, bytes_max, required in HEADERS:
        if name in raw:
            text = _text(raw[name], bytes_max)
            if isinstance(text, str):
                texts[name] = text
            else:
                reasons.append(refusal(text[0], name))
        elif required:
            reasons.append(refusal("header-missing", name))
    time = None
    if reasons or not _is_plain(texts) or (time := _time(texts["ce_time"])) is None:
        reasons.extend(_odd_values(texts))
    if len(raw) != len(headers):
        reasons.extend(_repeated(headers))
    if not raw.keys() <= _BYTES_MAX.keys() and not all(map(_NAME.fullmatch, raw)):
        reasons.append(refusal("header-name", ""))
    if sum(len(name) + len(value or b"") for name, value in headers) > HEADERS_BYTES_MAX:
        reasons.append(refusal("headers-too-large", ""))
    if reasons or time is None:
        return tuple(reasons)
    return Envelope(
        id=texts["ce_id"],
        source=texts["ce_source"],
        type=texts["ce_type"],
        time=time,
        subject=texts["ce_subject"],
        revision=int(texts["ce_revision"]),
        correlation_id=texts.get("ce_correlationid"),
        causation_id=texts.get("ce_causationid"),
        traceparent=texts.get("traceparent"),
    )


def read_claims(headers: Sequence[tuple[str, bytes]]) -> Claims:
    """Return what a refused message says of itself; None for what is absent, odd or repeated."""
    names = [name for name, _ in headers]
    raw = dict(headers)

    def claim(name: str) -> str | None:
        if names.count(name) != 1:
            return None
        text = _text(raw[name], _BYTES_MAX[name])
        return text if isinstance(text, str) else None

    return Claims(
        id=claim("ce_id"), type=claim("ce_type"), correlation_id=claim("ce_correlationid")
    )


def readable_subject(key: bytes | None) -> str | None:
    """Return the record key as a subject key, or None when it could not be one."""
    text = _text(key, _BYTES_MAX["ce_subject"])
    return text if isinstance(text, str) else None


def _text(value: bytes | None, bytes_max: int) -> str | tuple[str]:
    """Return the text of a value, or (in a tuple) the code of the rule it breaks."""
    if not value:  # Kafka allows a header whose value is null
        return ("header-not-text",)
    if len(value) > bytes_max:
        return ("header-too-long",)
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return ("header-not-text",)
    return text if text.isprintable() else ("header-not-text",)


def _is_plain(texts: dict[str, str]) -> bool:
    return (
        texts["ce_specversion"] == SPECVERSION
        and texts["content-type"] == CONTENT_TYPE
        and texts["ce_type"] in EVENT_TYPES
        and REVISION.fullmatch(texts["ce_revision"]) is not None
    )


def _odd_values(texts: dict[str, str]) -> list[Reason]:
    """Return a reason for each value that is text, but not the text it must be."""
    wrong = (
        ("ce_specversion", "wrong-specversion", lambda text: text != SPECVERSION),
        ("content-type", "wrong-content-type", lambda text: text != CONTENT_TYPE),
        ("ce_type", "unknown-type", lambda text: text not in EVENT_TYPES),
        ("ce_time", "bad-time", lambda text: _time(text) is None),
        ("ce_revision", "bad-revision", lambda text: not REVISION.fullmatch(text)),
    )
    return [
        refusal(code, name)
        for name, code, is_wrong in wrong
        if name in texts and is_wrong(texts[name])
    ]


def _repeated(headers: Sequence[tuple[str, bytes]]) -> list[Reason]:
    """Return a reason for each of our headers that is repeated, and one for all others together."""
    seen: set[str] = set()
    again: set[str] = set()
    for name, _ in headers:
        (again if name in seen else seen).add(name)
    ours = [name for name in _BYTES_MAX if name in again]
    return [
        refusal("header-repeated", name) for name in (*ours, *([""] if again - set(ours) else []))
    ]


def _time(text: str) -> datetime | None:
    if not TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
