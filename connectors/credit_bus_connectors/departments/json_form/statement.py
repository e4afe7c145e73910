"""A JSON statement becomes an event, or every reason why it does not. Pure.

The envelope (`ENVELOPE` has its fields; others are refused by name):

    {
      "type": "penalty.decided",        # an event type that a party may say, and the gate answers
      "data": {...},                    # the body, as the type's newest schema has it
      "subject": "91620702MA...",       # only needed where `data` has no `subject` of its own: an
                                        # answer repeats the ce_subject of what it answers
      "revision": 1,                    # default 1
      "time": "2018-03-23T10:30:00+08:00",  # default: when the adapter first saw the statement
      "causationid": "...",             # the id of the event that this answers, if any
      "id", "source", "specversion", "datacontenttype"  # CloudEvents: taken, checked, and no more
    }

The form of `data` is told in `json_values`. For an adapter:

    shapes = shapes_of(load_catalogue())                      # once
    parsed = read_json(content, bytes_max=...)                # JsonValue or Reason (json_text)
    outcome = read_statement(
        parsed.value,                                         # must come from read_json
        party="market-regulation",
        now=first_seen_at,                                    # keep it: a resend is the same event
        shapes=shapes,
        pseudonym=lambda number: pseudonym(number, secret),   # contracts.identity
    )
    if isinstance(outcome, Statement):                        # else a Refused: outcome.reasons
        keys.get_or_create_many(outcome.pseudonyms)           # of many statements together
        event = event_of(outcome, lambda number: seal(number, secret, keys))
        # write_event(event, codec) does not fail: all its bounds were checked here

`Statement.subject` and all else but the sealed numbers are final before anything is sealed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from credit_bus.contracts.schemas import SchemaCatalogue
from credit_bus.contracts.shape import Shape, shape_of
from credit_bus.contracts.wire import VALUE_BYTES_MAX
from credit_bus.domain.event import Body, Event
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.json_form.subject import (
    Pseudonym,
    check_numbers,
    stated_subject,
)
from credit_bus_connectors.departments.json_form.text import JsonObject
from credit_bus_connectors.departments.json_form.values import (
    REFUSED,
    ClearNumber,
    Findings,
    check_names,
    read_integer,
    read_text,
    read_time,
    read_value,
)
from credit_bus_connectors.departments.statement import (
    HEADER_TEXT_BYTES_MAX,
    fits_a_header,
    make_event,
)

REVISION_MAX = 999_999_999  # what ce_revision holds
SPECVERSION = "1.0"
MEDIA_TYPE = "application/json"

ENVELOPE = (
    "type",
    "data",
    "subject",
    "revision",
    "time",
    "causationid",
    "id",
    "source",
    "specversion",
    "datacontenttype",
)

# What an adapter says must be answered; platforms' confirmations are not, and go another way.
SAYABLE = tuple(
    sorted(name for name, row in EVENT_TYPES.items() if row.receipt and not row.said_by_bus)
)

Seal = Callable[[str], Mapping[str, Any]]  # to a `Sealed` record: contracts.identity.seal
Shapes = Mapping[str, Shape]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a party says, in good form. Its numbers are not sealed yet: it is never stored."""

    party: str
    type: str
    subject: str  # the subject key
    revision: int
    time: datetime
    body: Body = field(repr=False)
    causation_id: str | None
    given_id: str | None  # the client's own `id`, which names nothing on the bus
    pseudonyms: tuple[str, ...]  # of the numbers that `event_of` will give to `seal`


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A statement that is none, with every reason. `given_id` as far as it could be read."""

    reasons: tuple[Reason, ...]
    given_id: str | None = None


def shapes_of(catalogue: SchemaCatalogue) -> Shapes:
    """Return the shape of the newest schema of each type that a party may say."""
    return MappingProxyType({name: shape_of(catalogue.latest(name).parsed)[0] for name in SAYABLE})


def read_statement(
    document: Any, *, party: str, now: datetime, shapes: Shapes, pseudonym: Pseudonym
) -> Statement | Refused:
    """Return the statement that a value of `read_json` makes, or every reason why it makes none.

    `now` is the time of a statement that gives none: the same for every attempt at it.
    """
    found = Findings()
    if not isinstance(document, JsonObject):
        found.refuse("json-type", "", expected="对象")
        return Refused(reasons=tuple(found.reasons))
    check_names(document, ENVELOPE, "", found)
    given_id = _text(document, "id", found)
    kind = _kind(document, found)
    body = None
    if kind is not REFUSED:
        data = read_value(shapes[kind], document.get("data"), "data", found)
        body = None if data is REFUSED else data
    if body is not None:
        check_numbers(body, kind, found)
        _check_action(found, body)
    subject = _subject(document, body, found, pseudonym)
    revision = document.get("revision")
    if revision is None:
        revision = 1
    else:
        read_integer(revision, "revision", found, least=1, most=REVISION_MAX)
    time = now if document.get("time") is None else read_time(document["time"], "time", found)
    causation_id = _text(document, "causationid", found)
    _check_constants(document, party, found)
    if found.size > VALUE_BYTES_MAX:
        found.refuse("json-too-large", "data", bytes_max=VALUE_BYTES_MAX)
    if found.reasons:
        return Refused(reasons=tuple(found.reasons), given_id=given_id)
    assert body is not None, "a body that was refused has its reason"
    return Statement(
        party=party,
        type=kind,
        subject=subject,
        revision=revision,
        time=time,
        body=body,
        causation_id=causation_id,
        given_id=given_id,
        pseudonyms=tuple(pseudonym(number.number) for number in found.numbers),
    )


def event_of(statement: Statement, seal: Seal) -> Event:
    """Return the event that says this, with its numbers sealed."""
    return make_event(
        party=statement.party,
        type_=statement.type,
        body=_sealed(statement.body, seal),
        subject=statement.subject,
        time=statement.time,
        revision=statement.revision,
        causation_id=statement.causation_id,
    )


def _sealed(value: Any, seal: Seal) -> Any:
    match value:
        case ClearNumber(number):
            return seal(number)
        case dict():
            return {name: _sealed(each, seal) for name, each in value.items()}
        case list():
            return [_sealed(each, seal) for each in value]
        case _:
            return value


def _kind(document: JsonObject, found: Findings) -> Any:
    kind = document.get("type")
    if kind is None:
        return found.refuse("json-missing", "type")
    if not isinstance(kind, str) or kind not in SAYABLE:
        return found.refuse("json-event-type", "type", words="、".join(SAYABLE))
    return kind


def _check_action(found: Findings, body: Body) -> None:
    """Note an action's name that could not travel as the event's correlation."""
    for path, record in (("data.action_id", body), ("data.about.action_id", body.get("about"))):
        name = record.get("action_id") if isinstance(record, Mapping) else None
        if isinstance(name, str) and not fits_a_header(name):
            found.refuse("json-header", path, bytes_max=HEADER_TEXT_BYTES_MAX)


def _subject(document: JsonObject, body: Body | None, found: Findings, pseudonym: Pseudonym) -> str:
    """Return the subject key that the body gives, else the envelope; "" with a reason for none."""
    given = _text(document, "subject", found)
    if body is None:
        return ""
    if "subject" not in body:
        if document.get("subject") is None:
            found.refuse("json-subject-missing", "subject")
        return given or ""
    key = stated_subject(body["subject"], found, pseudonym)
    if key and given is not None and given != key:
        found.refuse("json-subject-differs", "subject")
    return key


def _check_constants(document: JsonObject, party: str, found: Findings) -> None:
    """Note attributes of CloudEvents that say something else than there is."""
    if document.get("source") not in (None, party):
        found.refuse("json-source", "source")
    for name, only in (("specversion", SPECVERSION), ("datacontenttype", MEDIA_TYPE)):
        if document.get(name) not in (None, only):
            found.refuse("json-word", name, words=only)


def _text(document: JsonObject, name: str, found: Findings) -> str | None:
    """Return an optional text of the envelope that must fit a header; None when it is refused."""
    value = document.get(name)
    if value is None or read_text(value, name, found) is REFUSED:
        return None
    if not fits_a_header(value):
        found.refuse("json-header", name, bytes_max=HEADER_TEXT_BYTES_MAX)
        return None
    return str(value)
