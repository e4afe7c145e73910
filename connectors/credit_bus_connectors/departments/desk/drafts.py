"""An initiation between the clerk who drafts it and the reviewer who says it: pure.

Two persons stand behind each initiation: whoever drafted it never approves it. The database holds
the same by a constraint.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from credit_bus.domain.calendar import local_day
from credit_bus.domain.checks import check_event
from credit_bus.domain.context import Context
from credit_bus.domain.event import Event, action_id
from credit_bus.domain.event_types import ACTION_INITIATED
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Measure, Registry
from credit_bus_connectors.departments.desk.access import Account, Role
from credit_bus_connectors.departments.desk.cases import Case, State
from credit_bus_connectors.departments.desk.subjects import Seal, key_of, reference_of, with_bytes
from credit_bus_connectors.departments.statement import make_event

Body = Mapping[str, Any]

OWN = "拟稿人不能审核自己的拟稿，请由另一位审核人办理。"
NO_REVIEWER = "只有本单位的审核人可以审核拟稿。"
DECIDED = "该拟稿已经办理过。"

_DAYS = (
    ("instrument", "issued_on"),
    ("instrument", "effective_on"),
    ("notice", "given_on"),
    ("term", "begins_on"),
    ("term", "ends_on"),
)


class Stage(StrEnum):
    """How far a draft is."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    DROPPED = "dropped"  # by its drafter


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft as it is kept."""

    number: int
    party: str
    subject: str
    stage: Stage
    drafted_by: str
    drafted_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    remark: str | None
    body: Body = field(repr=False)


def refusal_to_review(draft: Draft, account: Account) -> str | None:
    """Return in Chinese why this account may not approve or return the draft; None if it may."""
    if account.party != draft.party or not account.may(Role.REVIEWER):
        return NO_REVIEWER
    if account.name == draft.drafted_by:
        return OWN
    return None if draft.stage is Stage.WAITING else DECIDED


def body_of(entered: Mapping[str, Any], party: str, seal: Seal) -> dict[str, Any]:
    """Return the body of an initiation from the fields of its form; days as days.

    Its subject has no mistakes; a number is sealed. Raises what `seal` raises.
    """

    def under(name: str, *fields: str) -> dict[str, Any]:
        return {each: entered[f"{name}_{each}"] for each in fields}

    subject = reference_of(seal=seal, **under("subject", "name", "category", "uscc", "number"))
    instrument = under(
        "instrument",
        *("type", "title", "number", "article", "issuer", "issued_on", "effective_on"),
    )
    return {
        "action_id": action_id(
            initiator=party, instrument=instrument["number"], subject=key_of(subject)
        ),
        "kind": entered["kind"],
        "subject": subject,
        "field": entered["field"],
        "cause": entered["cause"],
        "instrument": instrument,
        "notice": under("notice", "given_on", "method"),
        "term": under("term", "begins_on", "ends_on", "until_performance"),
        "measures": list(entered["measures"]),
        "remark": entered["remark"] or None,
    }


def initiation_of(
    body: Body, *, party: str, case: Case, registry: Registry, now: datetime
) -> tuple[Event, tuple[Reason, ...]]:
    """Return the event that says a body, and every reason why the gate would refuse it today."""
    standing = [
        each.revision
        for each in case.said
        if each.type == ACTION_INITIATED and each.state is not State.REJECTED
    ]
    event = make_event(
        party=party,
        type_=ACTION_INITIATED,
        body=with_days(body),
        subject=key_of(body["subject"]),
        time=now.replace(microsecond=0),
        revision=max(standing, default=0) + 1,
    )
    context = Context(registry=registry, today=local_day(now), source=party, subject=event.subject)
    return event, check_event(event, context)


def with_days(body: Body) -> dict[str, Any]:
    """Return the body as the wire has it: days, and bytes of a sealed number, are text as kept."""
    made = {
        name: dict(value) if isinstance(value, Mapping) else value for name, value in body.items()
    }
    for part, name in _DAYS:
        value = made[part][name]
        if isinstance(value, str):
            made[part][name] = date.fromisoformat(value)
    return {**made, "subject": with_bytes(made["subject"])}


def measures_for(registry: Registry, party: str, day: date) -> list[Measure]:
    """Return the measures of the catalogue that the party may initiate on that day."""
    return [
        each
        for each in registry.measures.values()
        if each.in_force_on(day) and (not each.initiators or party in each.initiators)
    ]


def field_of(reason: Reason) -> str:
    """Return the form's field that a reason is about."""
    return reason.field.partition("[")[0].replace(".", "_")
