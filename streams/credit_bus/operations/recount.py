"""The figures of the reports once more, from the log of record alone.

Shares no code with casework and keeps no rows: it folds the log, subject by subject. What the hub
decided it reads from the hub's own words, which lie in the log as well, and it places each where it
was decided: right after the event that caused it, or at the clock's moment that it names.

Asked when nothing is under way. By the registry as it is today: a rule that was changed without
dates shows as a difference, as does an answer in the seconds around the clock's own turn.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from credit_bus.domain.calendar import local_day
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    RECORD_WITHDRAWN,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
)
from credit_bus.domain.registry import Registry
from credit_bus.domain.standing import UNDONE_BY_DOCUMENT
from credit_bus.operations.recounted_actions import HUB_DECIDES, Actions
from credit_bus.operations.recounted_cases import Cases, Shown
from credit_bus.operations.recounted_days import Sheet, last_day

CountKey = tuple[date, str, str]  # local day, party, and what is counted

_PUBLIC = (LICENCE_GRANTED, PENALTY_DECIDED)  # 双公示


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """An event, and the aware moment at which the log of record took it."""

    event: Event
    moment: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the hub decided: by the event that caused it, and by subject what its clock did."""

    after: Mapping[str, list[Event]]
    clock: Mapping[str, list[Event]]


def recount(log: Iterable[Logged], registry: Registry) -> dict[CountKey, int]:
    """Return how often each thing is to be counted, for each local day and party.

    The log is read twice: it must begin anew each time it is iterated. In any order of subjects,
    in the log's own order within each.
    """
    hub = registry.hub
    words = _words((each.event for each in log), hub)
    counts: Counter[CountKey] = Counter()
    subjects: dict[str, _Subject] = {}
    for each in log:
        name = each.event.subject
        if name not in subjects:
            subjects[name] = _Subject(
                sheet=Sheet(counts, registry), hub=hub, clock=words.clock.get(name, [])
            )
        subjects[name].take(each, words.after.get(each.event.id, []))
    for subject in subjects.values():
        subject.finish()
    return {key: times for key, times in counts.items() if times}


def _words(events: Iterable[Event], hub: str) -> Words:
    after: dict[str, list[Event]] = defaultdict(list)
    clock: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.source != hub or event.type not in HUB_DECIDES:
            continue
        if event.causation_id is None:
            clock[event.subject].append(event)
        else:
            after[event.causation_id].append(event)
    return Words(after=after, clock=clock)


@dataclass(slots=True, kw_only=True)
class _Subject:
    """What is known of one subject as far as the log is read."""

    sheet: Sheet
    hub: str
    clock: list[Event]
    actions: Actions = field(init=False)
    cases: Cases = field(init=False)
    shown: Shown = field(init=False)

    def __post_init__(self) -> None:
        self.shown = Shown(self.sheet)
        self.cases = Cases(self.sheet, self.shown)
        self.actions = Actions(self.sheet, is_open=self.cases.is_open)

    def take(self, logged: Logged, words: Iterable[Event]) -> None:
        """Count an event, then what the hub decided because of it."""
        while self.clock and self.clock[0].time <= logged.moment:
            self._decided(self.clock.pop(0))
        event = logged.event
        self.sheet.today = local_day(logged.moment)
        self.sheet.count(event.source, "said")
        if event.source != self.hub or event.type not in HUB_DECIDES:
            does = _DOES.get(event.type)
            if does is not None:
                does(self, event)
        for word in words:
            self._decided(word)

    def finish(self) -> None:
        """Take what the clock did after the last event."""
        while self.clock:
            self._decided(self.clock.pop(0))

    def _decided(self, word: Event) -> None:
        self.sheet.today = local_day(word.time)
        self.actions.decided(word)

    def stated(self, event: Event) -> None:
        """Note how long a record is shown; count a licence or penalty that comes too late."""
        if event.type in (PENALTY_DECIDED, LISTING_ENTERED):
            self.shown.stated(event)
        if event.type in _PUBLIC and event.revision == 1:
            last = last_day(self.sheet.registry, "publish", event.body["decided_on"])
            if last is not None and last < self.sheet.today:
                self.sheet.count(event.source, "published_late")

    def withdrawn(self, event: Event) -> None:
        """Count what an authority undid and its provider withdraws too late."""
        if event.body["cause"] in UNDONE_BY_DOCUMENT:
            last = last_day(self.sheet.registry, "withdraw", event.body["basis"]["issued_on"])
            if last is not None and last < self.sheet.today:
                self.sheet.count(event.source, "withdrawn_late")

    def reminded(self, event: Event) -> None:
        """Count whoever was told that something is overdue."""
        if event.body["state"] == "overdue":
            self.sheet.count(event.body["party"], "overdue")


_DOES: Mapping[str, Callable[[_Subject, Event], None]] = MappingProxyType(
    {
        LICENCE_GRANTED: _Subject.stated,
        PENALTY_DECIDED: _Subject.stated,
        LISTING_ENTERED: _Subject.stated,
        RECORD_WITHDRAWN: _Subject.withdrawn,
        REMINDER_DUE: _Subject.reminded,
        ACTION_INITIATED: lambda subject, event: subject.actions.initiated(event),
        MEASURE_RESPONDED: lambda subject, event: subject.actions.responded(event),
        MEASURE_EXECUTED: lambda subject, event: subject.actions.executed(event),
        MEASURE_LIFTED: lambda subject, event: subject.actions.lifted(event),
        ACTION_SUSPENDED: lambda subject, event: subject.actions.suspended(event),
        ACTION_RESUMED: lambda subject, event: subject.actions.resumed(event),
        ACTION_ENDED: lambda subject, event: subject.actions.ended(event),
        OBJECTION_RAISED: lambda subject, event: subject.cases.raised(event),
        OBJECTION_DECIDED: lambda subject, event: subject.cases.verified(event),
        REPAIR_REQUESTED: lambda subject, event: subject.cases.requested(event),
        REPAIR_ACCEPTED: lambda subject, event: subject.cases.accepted(event),
        REPAIR_DECIDED: lambda subject, event: subject.cases.decided(event),
    }
)
