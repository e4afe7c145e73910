"""From a record of a topic to its hop. Pure; a record that reads as nothing is a hop all the same.

Where an accepted event must go says the router's own step, with the day on which the log took it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.headers import read_claims
from credit_bus.contracts.wire import Message, digest_of, read_event
from credit_bus.domain.calendar import moment_of
from credit_bus.domain.channels import (
    QUARANTINE,
    RECORDS,
    inbox,
    outbox,
    owner_of_outbox,
    party_of,
    replies,
)
from credit_bus.domain.event import document_key
from credit_bus.domain.event_types import (
    EVENT_ACCEPTED,
    EVENT_REJECTED,
    EVENT_TYPES,
    MEASURE_ORDERED,
)
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Registry
from credit_bus.flows.outcome import Forward, Say
from credit_bus.flows.routing import route
from credit_bus.operations.trace.hops import (
    Hop,
    Kind,
    name_of,
    name_of_place,
)

CODES_MAX = 20
REVISION_MAX = 2**31 - 1
_OUTBOX, _INBOX = outbox(""), inbox("")
_CODE_CHARACTERS_MAX = 64


def topics_of(registry: Registry) -> list[str]:
    """Return every topic of the bus."""
    return [
        RECORDS,
        QUARANTINE,
        *(name(party) for party in registry.parties for name in (outbox, inbox, replies)),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What reading needs to know: schemas, and the registry as it is today."""

    codec: Codec
    registry: Registry

    def hop(self, message: Message) -> Hop:
        """Return what the record is in the way of an event."""
        if message.topic == RECORDS:
            return self._logged(message)
        if message.topic == QUARANTINE:
            return self._quarantined(message)
        if message.topic.startswith(_OUTBOX):
            return _plain(message, Kind.SAID, owner_of_outbox(message.topic))
        return self._given(message)

    def _logged(self, message: Message) -> Hop:
        plain = _plain(message, Kind.LOGGED, self._source(message))
        event = read_event(message, self.codec).event
        if event is None or event.type not in EVENT_TYPES:
            return plain
        moment = moment_of(message.timestamp_ms)
        try:
            followed = route(event, registry=self.registry, now=moment).outputs
        except (KeyError, ValueError):  # no gate took this: the router would end there, too
            return plain
        expected: list[str] = []
        for output in followed:
            match output:
                case Forward(topic=topic):
                    expected.append(topic)
                case Say(topic=topic, event=said):
                    expected.append(f"{topic} {said.id}")
        return replace(plain, expected=tuple(expected), document=document_key(event))

    def _given(self, message: Message) -> Hop:
        is_inbox = message.topic.startswith(_INBOX)
        plain = _plain(message, Kind.FORWARDED, self._source(message))
        if is_inbox:
            return replace(plain, kind=Kind.ORDERED) if plain.type == MEASURE_ORDERED else plain
        body = self._receipt(message, plain.type)
        if body is None:
            return replace(plain, kind=Kind.RETURNED)
        if plain.type == EVENT_ACCEPTED:
            kind = Kind.DUPLICATE if body["duplicate"] else Kind.ACCEPTED
            return replace(
                plain,
                kind=kind,
                rule=body["rule_version"],
                about=name_of(body["event_id"]),
                about_type=_type(body["event_type"]),
            )
        place = (body["topic"], body["partition"], body["offset"])
        claimed = body["event_id"]
        return replace(
            plain,
            kind=Kind.REJECTED,
            rule=body["rule_version"],
            codes=_codes(body["reasons"]),
            origin=(body["partition"], body["offset"]),
            about=name_of_place(*place) if claimed is None else name_of(claimed),
            about_type=_type(body["event_type"]),
        )

    def _receipt(self, message: Message, kind: str) -> Mapping[str, Any] | None:
        if kind not in (EVENT_ACCEPTED, EVENT_REJECTED):
            return None
        body = self.codec.decode(message.value, expected_type=kind)
        return None if isinstance(body, Reason) else body

    def _quarantined(self, message: Message) -> Hop:
        told = {name: value or b"" for name, value in message.headers}
        topic, partition, offset = origin_of(told)
        claimed = read_claims(message.headers).id
        plain = _plain(message, Kind.QUARANTINED, "")
        owner = party_of(topic) or ""
        return replace(
            plain,
            name=name_of_place(topic, partition, offset) if claimed is None else name_of(claimed),
            source=owner if owner in self.registry.parties else "",
            codes=_codes(reasons_in(told)),
            origin=(partition, offset),
        )

    def _source(self, message: Message) -> str:
        said = next((value for name, value in message.headers if name == "ce_source"), None)
        text = (said or b"").decode("utf-8", "replace")
        return text if text in self.registry.parties else ""


def origin_of(headers: Mapping[str, bytes]) -> tuple[str, int, int]:
    """Return where a quarantined message was said; the bus itself wrote these headers."""
    try:
        return (
            headers["quarantine-topic"].decode(),
            int(headers["quarantine-partition"]),
            int(headers["quarantine-offset"]),
        )
    except (KeyError, ValueError):  # somebody else wrote there
        return ("", -1, -1)


def reasons_in(headers: Mapping[str, bytes]) -> list[Mapping[str, Any]]:
    """Return the reasons that stand in a quarantined message's headers."""
    try:
        told = json.loads(headers["quarantine-reasons"])
    except (KeyError, ValueError):
        return []
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []


def _plain(message: Message, kind: Kind, source: str) -> Hop:
    """Return what headers and place alone tell."""
    claims = read_claims(message.headers)
    raw = dict(message.headers)
    cause = (raw.get("ce_causationid") or b"").decode("utf-8", "replace")
    place = (message.topic, message.partition, message.offset)
    return Hop(
        name=name_of_place(*place) if claims.id is None else name_of(claims.id),
        kind=kind,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        at=moment_of(message.timestamp_ms),
        type=_type(claims.type),
        source=source,
        digest=digest_of(message.value),
        revision=_revision(raw.get("ce_revision")),
        about=name_of(cause) if cause else None,
    )


def _type(claimed: str | None) -> str:
    return claimed if claimed and claimed in EVENT_TYPES else ""


def _revision(said: bytes | None) -> int:
    text = (said or b"").decode("ascii", "replace")
    return min(int(text), REVISION_MAX) if text.isdecimal() and len(text) < 10 else 0


def _codes(reasons: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return each code once, in order; a code is ours, and short."""
    told = dict.fromkeys(str(each.get("code", ""))[:_CODE_CHARACTERS_MAX] for each in reasons)
    return tuple(told)[:CODES_MAX]
