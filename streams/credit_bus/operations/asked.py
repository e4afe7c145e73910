"""What was accepted against whom it had to reach besides platforms: who must act on it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from types import MappingProxyType

from credit_bus.domain.channels import RECORDS, inbox
from credit_bus.domain.event import Body, initiator_of
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    ENQUIRY_MADE,
    OBJECTION_RAISED,
    REMINDER_DUE,
    REPAIR_REQUESTED,
)
from credit_bus.domain.registry import Registry, Role
from credit_bus.operations.carried import with_successors
from credit_bus.operations.findings import Bodies, ByTopic, Conservation, Said, place


def _implementers(body: Body, _registry: Registry) -> set[str]:
    return {each["implementer"] for each in body["implementers"]}


def _verifier(body: Body, _registry: Registry) -> set[str]:
    record, action = body["about"]["record"], body["about"]["action_id"]
    return {record["provider"] if record else initiator_of(action)}


def _hub(_body: Body, registry: Registry) -> set[str]:
    return {party.code for party in registry.parties.values() if party.role is Role.HUB}


# Whose inboxes it must stand in, by its body.
_ASKED: Mapping[str, Callable[[Body, Registry], set[str]]] = MappingProxyType(
    {
        ACTION_SUSPENDED: _implementers,
        ACTION_RESUMED: _implementers,
        ACTION_ENDED: _implementers,
        OBJECTION_RAISED: _verifier,
        REPAIR_REQUESTED: lambda body, _: {body["recogniser"]},
        ENQUIRY_MADE: _hub,
        REMINDER_DUE: lambda body, _: {body["party"]},
    }
)


def check_asked(found: Conservation, topics: ByTopic, registry: Registry, bodies: Bodies) -> None:
    """Each such event stands once with each party that must act on it, and with nobody else."""
    came: dict[Said, Counter[str]] = defaultdict(Counter)
    for code, party in registry.parties.items():
        if party.role is not Role.PLATFORM:
            for record in topics[inbox(code)]:
                if record.text("ce_type") in _ASKED:
                    came[record.said][code] += 1
    for record in topics[RECORDS]:
        asked = _ASKED.get(record.text("ce_type"))
        if asked is None:
            continue
        to = came.pop(record.said, Counter[str]())
        lines = {
            owner: with_successors(owner, registry)
            for owner in asked(bodies[place(record)], registry)
        }
        unreached = [owner for owner, line in lines.items() if not line & to.keys()]
        strangers = to.keys() - set().union(*lines.values())
        if unreached or strangers or any(times != 1 for times in to.values()):
            found.differ(
                f"{record.text('ce_type')} {record.text('ce_id')} must stand once with each of"
                f" {sorted(lines)} and stands with {dict(sorted(to.items())) or 'nobody'}"
            )
    for (event_id, _), to in came.items():
        found.differ(f"{event_id} stands with {sorted(to)} and is not in {RECORDS}")
