"""What the parties of a district say in the course of an action, by what they are told. Pure.

A department penalises a firm and initiates a measure that it and three others carry out; the firm
objects; the department decides; whatever ends the action, each of the four lifts the measure.
Platforms confirm whatever they are given.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests import samples
from tests.samples import WINDOW, said

from credit_bus.domain.event import Event, action_id
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    RECORD_WITHDRAWN,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
)

MEASURE = "tendering-ban-fraud"
IMPLEMENTERS = ("development-reform", "housing-construction", "transport", "water")
WAYS = ("record wrong", "action wrong", "initiator withdraws", "repaired")
UPHELD = WAYS[:2]

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One firm's action: who penalises and initiates, who refuses, and how it comes to an end."""

    number: int  # of the document; of nothing else
    firm: int
    department: str
    way: str
    refuser: str | None
    objects_after: int  # answers of implementers

    @property
    def subject(self) -> str:
        """The firm's code."""
        return str(samples.reference(self.firm)["uscc"])

    @property
    def document(self) -> str:
        """The penalty's number."""
        return f"甘区罚〔2026〕{self.number}号"

    @property
    def action(self) -> str:
        """The action's name."""
        return action_id(initiator=self.department, instrument=self.document, subject=self.subject)

    @property
    def about_record(self) -> Body:
        """What an objection to the penalty, or its repair, is about."""
        record = {"provider": self.department, "type": PENALTY_DECIDED}
        return {"record": {**record, "document_number": self.document}, "action_id": None}

    @property
    def about(self) -> Body:
        """What the objection is about."""
        if self.way == "action wrong":
            return {"record": None, "action_id": self.action}
        return self.about_record

    def say(self, kind: str, body: Body, *, party: str, because: str | None = None) -> Event:
        """Return the event by which a party says this of the firm."""
        return said(kind, body, party=party, subject=self.subject, causation_id=because)

    def beginning(self) -> list[Event]:
        """Return what the department says first: the penalty, and the initiation on it."""
        penalty = samples.penalty_body(self.firm, document_number=self.document)
        instrument = {
            "type": "administrative-penalty-decision",
            "title": "行政处罚决定书",
            "number": self.document,
            "article": "《中华人民共和国招标投标法》第五十四条",
            "issuer": "甘州区有关部门",
            "issued_on": date(2026, 5, 20),
            "effective_on": date(2026, 5, 20),
        }
        initiation = samples.initiation_body(
            self.firm,
            action_id=self.action,
            field="tendering",
            cause="以他人名义投标，弄虚作假骗取中标",
            instrument=instrument,
            measures=[MEASURE],
        )
        return [
            self.say(PENALTY_DECIDED, penalty, party=self.department),
            self.say(ACTION_INITIATED, initiation, party=self.department),
        ]


def cases(seed: int, count: int) -> list[Case]:
    """Return so many cases of as many firms, every way among them; others for another seed."""
    dice = random.Random(seed)
    return [
        Case(
            number=seed * 10_000_000 + place,
            firm=(seed * 100 + place) % 20_000,
            department=dice.choice(IMPLEMENTERS),
            way=WAYS[place % len(WAYS)],
            refuser=dice.choice((None, None, *IMPLEMENTERS)),
            objects_after=dice.randint(1, len(IMPLEMENTERS)),
        )
        for place in range(count)
    ]


@dataclass(slots=True)
class Courses:
    """The parties of some cases: what each says next, by what it reads in its inbox and replies."""

    of_action: dict[str, Case]
    of_document: dict[str, Case]
    closed: Counter[str] = field(default_factory=Counter)  # actions
    _answers: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, cases: Sequence[Case]) -> "Courses":
        """Return the courses of these cases."""
        return cls({case.action: case for case in cases}, {case.document: case for case in cases})

    def asked(self, party: str, event: Event) -> list[Event]:
        """Return what a department says to what came into its inbox."""
        case = self._case(event)
        if case is None:
            return []
        match event.type:
            case "measure.ordered":
                return _answers(case, party, event)
            case "objection.raised":
                return _decision(case, event)
            case "repair.requested":
                return _repair(case, event)
            case "action.ended" if party != case.refuser:
                lifting = samples.lifting_body(
                    action_id=case.action, measure=MEASURE, because_of=event.id
                )
                return [case.say(MEASURE_LIFTED, lifting, party=party, because=event.id)]
        return []

    def answered(self, party: str, event: Event) -> list[Event]:
        """Return what follows, at the window or the department, from what came back to a party."""
        case = self._case(event)
        if case is None or party != case.department:
            return []
        if event.type == ACTION_CLOSED:
            self.closed[case.action] += 1
        if event.type in (MEASURE_RESPONDED, MEASURE_EXECUTED):
            self._answers[case.action] += 1
            if self._answers[case.action] == case.objects_after:
                return [_objection(case)]
        if event.type == ACTION_RESUMED and case.way not in UPHELD:
            return [_withdrawal(case, event) if case.way == "initiator withdraws" else _asks(case)]
        return []

    def _case(self, event: Event) -> Case | None:
        action = event.body.get("action_id") or event.body.get("about", {}).get("action_id")
        if action:
            return self.of_action.get(action)
        record = event.body.get("about", {}).get("record")
        return self.of_document.get(record["document_number"]) if record else None


def _answers(case: Case, party: str, order: Event) -> list[Event]:
    response = samples.response_body(case.action, MEASURE)
    if party == case.refuser:
        response |= {
            "decision": "refused",
            "refusal_reason": "当事人已注销",
            "refusal_basis": "《中华人民共和国公司法》第三十七条",
        }
        return [case.say(MEASURE_RESPONDED, response, party=party, because=order.id)]
    execution = samples.execution_body(case.action, MEASURE)
    return [
        case.say(MEASURE_RESPONDED, response, party=party, because=order.id),
        case.say(MEASURE_EXECUTED, execution, party=party, because=order.id),
    ]


def _objection(case: Case) -> Event:
    body = samples.objection_body(
        case.firm, objection_number=f"政务异〔2026〕{case.number}号", about=case.about
    )
    return case.say(OBJECTION_RAISED, body, party=WINDOW)


def _decision(case: Case, objection: Event) -> list[Event]:
    decided = {"decision": "dismissed", "remedy": None}
    if case.way in UPHELD:
        remedy = "withdrawn" if case.way == "record wrong" else "ended"
        decided = {"decision": "upheld", "remedy": remedy}
    body = samples.verification_body(
        objection_number=objection.body["objection_number"], about=case.about, **decided
    )
    decision = case.say(OBJECTION_DECIDED, body, party=case.department, because=objection.id)
    if case.way != "record wrong":
        return [decision]
    withdrawal = samples.withdrawal_body(
        case.firm,
        record=case.about["record"],
        cause="objection_upheld",
        because_of=decision.id,
    )
    said_too = case.say(RECORD_WITHDRAWN, withdrawal, party=case.department, because=decision.id)
    return [decision, said_too]


def _withdrawal(case: Case, resumed: Event) -> Event:
    """The initiator ends its action by itself."""
    body = samples.end_body(
        action_id=case.action,
        cause="withdrawn",
        because_of=None,
        explanation="发起有误",
        implementers=resumed.body["implementers"],
    )
    return case.say(ACTION_ENDED, body, party=case.department)


def _asks(case: Case) -> Event:
    """The window asks for repair."""
    body = samples.repair_body(
        case.firm,
        request_number=f"政务修〔2026〕{case.number}号",
        about=case.about_record,
        recogniser=case.department,
    )
    return case.say(REPAIR_REQUESTED, body, party=WINDOW)


def _repair(case: Case, request: Event) -> list[Event]:
    named = {
        "request_number": request.body["request_number"],
        "about": case.about_record,
    }
    said_of = ((REPAIR_ACCEPTED, samples.repair_acceptance_body),)
    said_of += ((REPAIR_DECIDED, samples.repair_decision_body),)
    return [
        case.say(kind, body_of(**named), party=case.department, because=request.id)
        for kind, body_of in said_of
    ]
