"""The closing proof: who was sent what of a record or an action, and who has confirmed it.

It is read from the closure ledger alone, and holds no personal data: parties, events and times.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from credit_bus.casework.kept import AnyThing, Thing
from credit_bus.casework.port import Row, RowKey
from credit_bus.casework.things import THINGS, Action, Entry, Holding, Record
from credit_bus.domain.event_types import MEASURE_ORDERED


class Standing(StrEnum):
    """How it stands with one holder."""

    CONFIRMED = "confirmed"
    SENT = "sent"
    OVERDUE = "overdue"
    RETURNED = "returned"


# What an official reads.
WORDS: Mapping[str, str] = {
    Standing.CONFIRMED: "已确认",
    Standing.SENT: "已发送",
    Standing.OVERDUE: "逾期未确认",
    Standing.RETURNED: "已退回",
    "none": "未发起",
    "active": "执行中",
    "suspended": "已中止",
    "ended": "已终止",
    "closed": "已办结",
    "shown": "公示中",
    "hidden": "停止公示",
    "removed": "已移出名单",
    "withdrawn": "已撤回",
    "unknown": "尚未报送",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One holder of one event. `by` is the event that confirms or returns it."""

    event: str
    type: str
    revision: int
    holder: str
    standing: Standing
    measure: str | None = None
    sent_at: datetime | None = None
    by: str | None = None
    at: datetime | None = None
    acknowledgement: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The ledger of one record or action. `complete`: every holder has confirmed every event."""

    kind: str
    name: str
    reference: Mapping[str, object]
    state: str
    closed: str | None  # the event that closed an action
    lines: tuple[Line, ...]

    @property
    def complete(self) -> bool:
        """Return whether nothing is open: of an action, that it is closed as well."""
        held = all(line.standing is Standing.CONFIRMED for line in self.lines)
        return held and (self.kind != Action.kind or self.closed is not None)


def found_by(name: str, rows: Mapping[RowKey, Row]) -> tuple[RowKey, ...]:
    """Return the records and actions of a subject that the name is of.

    It names them itself, or an event about them, or the document that they are or stand on.
    """
    found: dict[RowKey, None] = {}
    for entry in _all(rows, Entry):
        if name in (entry.name, entry.about.name):
            found[entry.about.kind, entry.about.name] = None
    for action in _all(rows, Action):
        if name in (action.name, action.document_number):
            found[action.kind, action.name] = None
    for record in _all(rows, Record):
        if name in (record.name, *record.grounds):
            found[record.kind, record.name] = None
    return tuple(found)


def proof_of(key: RowKey, rows: Mapping[RowKey, Row]) -> Proof:
    """Return the proof of a record or an action, from all rows of its subject.

    Of a record or an action that never came, the ledger has what was said about it.
    """
    kind, name = key
    entries = sorted(
        (entry for entry in _all(rows, Entry) if (entry.about.kind, entry.about.name) == key),
        key=lambda entry: (entry.sent_at, entry.name),
    )
    thing = next((each for each in _all(rows, THINGS[kind]) if each.name == name), None)
    action = thing if isinstance(thing, Action) else None
    return Proof(
        kind=kind,
        name=name,
        reference=entries[0].about.reference if entries else {},
        state=_state(thing),
        closed=None if action is None else action.closed,
        lines=(*_deliveries(entries), *(() if action is None else _orders(action))),
    )


def _state(thing: Thing | None) -> str:
    if isinstance(thing, Action):
        return thing.state
    if not isinstance(thing, Record):
        return "unknown"
    if thing.gone:
        return "withdrawn"
    if thing.removed is not None:
        return "removed"
    return "shown" if thing.shown else "hidden" if thing.revision else "unknown"


def _deliveries(entries: Iterable[Entry]) -> Iterator[Line]:
    for entry in entries:
        overdue = {owed.party for owed in entry.duties if owed.overdue}
        for holding in entry.holdings:
            yield Line(
                event=entry.name,
                type=entry.type,
                revision=entry.revision,
                holder=holding.holder,
                standing=_standing(holding, is_overdue=holding.holder in overdue),
                sent_at=entry.sent_at,
                by=holding.confirmed or holding.refused,
                at=holding.confirmed_at,
                acknowledgement=holding.acknowledgement,
            )


def _standing(holding: Holding, *, is_overdue: bool) -> Standing:
    if holding.confirmed:
        return Standing.CONFIRMED
    if holding.refused:
        return Standing.RETURNED
    return Standing.OVERDUE if is_overdue else Standing.SENT


def _orders(action: Action) -> Iterator[Line]:
    """Each implementer of each measure: confirmed once it is refused or lifted."""
    overdue = {(owed.party, owed.measure) for owed in action.duties if owed.overdue}
    for order in action.orders:
        late = (order.implementer, order.measure) in overdue
        yield Line(
            event=action.event,
            type=MEASURE_ORDERED,
            revision=action.revision,
            holder=order.implementer,
            measure=order.measure,
            sent_at=action.ordered_at,
            standing=Standing.CONFIRMED
            if order.over
            else Standing.OVERDUE
            if late
            else Standing.SENT,
            by=order.over,
            at=order.over_at,
        )


def _all(rows: Mapping[RowKey, Row], kind: type[AnyThing]) -> list[AnyThing]:
    return [kind.model_validate(row.state) for row in rows.values() if row.kind == kind.kind]
