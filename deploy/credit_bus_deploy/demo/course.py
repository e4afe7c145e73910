"""How the court's action ends: the firm objects, all rest, the court finds it right, all let go.

What rests, ends and closes the hub says, by casework; the parties here only answer what they read.
"""

import queue
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from credit_bus.contracts.codec import Codec
from credit_bus.domain.event import Body, Event
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_SUSPENDED,
    DEFAULTER_LISTED,
    MEASURE_LIFTED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    RECORD_WITHDRAWN,
)
from credit_bus.domain.registry import Registry
from credit_bus.domain.routes import platforms_of
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.statement import make_event
from credit_bus_deploy.demo.court import (
    ANSWERS_WAIT_SECONDS_MAX,
    COURT,
    IDLE_SECONDS,
    REFUSER,
    CourtDay,
    DayError,
    case_number,
    collect,
    firm,
    must_be_accepted,
    until,
)

WINDOW = "government-services"
ABOUT_ACTION = (ACTION_SUSPENDED, ACTION_ENDED, MEASURE_LIFTED, ACTION_CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDay:
    """Who rested, what was lifted, and what the proof of closing says."""

    rested: int  # implementers that were told to, before the court decided
    lifted: int
    holders: tuple[str, ...]  # in the proof
    missing: tuple[str, ...]  # who ought to be, and is not
    replies: Counter[str]  # what the court read of its action meanwhile, by event type


def hold_objection(
    *, broker: str, registry: Registry, codec: Codec, today: date, court_day: CourtDay
) -> CourseDay:
    """Play window, court and implementing departments until the hub has closed the action.

    Raises DayError when something is refused or does not come within its bound.
    """
    implementers = court_day.implementers
    resting: queue.SimpleQueue[str] = queue.SimpleQueue()
    with (
        ThreadPoolExecutor(len(implementers), thread_name_prefix="department") as pool,
        DepartmentClient(COURT, broker, codec=codec) as court,
        # Beside the instance that carries measures out for the same department.
        DepartmentClient(WINDOW, broker, codec=codec, instance="window") as window,
    ):
        letting_go = [
            pool.submit(_let_go, party, broker, codec, today, resting) for party in implementers
        ]
        (receipt,) = window.publish([_objection(today)], wait=True)
        must_be_accepted(WINDOW, receipt)
        rested = _rested(resting, len(implementers))
        for receipt in court.publish(_decided(_asked(court), today), wait=True):
            must_be_accepted(COURT, receipt)
        lifted = sum(future.result() for future in letting_go)
        replies, closing = collect(court, Counter({ACTION_CLOSED: 1}))
    holders = tuple(each["holder"] for each in closing.body["holders"])
    kept = platforms_of(ACTION_ENDED, {}, registry, today, key=closing.subject)
    wanted = {*implementers, *kept}
    return CourseDay(
        rested=rested,
        lifted=lifted,
        holders=tuple(dict.fromkeys(holders)),
        missing=tuple(sorted(wanted - set(holders))),
        replies=Counter({kind: replies[kind] for kind in ABOUT_ACTION}),
    )


def _rested(resting: "queue.SimpleQueue[str]", expected: int) -> int:
    """Return how many departments rest, once all do."""
    parties: set[str] = set()
    while len(parties) < expected:
        try:
            parties.add(resting.get(timeout=ANSWERS_WAIT_SECONDS_MAX))
        except queue.Empty:
            raise DayError(f"only {sorted(parties)} were told to rest") from None
    return len(parties)


def _let_go(
    party: str, broker: str, codec: Codec, today: date, resting: "queue.SimpleQueue[str]"
) -> int:
    """Rest when told to; when the action ends lift what is in force, and return how much that is.

    Raises DayError.
    """
    ended: list[Event] = []
    waiting = until(lambda: bool(ended), f"{party} was not told that the action ended")
    with DepartmentClient(party, broker, codec=codec) as client:
        while waiting():
            for told in client.orders(idle_seconds_max=IDLE_SECONDS):
                if told.type == ACTION_SUSPENDED:
                    resting.put(party)
                elif told.type == ACTION_ENDED:
                    ended.append(told)
                    break
        liftings = [] if party == REFUSER else _liftings(party, ended[0], today)
        for receipt in client.publish(liftings, wait=True):
            must_be_accepted(party, receipt)
    return len(liftings)


def _asked(court: DepartmentClient) -> Event:
    """Return the objection as the court reads it. Raises DayError."""
    found: list[Event] = []
    waiting = until(lambda: bool(found), "the court was not asked to verify")
    while waiting():
        for told in court.orders(idle_seconds_max=IDLE_SECONDS):
            if told.type == OBJECTION_RAISED:
                found.append(told)
                break
    return found[0]


def _about(today: date) -> dict[str, Any]:
    record = {
        "provider": COURT,
        "type": DEFAULTER_LISTED,
        "document_number": case_number(today),
    }
    return {"record": record, "action_id": None}


def _objection(today: date) -> Event:
    body = {
        "objection_number": f"政务异〔{today.year}〕1号",
        "subject": firm(),
        "about": _about(today),
        "scope": ["content"],
        "statement": "货款已于列入之前付清，列入有误，请予撤销。",
        "raised_on": today,
        "channel": "窗口",
    }
    return _said(WINDOW, OBJECTION_RAISED, body)


def _decided(objection: Event, today: date) -> list[Event]:
    """Return the court's decision that the objection is right, and the withdrawal it asks for."""
    decision = _said(
        COURT,
        OBJECTION_DECIDED,
        {
            "objection_number": objection.body["objection_number"],
            "raised_by": objection.source,
            "about": objection.body["about"],
            "decision": "upheld",
            "findings": "经核查，当事人在列入之前已经履行全部义务。",
            "remedy": "withdrawn",
            "basis": "最高人民法院关于公布失信被执行人名单信息的若干规定第十二条",
            "decided_on": today,
        },
        because=objection.id,
    )
    withdrawal = _said(
        COURT,
        RECORD_WITHDRAWN,
        {
            "record": objection.body["about"]["record"],
            "record_revision": 1,
            "subject": firm(),
            "cause": "objection_upheld",
            "explanation": "经核查列入有误，现予撤回",
            "basis": None,
            "because_of": decision.id,
            "decided_on": today,
        },
        because=decision.id,
    )
    return [decision, withdrawal]


def _liftings(party: str, ended: Event, today: date) -> list[Event]:
    return [
        _said(
            party,
            MEASURE_LIFTED,
            {
                "action_id": ended.body["action_id"],
                "measure": each["measure"],
                "because_of": ended.id,
                "lifted_on": today,
                "result": "已将该主体移出限制名单",
                "document_number": None,
                "operator": None,
                "remark": None,
            },
            because=ended.id,
        )
        for each in ended.body["implementers"]
        if each["implementer"] == party
    ]


def _said(party: str, kind: str, body: Body, *, because: str | None = None) -> Event:
    now = datetime.now(UTC)
    subject = firm()["uscc"]
    return make_event(
        party=party, type_=kind, body=body, subject=subject, time=now, causation_id=because
    )
