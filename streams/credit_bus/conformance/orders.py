"""The made-up actions of which a department gets orders: initiated, suspended, resumed, ended.

The initiation is lawful by the registry's own catalogue, and its orders are the real router's.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from credit_bus.conformance.statements import COMPANY, PERSON, company, person
from credit_bus.contracts.identity import pseudonym
from credit_bus.domain.calendar import local_day
from credit_bus.domain.channels import inbox
from credit_bus.domain.dates import months_after
from credit_bus.domain.event import Event, action_id, action_of, document_of, event_id
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    MEASURE_ORDERED,
)
from credit_bus.domain.registry import Measure, MeasureKind, Registry, Role, SubjectCategory
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus.flows.outcome import Say
from credit_bus.flows.routing import BUS, route

MONTHS = 12
BOX_BYTES = 46  # of a number of 18 characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A measure that the department implements, and who may initiate it."""

    measure: Measure
    initiator: str
    field: str
    instrument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One made-up action, and the order of it that the department gets."""

    name: str
    order: Event

    @property
    def action(self) -> str:
        """Return the action's id."""
        return str(self.order.body["action_id"])

    @property
    def measure(self) -> str:
        """Return the measure ordered."""
        return str(self.order.body["measure"])


def ground_of(party: str, registry: Registry, today: date) -> Ground | None:
    """Return what can be ordered from the party today, or None when nothing can.

    A measure on firms is taken before one on persons alone, another's action before its own.
    """
    found = [
        Ground(measure=measure, initiator=initiator, field=field, instrument=instrument)
        for measure in registry.measures.values()
        if measure.in_force_on(today)
        and party in {registry.successor_of(each, today) for each in measure.implementers}
        for initiator in _initiators(measure, registry, today)
        for field in [each.code for each in registry.fields.values() if each.kind is measure.kind]
        for instrument in _instruments(measure, registry, today)
    ]
    return min(
        found,
        key=lambda each: (
            SubjectCategory.ORGANISATION not in each.measure.targets,
            each.initiator == party,
        ),
        default=None,
    )


def make_case(
    name: str,
    number: int,
    ground: Ground,
    party: str,
    *,
    registry: Registry,
    now: datetime,
    run: str,
    secret: bytes,
) -> Case:
    """Return the case of that name, its order as the router would put it into the inbox."""
    initiation = initiate(ground, number, registry=registry, now=now, run=run, secret=secret)
    orders = [
        output.event
        for output in route(initiation, registry=registry, now=now).outputs
        if isinstance(output, Say) and output.topic == inbox(party)
    ]
    return Case(name=name, order=orders[0])


def initiate(
    ground: Ground, number: int, *, registry: Registry, now: datetime, run: str, secret: bytes
) -> Event:
    """Return a lawful initiation of the ground's one measure on a made-up subject."""
    today = local_day(now)
    issued = today - timedelta(days=10)
    document = f"接入检测定〔{issued.year}〕{run}-{number}号"
    subject = _subject(ground.measure, number, secret)
    key = str(subject["uscc"] or subject["person_id"]["pseudonym"])
    body = {
        "action_id": action_id(initiator=ground.initiator, instrument=document, subject=key),
        "kind": str(ground.measure.kind),
        "subject": subject,
        "field": ground.field,
        "cause": "接入检测所用的示例事由",
        "instrument": {
            "type": ground.instrument,
            "title": registry.instrument_types[ground.instrument].name,
            "number": document,
            "article": "第一条",
            "issuer": registry.parties[ground.initiator].name,
            "issued_on": issued,
            "effective_on": issued,
        },
        "notice": {"given_on": issued, "method": "直接送达"},
        "term": {
            "begins_on": issued,
            "ends_on": months_after(issued, min(MONTHS, ground.measure.term_months_max or MONTHS)),
            "until_performance": False,
        },
        "measures": [ground.measure.code],
        "remark": None,
    }
    return said(ground.initiator, ACTION_INITIATED, body, key, now)


def to_another(case: Case, registry: Registry, party: str) -> Case:
    """Return the case with its order to another department, as if it had gone astray."""
    other = next(
        each.code
        for each in registry.parties.values()
        if each.role is Role.DEPARTMENT and each.code != party
    )
    order = case.order
    strayed = replace(
        order,
        id=event_id(
            source=BUS,
            kind=MEASURE_ORDERED,
            document=f"{case.action}|{case.measure}",
            subject=order.subject,
            revision=order.revision,
            step=other,
        ),
        body={**order.body, "implementer": other},
    )
    return replace(case, order=strayed)


def suspend(case: Case, reference: str, now: datetime) -> Event:
    """Return the word that an objection suspends the action, under that reference."""
    return _step(
        case,
        ACTION_SUSPENDED,
        now,
        reference=reference,
        cause="objection_under_verification",
        basis=None,
        effective_at=now,
    )


def resume(case: Case, reference: str, now: datetime) -> Event:
    """Return the word that the suspension of that reference is over."""
    return _step(
        case,
        ACTION_RESUMED,
        now,
        reference=reference,
        cause="objection_dismissed",
        basis=None,
        effective_at=now,
    )


def end(case: Case, now: datetime) -> Event:
    """Return the word that the action is over."""
    return _step(
        case,
        ACTION_ENDED,
        now,
        cause="objection_upheld",
        explanation=None,
        effective_on=local_day(now),
    )


def end_id(case: Case) -> str:
    """Return the id of the event that says so, whenever it is said."""
    return event_id(
        source=BUS,
        kind=ACTION_ENDED,
        document=case.action,
        subject=case.order.subject,
        revision=1,
    )


def said(source: str, kind: str, body: Mapping[str, Any], subject: str, now: datetime) -> Event:
    """Return the first revision of what the source says, under the id of its content."""
    return Event(
        id=event_id(
            source=source,
            kind=kind,
            document=document_of(kind, body),
            subject=subject,
            revision=1,
        ),
        source=source,
        type=kind,
        time=now,
        subject=subject,
        revision=1,
        correlation_id=action_of(body),
        body=body,
    )


def _step(case: Case, kind: str, now: datetime, **fields: Any) -> Event:
    order = case.order
    body = {
        "action_id": case.action,
        "because_of": hashlib.sha256(f"{case.action}{kind}".encode()).hexdigest()[:32],
        "implementers": order.body["recipients"],
        **fields,
    }
    return said(BUS, kind, body, order.subject, now)


def _subject(measure: Measure, number: int, secret: bytes) -> dict[str, Any]:
    if SubjectCategory.NATURAL_PERSON in measure.targets and len(measure.targets) == 1:
        told = person()
        box = hashlib.sha512(f"{PERSON}{number}".encode()).digest()[:BOX_BYTES]
        sealed = {"pseudonym": pseudonym(f"{told['person_id']}{number}", secret), "box": box}
        return {"name": told["name"], "category": told["category"], "uscc": None} | {
            "person_id": sealed
        }
    told = company(number)
    code = synthetic_uscc(COMPANY + number)
    category = told["category"]
    if SubjectCategory.ORGANISATION not in measure.targets:
        category, code = "individual_business", synthetic_uscc(COMPANY + number, "individual")
    return {"name": told["name"], "category": category, "uscc": code, "person_id": None}


def _initiators(measure: Measure, registry: Registry, today: date) -> list[str]:
    return [
        party.code
        for party in registry.parties.values()
        if ACTION_INITIATED in party.publishes
        and party.exists_on(today)
        and (not measure.initiators or party.code in measure.initiators)
    ]


def _instruments(measure: Measure, registry: Registry, today: date) -> list[str]:
    return [
        code
        for code in sorted(measure.instrument_types)
        if measure.kind is MeasureKind.INCENTIVE or registry.instrument_types[code].founds_on(today)
    ]
