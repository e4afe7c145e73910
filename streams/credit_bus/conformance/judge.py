"""Stands in for the gate: the real step, over what one adapter says, one record at a time."""

from dataclasses import dataclass, field
from datetime import datetime

from credit_bus.conformance.history import Record, Seen
from credit_bus.conformance.plan import PLANNED, Plan
from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import Reading, arrival_of, read_event
from credit_bus.domain.arrival import Arrival
from credit_bus.domain.event import Body, Event, document_key
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Registry
from credit_bus.flows.gate import gate
from credit_bus.flows.outcome import Known, Outcome, Quarantine, Say
from credit_bus.flows.refusals import refusal


@dataclass(slots=True, kw_only=True)
class Judge:
    """Judges what the plan's party says. Remembers newest revisions, as the gate's index does."""

    plan: Plan
    codec: Codec
    registry: Registry
    known: dict[bytes, Known] = field(default_factory=dict)

    def see(self, record: Record, now: datetime) -> Seen:
        """Return the record as read, with the gate's verdict; nobody judges what nobody sees."""
        message = record.message
        reading = read_event(message, self.codec)
        body = self.codec.decode(message.value, expected_type=None)
        stated: Body | None = None if isinstance(body, Reason) else body
        kind = self.codec.type_of(message.value)
        planned = kind is not None and stated is not None and self.plan.refuses(kind, stated)
        outcome = self._judged(record, reading, planned, now) if record.is_visible else None
        reasons = _reasons(outcome) if outcome else reading.reasons
        return Seen(
            record=record,
            kind=kind,
            body=stated,
            event=reading.event,
            reasons=tuple(reason for reason in reasons if reason != PLANNED),
            planned=planned,
            receipt=_receipt(outcome) if outcome else None,
        )

    def _judged(self, record: Record, reading: Reading, planned: bool, now: datetime) -> Outcome:
        event = reading.event
        key = document_key(event) if event is not None else b""
        arrival = self._arrival(record, reading, planned)
        outcome = gate(arrival, self.known.get(key), registry=self.registry, now=now)
        if outcome.known is not None:
            self.known[key] = outcome.known
        return outcome

    def _arrival(self, record: Record, reading: Reading, planned: bool) -> Arrival:
        more = (PLANNED,) if planned else ()
        if record.home is not None and record.home != record.message.partition:
            more = (refusal("wrong-partition", "key"), *more)
        return arrival_of(record.message, reading, sender=self.plan.party.code, more=more)


def _reasons(outcome: Outcome) -> tuple[Reason, ...]:
    refused = [output for output in outcome.outputs if isinstance(output, Quarantine)]
    return refused[0].reasons if refused else ()


def _receipt(outcome: Outcome) -> Event | None:
    return next((output.event for output in outcome.outputs if isinstance(output, Say)), None)
