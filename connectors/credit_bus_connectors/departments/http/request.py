"""What a request says and what is answered: JSON text to statements, verdicts to JSON text. Pure.

A request is one event or an array of them. Single events without form do not stop the others,
unless the client asks for `Prefer: handling=strict`; a request none of whose events has form is
refused whole. Knows no HTTP server, no database and no Kafka.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.http.rules import STATUS, http_reason
from credit_bus_connectors.departments.json_form.statement import Refused, Statement
from credit_bus_connectors.departments.json_form.text import read_json
from credit_bus_connectors.departments.rules import form_reason

BYTES_MAX = 4 * 1024 * 1024
EVENTS_MAX = 500
REASONS_PER_ANSWER_MAX = 10_000  # so many for each of its events; the link of one tells all

JSON = "application/json"
SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
MEDIA_TYPES = frozenset({JSON, SINGLE, BATCH})

# Another purpose under the same secret must give another digest.
_DIGEST_PURPOSE = b"credit-bus intake request v1\x00"


class State(StrEnum):
    """What became of one event of a request."""

    PENDING = "pending"  # said, and not answered by the gate yet
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"  # accepted before; nothing new followed
    REJECTED = "rejected"  # by the gate; or, without an event id, for its form: never said


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What a request is known by: the party and its own Idempotency-Key."""

    party: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it came, its sender being known."""

    name: Name
    content: bytes = field(repr=False)
    media_type: str
    strict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is known of one statement that was said."""

    event_id: str
    state: State
    reasons: tuple[Reason, ...] = ()
    judged_at: datetime | None = None
    rule_version: str | None = None

    @property
    def is_final(self) -> bool:
        """Whether the gate has judged it."""
        return self.state is not State.PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An event of a request: the trace under which it is said, or why it is not."""

    trace: str | None
    given_id: str | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A status and a body; `retry` when the same request should come again later."""

    status: int
    content: bytes
    retry: bool = False


def digest_of(request: Request, secret: bytes) -> bytes:
    """Return a digest of what the request says, which tells nobody without the secret what."""
    way = f"{request.media_type} {request.strict}".encode()
    said = _DIGEST_PURPOSE + way + b"\x00" + request.content
    return hmac.new(secret, said, hashlib.sha256).digest()


def read_request(
    content: bytes,
    media_type: str,
    *,
    strict: bool,
    read: Callable[[Any], Statement | Refused],
) -> tuple[Statement | Refused, ...] | Response:
    """Return each event of the request as a statement or refused, or the refusal of the whole."""
    parsed = read_json(content, bytes_max=BYTES_MAX)
    if isinstance(parsed, Reason):
        return refusal(400, (parsed,))
    is_batch = isinstance(parsed.value, list)
    if media_type != JSON and is_batch != (media_type == BATCH):
        return refused("http-single-expected" if is_batch else "http-batch-expected")
    events = parsed.value if is_batch else [parsed.value]
    if not events:
        return refused("http-nothing-said")
    if len(events) > EVENTS_MAX:
        return refused("http-too-many-events", events_max=EVENTS_MAX)
    found = tuple(_bounded(read(event), len(events)) for event in events)
    bad = [(at, each) for at, each in enumerate(found) if isinstance(each, Refused)]
    if len(bad) < (1 if strict else len(found)):
        return found
    reasons = [
        replace(reason, field=_place(at, reason.field)) if is_batch else reason
        for at, each in bad
        for reason in each.reasons
    ]
    return refusal(400, reasons)


def refused(code: str, **detail: object) -> Response:
    """Return the refusal of a whole request for one rule of `http_rules`."""
    status = STATUS[code]
    return refusal(status, (http_reason(code, **detail),), retry=status in {408, 409, 429, 503})


def refusal(status: int, reasons: Sequence[Reason], *, retry: bool = False) -> Response:
    """Return the refusal of a whole request, with its reasons."""
    told = {"reasons": [asdict(reason) for reason in reasons]}
    return Response(status=status, content=_json(told), retry=retry)


def answer(items: Sequence[Item], verdicts: Mapping[str, Verdict], *, base_path: str) -> Response:
    """Return the answer to a request: 200 when every event of it is judged, else 202."""
    events = [
        {
            "position": at,
            "id": item.given_id,
            **(
                _refused_event(item)
                if item.trace is None
                else told_event(_shortened(verdicts[item.trace], len(items)), base_path=base_path)
            ),
        }
        for at, item in enumerate(items)
    ]
    is_pending = any(event["state"] == State.PENDING for event in events)
    return Response(status=202 if is_pending else 200, content=_json({"events": events}))


def event_answer(verdict: Verdict, *, base_path: str) -> Response:
    """Return what is known of one event."""
    return Response(status=200, content=_json(told_event(verdict, base_path=base_path)))


def told_event(verdict: Verdict, *, base_path: str) -> dict[str, Any]:
    """Return the verdict as an answer tells it."""
    return {
        "event": verdict.event_id,
        "state": verdict.state.value,
        "reasons": [asdict(reason) for reason in verdict.reasons],
        "judged_at": None if verdict.judged_at is None else verdict.judged_at.isoformat(),
        "rule_version": verdict.rule_version,
        "link": f"{base_path}/events/{verdict.event_id}",
    }


def _refused_event(item: Item) -> dict[str, Any]:
    return {
        "event": None,
        "state": State.REJECTED.value,
        "reasons": [asdict(reason) for reason in item.reasons],
        "judged_at": None,
        "rule_version": None,
        "link": None,
    }


def _bounded(outcome: Statement | Refused, events: int) -> Statement | Refused:
    if isinstance(outcome, Statement):
        return outcome
    return replace(outcome, reasons=_fitting(outcome.reasons, events))


def _shortened(verdict: Verdict, events: int) -> Verdict:
    return replace(verdict, reasons=_fitting(verdict.reasons, events))


def _fitting(reasons: tuple[Reason, ...], events: int) -> tuple[Reason, ...]:
    """Return as many of an event's reasons as an answer to so many events has room for."""
    most = REASONS_PER_ANSWER_MAX // events
    cut = (*reasons[:most], form_reason("json-more-reasons", ""))
    return cut if len(reasons) > len(cut) else reasons


def _place(at: int, field: str) -> str:
    return f"[{at}].{field}" if field else f"[{at}]"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
