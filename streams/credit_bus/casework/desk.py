"""The desk: what a turn works on. Rows become things, and what is put or said becomes the turn."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from credit_bus.casework.kept import AnyThing, Thing
from credit_bus.casework.port import CountKey, Row, RowKey, Turn
from credit_bus.casework.things import THINGS
from credit_bus.domain.calendar import local_day
from credit_bus.domain.event import Event, action_of, document_of, event_id
from credit_bus.domain.registry import Registry
from credit_bus.domain.routes import platforms_of

# After the name comes the subject key: what parties call alike is of one subject all the same.
_SEPARATOR = "/"


def row_name(name: str, subject: str) -> str:
    """Return what the row of the thing of that name is called."""
    return name + _SEPARATOR + subject


def row_names(name: str) -> tuple[str, str]:
    """Return between which names the rows of that name lie, of any subject: first and after."""
    return name + _SEPARATOR, name + chr(ord(_SEPARATOR) + 1)


class Desk:
    """One turn's work on one subject, at one moment."""

    def __init__(
        self,
        rows: Mapping[RowKey, Row],
        *,
        registry: Registry,
        hub: str,
        subject: str,
        now: datetime,
        cause: Event | None = None,
    ) -> None:
        self.registry = registry
        self.hub = hub
        self.subject = subject
        self.now = now
        self.today = local_day(now)
        self._cause = cause
        things = [
            THINGS[row.kind].model_validate(row.state)
            for _, row in sorted(rows.items())
            if row.subject == subject
        ]
        self._things = {(thing.kind, thing.name): thing for thing in things}
        self._changed: dict[RowKey, None] = {}
        self._said: dict[str, Event] = {}
        self._counts: Counter[CountKey] = Counter()

    def find(self, kind: type[AnyThing], name: str) -> AnyThing | None:
        """Return the thing of that name, or None."""
        found = self._things.get((kind.kind, name))
        assert found is None or isinstance(found, kind)
        return found

    def get(self, kind: type[AnyThing], name: str) -> AnyThing:
        """Return the thing of that name, which is there: it was found or put before."""
        found = self.find(kind, name)
        assert found is not None, "what was put is kept"
        return found

    def thing(self, key: RowKey) -> Thing:
        """Return the thing of that row. KeyError when there is none."""
        kind, name = key
        return self._things[kind, name.removesuffix(_SEPARATOR + self.subject)]

    def all(self, kind: type[AnyThing]) -> tuple[AnyThing, ...]:
        """Return all things of a kind, by name."""
        return tuple(thing for thing in self._things.values() if isinstance(thing, kind))

    def put(self, thing: Thing) -> None:
        """Keep the thing as it now is."""
        key = (thing.kind, thing.name)
        if self._things.get(key) != thing:
            self._things[key] = thing
            self._changed[key] = None

    def platforms_of(self, event: Event) -> tuple[str, ...]:
        """Return the platforms to which the router forwards the event."""
        return platforms_of(event.type, event.body, self.registry, self.today, key=self.subject)

    def answers_for(self, source: str, party: str) -> bool:
        """Return whether the source is that party, or took its duties over by today.

        A party that the registry does not hold any more has no successor.
        """
        if source == party or party not in self.registry.parties:
            return source == party
        return self.registry.successor_of(party, self.today) == source

    def say(self, kind: str, body: Mapping[str, Any], *, revision: int = 1) -> str:
        """Have the hub say something; return the event's id."""
        made = event_id(
            source=self.hub,
            kind=kind,
            document=document_of(kind, body),
            subject=self.subject,
            revision=revision,
        )
        cause = self._cause
        self._said[made] = Event(
            id=made,
            source=self.hub,
            type=kind,
            time=self.now,
            subject=self.subject,
            revision=revision,
            correlation_id=action_of(body),
            causation_id=None if cause is None else cause.id,
            traceparent=None if cause is None else cause.traceparent,
            body=body,
        )
        return made

    def count(self, party: str, what: str, times: int = 1) -> None:
        """Count something of a party, on the day of the turn."""
        if times:
            self._counts[(self.today, party, what)] += times

    def turn(self) -> Turn:
        """Return what follows."""
        return Turn(
            changed=tuple(self._row(self._things[key]) for key in self._changed),
            said=tuple(self._said.values()),
            counts=dict(self._counts),
        )

    def _row(self, thing: Thing) -> Row:
        return Row(
            kind=thing.kind,
            name=row_name(thing.name, self.subject),
            subject=self.subject,
            due_on=thing.due_on,
            state=thing.model_dump(mode="json", exclude_defaults=True),
        )
