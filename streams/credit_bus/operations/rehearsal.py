"""A changed registry tried on what was said: who would newly receive what, or no longer. Pure.

Each event of the log of record is led by both registries as if the log took it on the day asked
for, so that rules that begin on a day to come can be tried before it; and what parties said is
judged by both. What was refused lies in quarantine and is judged by the gate with both: what the
new one alone would take is told, whether or not its sender has said it rightly since. Nothing is
sent anywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from credit_bus.contracts.headers import read_claims
from credit_bus.domain.calendar import SHANGHAI
from credit_bus.domain.channels import party_of
from credit_bus.domain.checks import check_event
from credit_bus.domain.context import Context
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import CANARY_SENT, EVENT_TYPES, MEASURE_ORDERED
from credit_bus.domain.registry import Registry
from credit_bus.domain.upkeep import is_of_canary
from credit_bus.flows.outcome import Quarantine, Say
from credit_bus.flows.routing import route
from credit_bus.operations.quarantine.kept import Kept
from credit_bus.operations.quarantine.rejudged import Bench, Verdict, rejudge

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
    changed: int  # events of the log of record to which anything happens
    refusals: int  # messages of the quarantine that were judged
    gains: Mapping[Way, Change]
    losses: Mapping[Way, Change]
    refused: Mapping[Refused, Change]
    passed: Mapping[Refused, Change]  # messages of the quarantine that only the new one takes

    @property
    def is_same(self) -> bool:
        """Whether nothing would be otherwise."""
        return not self.changed and not self.passed


def rehearse(
    events: Iterable[Event], old: Bench, new: Bench, *, day: date, refused: Iterable[Kept] = ()
) -> Rehearsal:
    """Return what would be otherwise for these events, and these refused messages, on that day."""
    noon = datetime.combine(day, time(12), SHANGHAI).astimezone(UTC)
    gains: dict[Way, Change] = {}
    losses: dict[Way, Change] = {}
    barred: dict[Refused, Change] = {}
    number = changed = 0
    for event in events:
        if is_of_canary(event):
            continue
        number += 1
        before, after = (_ways(event, each.registry, noon) for each in (old, new))
        found = _note(gains, after - before, event.id) + _note(losses, before - after, event.id)
        codes, newer = (_codes(event, each.registry, day) for each in (old, new))
        found += _note(barred, newer - codes, event.id)
        changed += bool(found)
    refusals, passed = _passed(refused, old, new, noon)
    return Rehearsal(
        day=day,
        old_version=old.registry.version,
        new_version=new.registry.version,
        events=number,
        changed=changed,
        refusals=refusals,
        gains=gains,
        losses=losses,
        refused=barred,
        passed=passed,
    )


def _passed(
    refused: Iterable[Kept], old: Bench, new: Bench, noon: datetime
) -> tuple[int, dict[Refused, Change]]:
    """Return how many messages were judged, and those that the new registry alone would take.

    Told by the reasons for which the old one would refuse them.
    """
    number = 0
    passed: dict[Refused, Change] = {}
    for kept in refused:
        claims = read_claims(kept.message.headers)
        if claims.type == CANARY_SENT:
            continue
        number += 1
        before, after = (rejudge(kept, None, each, home=None, now=noon) for each in (old, new))
        if after.verdict is Verdict.ACCEPTED:
            codes = {each.code for each in (*before.stay, *before.new)}
            kind, event_id = claims.type or "", claims.id or ""  # what is taken has both
            _note(passed, {(kind, kept.party, code) for code in codes}, event_id)
    return number, passed


def _note(changes: dict[Key, Change], keys: Iterable[Key], event_id: str) -> int:
    told = sorted(keys)
    for key in told:
        changes.setdefault(key, Change()).add(event_id)
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
