"""A changed registry tried on the log of record: who would newly receive what, or no longer. Pure.

Each event is led by both registries as if the log took it on the day asked for, so that rules that
begin on a day to come can be tried before it; and what parties said is judged by both. Nothing is
sent anywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from credit_bus.domain.calendar import SHANGHAI
from credit_bus.domain.channels import party_of
from credit_bus.domain.checks import check_event
from credit_bus.domain.context import Context
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import EVENT_TYPES, MEASURE_ORDERED
from credit_bus.domain.registry import Registry
from credit_bus.domain.upkeep import is_of_canary
from credit_bus.flows.outcome import Quarantine, Say
from credit_bus.flows.routing import route

EXAMPLES_MAX = 5  # ids named of each change

Key = tuple[str, str, str]
Way = Key  # what goes to whom: type, receiving party, and of an order its measure
Refused = Key  # what is refused: type, source, and the reason's code


@dataclass(slots=True)
class Change:
    """How often something would be otherwise, and the first few events of it."""

    number: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, event_id: str) -> None:
        """Note one event more."""
        self.number += 1
        if len(self.examples) < EXAMPLES_MAX:
            self.examples.append(event_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What a changed registry would do. Refusals by type, source and reason."""

    day: date
    old_version: str
    new_version: str
    events: int
    changed: int  # events to which anything happens
    gains: Mapping[Way, Change]
    losses: Mapping[Way, Change]
    refused: Mapping[Refused, Change]
    passed: Mapping[Refused, Change]  # refused by the old one alone

    @property
    def is_same(self) -> bool:
        """Whether nothing would be otherwise."""
        return self.changed == 0


def rehearse(events: Iterable[Event], old: Registry, new: Registry, *, day: date) -> Rehearsal:
    """Return what would be otherwise for these events on that day."""
    noon = datetime.combine(day, time(12), SHANGHAI).astimezone(UTC)
    gains: dict[Way, Change] = {}
    losses: dict[Way, Change] = {}
    refused: dict[Refused, Change] = {}
    passed: dict[Refused, Change] = {}
    number = changed = 0
    for event in events:
        if is_of_canary(event):
            continue
        number += 1
        before, after = _ways(event, old, noon), _ways(event, new, noon)
        found = _note(gains, after - before, event) + _note(losses, before - after, event)
        codes, newer = _codes(event, old, day), _codes(event, new, day)
        found += _note(refused, newer - codes, event) + _note(passed, codes - newer, event)
        changed += bool(found)
    return Rehearsal(
        day=day,
        old_version=old.version,
        new_version=new.version,
        events=number,
        changed=changed,
        gains=gains,
        losses=losses,
        refused=refused,
        passed=passed,
    )


def _note(changes: dict[Key, Change], keys: Iterable[Key], event: Event) -> int:
    told = sorted(keys)
    for key in told:
        changes.setdefault(key, Change()).add(event.id)
    return len(told)


def _ways(event: Event, registry: Registry, now: datetime) -> set[Way]:
    """Return where an event leads; nowhere when the registry does not know its parties."""
    try:
        outputs = route(event, registry=registry, now=now).outputs
    except (KeyError, ValueError):
        return set()
    return {
        (
            output.event.type if isinstance(output, Say) else event.type,
            party_of(output.topic) or "",
            str(output.event.body["measure"])
            if isinstance(output, Say) and output.event.type == MEASURE_ORDERED
            else "",
        )
        for output in outputs
        if not isinstance(output, Quarantine)
    }


def _codes(event: Event, registry: Registry, day: date) -> set[Refused]:
    """Return why the event would be refused, by type, source and reason; what is ours never is."""
    row = EVENT_TYPES[event.type]
    party = registry.parties.get(event.source)
    if row.said_by_bus:
        return set()
    codes = set()
    if party is None or not party.may_say(row):
        codes.add("no-right")
    try:
        context = Context(registry=registry, today=day, source=event.source, subject=event.subject)
        codes |= {reason.code for reason in check_event(event, context)}
    except (KeyError, ValueError):  # of a party or a successor that the registry does not have
        codes.add("party-unknown")
    return {(event.type, event.source, code) for code in codes}
