"""What an official enters becomes an event: pure, the id from the content, `now` an argument.

The rules that the gate will judge by are asked first, so that a mistake stands at its field at
once. Knows the bodies of the answers; knows no form's library, no database and no Kafka.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credit_bus.domain.calendar import local_day
from credit_bus.domain.checks import check_event
from credit_bus.domain.context import Context
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import OBJECTION_RAISED, REPAIR_DECIDED, REPAIR_REQUESTED
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Registry
from credit_bus_connectors.departments.desk.cases import Case
from credit_bus_connectors.departments.desk.subjects import with_bytes
from credit_bus_connectors.departments.desk.tasks import ANSWERS, Kind, Task
from credit_bus_connectors.departments.statement import make_event

NOT_ACCEPTED = "not_accepted"

# What was entered, by the name of the body's field: text, a day, a decimal, or None.
Entered = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The event that answers a task, and every reason why the gate would refuse it."""

    event: Event
    reasons: tuple[Reason, ...]


def answer_to(
    task: Task, case: Case, entered: Entered, *, registry: Registry, now: datetime
) -> Answer:
    """Return the event by which the case's party answers the task with what was entered."""
    opener = case.opener(task.because_of)
    kind = ANSWERS[task.kind]
    if task.kind is Kind.ACCEPT_REPAIR and entered["decision"] == NOT_ACCEPTED:
        kind = REPAIR_DECIDED  # a refusal to take it in is the decision
    body = _BODIES[task.kind](task, case, entered, registry)
    event = make_event(
        party=case.party,
        type_=kind,
        body=body,
        subject=opener.subject,
        time=now.replace(microsecond=0),
        revision=_revision(case, kind, task.measure),
        causation_id=task.because_of,
    )
    context = Context(
        registry=registry, today=local_day(now), source=case.party, subject=event.subject
    )
    return Answer(event=event, reasons=check_event(event, context))


def _revision(case: Case, kind: str, measure: str | None) -> int:
    """Return the next revision of the document: what was refused never had one."""
    standing = [
        each.revision
        for each in case.said
        if each.type == kind and each.body.get("measure") == measure and each.state != "rejected"
    ]
    return max(standing, default=0) + 1


def _respond(task: Task, case: Case, entered: Entered, _registry: Registry) -> dict[str, Any]:
    is_refused = entered["decision"] == "refused"
    return {
        **_of_action(task, case),
        "decision": entered["decision"],
        "refusal_reason": entered["refusal_reason"] if is_refused else None,
        "refusal_basis": entered["refusal_basis"] if is_refused else None,
        "responded_on": entered["responded_on"],
        "remark": entered["remark"],
    }


def _feed_back(task: Task, case: Case, entered: Entered, registry: Registry) -> dict[str, Any]:
    names = (
        "outcome",
        "executed_on",
        "result",
        "amount_10k",
        "legal_basis",
        "document_number",
        "batch_number",
        "operator",
        "remark",
    )
    given = {name: entered[name] for name in names}
    return {**_of_action(task, case), **given, "division": registry.district}


def _lift(task: Task, case: Case, entered: Entered, _registry: Registry) -> dict[str, Any]:
    names = ("lifted_on", "result", "document_number", "operator", "remark")
    given = {name: entered[name] for name in names}
    return {**_of_action(task, case), **given, "because_of": task.because_of}


def _verify(_task: Task, case: Case, entered: Entered, _registry: Registry) -> dict[str, Any]:
    raised = case.heard_of(OBJECTION_RAISED)[0]
    is_upheld = entered["decision"] == "upheld"
    return {
        "objection_number": raised.body["objection_number"],
        "raised_by": raised.source,
        "about": raised.body["about"],
        "decision": entered["decision"],
        "findings": entered["findings"],
        "remedy": entered["remedy"] if is_upheld else None,
        "basis": entered["basis"],
        "decided_on": entered["decided_on"],
    }


def _withdraw(task: Task, case: Case, entered: Entered, _registry: Registry) -> dict[str, Any]:
    raised = case.heard_of(OBJECTION_RAISED)[0].body
    return {
        "record": raised["about"]["record"],
        "record_revision": entered["record_revision"],
        "subject": with_bytes(raised["subject"]),
        "cause": "objection_upheld",
        "explanation": entered["explanation"],
        "basis": None,
        "because_of": task.because_of,
        "decided_on": entered["decided_on"],
    }


def _accept_repair(task: Task, case: Case, entered: Entered, _registry: Registry) -> dict[str, Any]:
    day = entered["decided_on"]
    if entered["decision"] != NOT_ACCEPTED:
        return {**_of_repair(task, case), "accepted_on": day}
    said = {"decision": NOT_ACCEPTED, "reason": entered["reason"]}
    return {**_of_repair(task, case), **said, "decided_on": day, "effective_on": None}


def _decide_repair(task: Task, case: Case, entered: Entered, _registry: Registry) -> dict[str, Any]:
    is_granted = entered["decision"] == "granted"
    return {
        **_of_repair(task, case),
        "decision": entered["decision"],
        "reason": entered["reason"],
        "decided_on": entered["decided_on"],
        "effective_on": entered["effective_on"] if is_granted else None,
    }


def _of_action(task: Task, case: Case) -> dict[str, Any]:
    action = case.opener(task.because_of).body["action_id"]
    return {"action_id": action, "measure": task.measure}


def _of_repair(_task: Task, case: Case) -> dict[str, Any]:
    requested = case.heard_of(REPAIR_REQUESTED)[0]
    return {
        "request_number": requested.body["request_number"],
        "requested_by": requested.source,
        "about": requested.body["about"],
    }


_Body = Callable[[Task, Case, Entered, Registry], dict[str, Any]]
_BODIES: Mapping[Kind, _Body] = {
    Kind.RESPOND: _respond,
    Kind.FEED_BACK: _feed_back,
    Kind.LIFT: _lift,
    Kind.VERIFY: _verify,
    Kind.WITHDRAW: _withdraw,
    Kind.ACCEPT_REPAIR: _accept_repair,
    Kind.DECIDE_REPAIR: _decide_repair,
}
