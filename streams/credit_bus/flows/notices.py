"""Whom an event is forwarded to besides the platforms: who must act on it, and who waits for it.

Each function returns a follower for the routing table. A party that is gone is represented by its
successor. The payload is forwarded as it came.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from credit_bus.domain.calendar import local_day
from credit_bus.domain.channels import inbox, replies
from credit_bus.domain.event import Event, initiator_of
from credit_bus.domain.references import owner_of
from credit_bus.domain.registry import Registry, Role
from credit_bus.domain.reminders import OVERDUE
from credit_bus.flows.outcome import Forward


@dataclass(frozen=True, slots=True, kw_only=True)
class ToNamed:
    """Forwards an event to the party that a body field names: on this kind of topic."""

    field: str
    channel: Callable[[str], str]

    def __call__(self, event: Event, registry: Registry, now: datetime) -> tuple[Forward, ...]:
        """Return the one output."""
        party = registry.successor_of(event.body[self.field], local_day(now))
        return (Forward(topic=self.channel(party)),)


def ask(field: str) -> ToNamed:
    """Return what forwards an event to the inbox of the party that this body field names."""
    return ToNamed(field=field, channel=inbox)


def answer(field: str) -> ToNamed:
    """Return what forwards an event to the replies of the party that this body field names."""
    return ToNamed(field=field, channel=replies)


def answer_initiator(event: Event, registry: Registry, now: datetime) -> tuple[Forward, ...]:
    """Forward to the party in whose name the action was started, or its successor."""
    initiator = registry.successor_of(initiator_of(event.body["action_id"]), local_day(now))
    return (Forward(topic=replies(initiator)),)


def tell_implementers(event: Event, registry: Registry, now: datetime) -> tuple[Forward, ...]:
    """Forward to each implementer of the frozen list, once however many measures it carries."""
    today = local_day(now)
    told = {
        registry.successor_of(each["implementer"], today): None
        for each in event.body["implementers"]
    }
    return tuple(Forward(topic=inbox(party)) for party in told)


def ask_owner(event: Event, registry: Registry, now: datetime) -> tuple[Forward, ...]:
    """Forward to whoever must verify: the record's provider, or the action's initiator."""
    owner = registry.successor_of(owner_of(event.body["about"]), local_day(now))
    return (Forward(topic=inbox(owner)),)


def ask_hub(_event: Event, registry: Registry, _now: datetime) -> tuple[Forward, ...]:
    """Forward to the hub, which answers enquiries."""
    hubs = (party.code for party in registry.parties.values() if party.role is Role.HUB)
    return tuple(Forward(topic=inbox(hub)) for hub in hubs)


def remind(event: Event, registry: Registry, now: datetime) -> tuple[Forward, ...]:
    """Forward a reminder to the party reminded; an overdue one to the action's initiator, too."""
    today = local_day(now)
    reminded = Forward(topic=inbox(registry.successor_of(event.body["party"], today)))
    action = event.body["about"]["action_id"]
    if action is None or event.body["state"] != OVERDUE:
        return (reminded,)
    initiator = registry.successor_of(initiator_of(action), today)
    return (reminded, Forward(topic=replies(initiator)))
