"""The court's part of the day: one initiation, six implementing departments, answers and a refusal.

Every party here speaks through the department client alone, as a department with developers would.
The subject and the documents are made up.
"""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from credit_bus.contracts.codec import Codec
from credit_bus.domain.event import Event, action_id
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    DEFAULTER_LISTED,
    EVENT_ACCEPTED,
    MEASURE_EXECUTED,
    MEASURE_ORDERED,
    MEASURE_RESPONDED,
)
from credit_bus.domain.registry import Registry
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.receipts import Answer, Receipt
from credit_bus_connectors.departments.statement import make_event

COURT = "district-court"
MEASURES = ("procurement-defaulter", "consumption-real-estate", "honours-defaulter")
REFUSER = "youth-league"
SUBJECT_NUMBER = 29_000  # beyond the companies of the CSV files

_NO_CODES = (
    "registration_number",
    "organisation_code",
    "tax_number",
    "institution_certificate",
    "society_certificate",
    "representative_id_type",
    "representative_id",
    "person_id_type",
)

IDLE_SECONDS = 1.5
ANSWERS_WAIT_SECONDS_MAX = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtDay:
    """What was ordered, and what came back."""

    implementers: tuple[str, ...]
    orders: int
    refused: int
    replies: Counter[str]  # what the court read on its reply topic, by event type


class DayError(Exception):
    """The day did not go as it must."""


def hold_court(*, broker: str, registry: Registry, codec: Codec, today: date) -> CourtDay:
    """Play the court and the implementing departments; return once every answer came back.

    Raises DayError when something is refused or does not come within its bound.
    """
    implementers = tuple(
        dict.fromkeys(
            registry.successor_of(party, today)
            for code in MEASURES
            for party in registry.measures[code].implementers
        )
    )
    orders = sum(len(registry.measures[code].implementers) for code in MEASURES)
    with (
        ThreadPoolExecutor(len(implementers), thread_name_prefix="department") as pool,
        DepartmentClient(COURT, broker, codec=codec) as court,
    ):
        for statement in _statements(today):  # the listing first: the initiation stands on it
            (receipt,) = court.publish([statement], wait=True)
            must_be_accepted(COURT, receipt)
        answering = [
            pool.submit(_implement, party, broker, codec, registry, today) for party in implementers
        ]
        answered = sum((future.result() for future in answering), Counter[str]())
        replies, _ = collect(
            court, Counter({MEASURE_RESPONDED: orders, MEASURE_EXECUTED: orders - 1})
        )
    return CourtDay(
        implementers=implementers,
        orders=answered[MEASURE_ORDERED],
        refused=answered["refused"],
        replies=replies,
    )


def must_be_accepted(party: str, receipt: Receipt) -> None:
    """Raise DayError unless the gate took what the party said."""
    if receipt.answer is not Answer.ACCEPTED:
        codes = [reason.code for reason in receipt.reasons]
        raise DayError(f"what {party} said was answered {receipt.answer}: {codes}")


def until(enough: Callable[[], bool], what: str) -> Callable[[], bool]:
    """Return a condition that holds while there is not enough, and raises when it is too late."""
    deadline = time.monotonic() + ANSWERS_WAIT_SECONDS_MAX

    def waiting() -> bool:
        if enough():
            return False
        if time.monotonic() > deadline:
            raise DayError(f"{what} within {ANSWERS_WAIT_SECONDS_MAX:.0f} s")
        return True

    return waiting


def _implement(
    party: str, broker: str, codec: Codec, registry: Registry, today: date
) -> Counter[str]:
    """Read the party's orders, answer each, and return what was done."""
    expected = sum(
        party
        in {registry.successor_of(each, today) for each in registry.measures[code].implementers}
        for code in MEASURES
    )
    done: Counter[str] = Counter()
    waiting = until(lambda: done[MEASURE_ORDERED] >= expected, f"{party} got no order")
    with DepartmentClient(party, broker, codec=codec) as client:
        while waiting():
            for order in client.orders(idle_seconds_max=IDLE_SECONDS):
                answers = _answers(party, order, today)
                for receipt in client.publish(answers, wait=True):
                    must_be_accepted(party, receipt)
                done[MEASURE_ORDERED] += 1
                done.update(answer.type for answer in answers)
                done["refused"] += len(answers) == 1
    return done


def collect(court: DepartmentClient, expected: Counter[str]) -> tuple[Counter[str], Event]:
    """Return what the court's reply topic brought once that is all that is expected, and the last.

    Raises DayError.
    """
    replies: Counter[str] = Counter()
    last: list[Event] = []
    waiting = until(
        lambda: all(replies[kind] >= count for kind, count in expected.items()),
        f"the court did not get every reply of {sorted(expected)}",
    )
    while waiting():
        for reply in court.replies(idle_seconds_max=IDLE_SECONDS):
            replies[reply.type] += 1
            assert reply.type == EVENT_ACCEPTED or reply.correlation_id is not None
            if reply.type in expected:
                last = [reply]
    return replies, last[0]


def _answers(party: str, order: Event, today: date) -> list[Event]:
    """Return the response to an order, and the feedback when it is taken on."""
    names = {"action_id": order.body["action_id"], "measure": order.body["measure"]}
    refuses = party == REFUSER
    response: dict[str, Any] = {
        **names,
        "decision": "refused" if refuses else "accepted",
        "refusal_reason": "经核查，该主体未在本单位取得荣誉称号，无可限制的事项"
        if refuses
        else None,
        "refusal_basis": "示例：职权法定，《中华人民共和国公务员法》第九条" if refuses else None,
        "responded_on": today,
        "remark": None,
    }
    feedback = {
        **names,
        "outcome": "executed",
        "executed_on": today,
        "result": "已将该主体列入限制名单，办理业务时予以限制",
        "amount_10k": None,
        "legal_basis": order.body["instrument"]["title"],
        "document_number": None,
        "division": "620702",
        "remark": None,
    }
    said = [(MEASURE_RESPONDED, response)] + ([] if refuses else [(MEASURE_EXECUTED, feedback)])
    return [
        make_event(
            party=party,
            type_=kind,
            body=body,
            subject=order.subject,
            time=datetime.now(UTC),
            causation_id=order.id,
        )
        for kind, body in said
    ]


def firm() -> dict[str, Any]:
    """Return the made-up company, as events refer to it."""
    return {
        "name": "示例建材欠款有限公司",
        "category": "organisation",
        "uscc": synthetic_uscc(SUBJECT_NUMBER),
        "person_id": None,
    }


def case_number(today: date) -> str:
    """Return the number of the court's case."""
    return f"（{today.year}）甘0702执9999号"


def _statements(today: date) -> list[Event]:
    """Return the court's listing of a made-up company, and the initiation founded on it."""
    subject = firm()
    uscc, number = subject["uscc"], case_number(today)
    issued = today - timedelta(days=10)
    instrument = {
        "type": "court-listing-decision",
        "title": "失信决定书",
        "number": number,
        "article": "最高人民法院关于公布失信被执行人名单信息的若干规定第一条第二项",
        "issuer": "甘州区人民法院",
        "issued_on": issued,
        "effective_on": issued,
    }
    notice = {"given_on": issued + timedelta(days=1), "method": "直接送达"}
    term = {
        "begins_on": today,
        "ends_on": today + timedelta(days=729),
        "until_performance": False,
    }
    listing = {
        "subject": {**dict.fromkeys(_NO_CODES), **subject, "representative_name": "示例代表人"},
        "case_number": number,
        "court_name": "甘州区人民法院",
        "filed_on": today - timedelta(days=120),
        "basis_number": f"（{today.year}）甘0702民初9998号",
        "basis_issuer": "甘州区人民法院",
        "duty": "支付货款若干元",
        "performance": "全部未履行",
        "conduct": "以虚假诉讼以外的方法规避执行",
        "ground": 2,
        "performed_part": None,
        "unperformed_part": "全部",
        "listed_on": issued,
        "published_on": today,
        "instrument": instrument,
        "notice": notice,
        "term": term,
    }
    initiation = {
        "action_id": action_id(initiator=COURT, instrument=number, subject=uscc),
        "kind": "constraint",
        "subject": subject,
        "field": "judgment-performance",
        "cause": "被人民法院纳入失信被执行人名单",
        "instrument": instrument,
        "notice": notice,
        "term": term,
        "measures": list(MEASURES),
        "remark": None,
    }
    now = datetime.now(UTC)
    return [
        make_event(party=COURT, type_=kind, body=body, subject=uscc, time=now)
        for kind, body in ((DEFAULTER_LISTED, listing), (ACTION_INITIATED, initiation))
    ]
