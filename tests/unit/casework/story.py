"""One penalty and one action founded on it: what each party can say of them, as the gate takes it.

Market regulation decides, initiates and carries out; the court may stay; the window asks for the
subject. Each symbol is something that one party says, or that the clock or the platforms do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from tests import samples
from tests.samples import COURT, PENALISING, WINDOW, said
from tests.unit.casework.play import Kept, play, taken, tick

from credit_bus.casework.port import Casework
from credit_bus.casework.step import DistrictCasework
from credit_bus.casework.things import Entry
from credit_bus.domain.event import Event, action_id, document_of
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    DELIVERY_CONFIRMED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
)

SUBJECT = samples.reference(1)["uscc"]
PENALTY = samples.penalty_body(1)
NUMBER = PENALTY["document_number"]
ACTION = action_id(initiator=PENALISING, instrument=NUMBER, subject=SUBJECT)
MEASURE = "food-trade-ban"
ABOUT_RECORD = samples.about_penalty(1)
ABOUT_ACTION = {"record": None, "action_id": ACTION}
RECORD = ABOUT_RECORD["record"]
RECIPIENTS = [{"measure": MEASURE, "implementer": PENALISING}]
TERM_ENDS_ON = date(2026, 9, 30)
BEFORE = datetime(2026, 9, 1, 2, tzinfo=UTC)
AFTER = datetime(2026, 10, 9, 2, tzinfo=UTC)  # the term is over, the holidays too
STAY = {**samples.document(1), "issuer": "甘州区人民法院", "number": "（2026）甘0702行停1号"}

Body = dict[str, Any]

_ON_RECORD = "市监异1号"
_ON_ACTION = "市监异2号"


def _initiation() -> Body:
    return samples.initiation_body(
        1,
        action_id=ACTION,
        field="food-safety",
        cause="销售超过保质期的食品",
        instrument={
            "type": "administrative-penalty-decision",
            "title": "行政处罚决定书",
            "number": NUMBER,
            "article": "《中华人民共和国食品安全法》第一百三十五条",
            "issuer": "甘州区市场监督管理局",
            "issued_on": date(2026, 5, 20),
            "effective_on": date(2026, 5, 20),
        },
        term={
            "begins_on": date(2026, 6, 1),
            "ends_on": TERM_ENDS_ON,
            "until_performance": False,
        },
        measures=[MEASURE],
    )


def _of_action(maker: Callable[..., Body], **changes: Any) -> Callable[[], Body]:
    return lambda: maker(1, action_id=ACTION, implementers=RECIPIENTS, **changes)


def _objection(number: str, about: Body) -> Callable[[], Body]:
    return lambda: samples.objection_body(1, objection_number=number, about=about)


def _decision(number: str, about: Body, **changes: Any) -> Callable[[], Body]:
    return lambda: samples.verification_body(1, objection_number=number, about=about, **changes)


_DISMISSED = {"decision": "dismissed", "remedy": None}
_ENDED = {"remedy": "ended"}
_STAY = {"reference": STAY["number"], "basis": STAY, "because_of": None}

# Symbol: who says it, of which type, and the body.
SAYINGS: Mapping[str, tuple[str, str, Callable[[], Body]]] = MappingProxyType(
    {
        "initiate": (PENALISING, ACTION_INITIATED, _initiation),
        "accept": (
            PENALISING,
            MEASURE_RESPONDED,
            lambda: samples.response_body(ACTION, MEASURE),
        ),
        "refuse": (
            PENALISING,
            MEASURE_RESPONDED,
            lambda: samples.response_body(
                ACTION,
                MEASURE,
                decision="refused",
                refusal_reason="当事人已注销",
                refusal_basis="《中华人民共和国公司法》第三十七条",
            ),
        ),
        "execute": (
            PENALISING,
            MEASURE_EXECUTED,
            lambda: samples.execution_body(ACTION, MEASURE),
        ),
        "lift": (
            PENALISING,
            MEASURE_LIFTED,
            lambda: samples.lifting_body(1, action_id=ACTION, measure=MEASURE),
        ),
        "doubt record": (WINDOW, OBJECTION_RAISED, _objection(_ON_RECORD, ABOUT_RECORD)),
        "doubt action": (WINDOW, OBJECTION_RAISED, _objection(_ON_ACTION, ABOUT_ACTION)),
        "dismiss record": (
            PENALISING,
            OBJECTION_DECIDED,
            _decision(_ON_RECORD, ABOUT_RECORD, **_DISMISSED),
        ),
        "uphold record": (PENALISING, OBJECTION_DECIDED, _decision(_ON_RECORD, ABOUT_RECORD)),
        "dismiss action": (
            PENALISING,
            OBJECTION_DECIDED,
            _decision(_ON_ACTION, ABOUT_ACTION, **_DISMISSED),
        ),
        "uphold action": (
            PENALISING,
            OBJECTION_DECIDED,
            _decision(_ON_ACTION, ABOUT_ACTION, **_ENDED),
        ),
        "state": (PENALISING, PENALTY_DECIDED, lambda: samples.penalty_body(1)),
        "correct": (
            PENALISING,
            RECORD_CORRECTED,
            lambda: samples.correction_body(1, record=RECORD),
        ),
        "withdraw": (
            PENALISING,
            RECORD_WITHDRAWN,
            lambda: samples.withdrawal_body(1, record=RECORD, record_revision=1),
        ),
        "stay": (
            COURT,
            ACTION_SUSPENDED,
            _of_action(samples.suspension_body, **_STAY, cause="stayed_by_court"),
        ),
        "lift stay": (
            COURT,
            ACTION_RESUMED,
            _of_action(samples.resumption_body, **_STAY, cause="stay_lifted"),
        ),
        "end": (
            PENALISING,
            ACTION_ENDED,
            _of_action(
                samples.end_body, cause="withdrawn", because_of=None, explanation="发起有误"
            ),
        ),
        "ask repair": (WINDOW, REPAIR_REQUESTED, lambda: samples.repair_body(1)),
        "accept repair": (
            PENALISING,
            REPAIR_ACCEPTED,
            lambda: samples.repair_acceptance_body(1),
        ),
        "repair": (PENALISING, REPAIR_DECIDED, lambda: samples.repair_decision_body(1)),
    }
)
CONFIRM = "confirm"
EXPIRE = "expire"
SYMBOLS = (*SAYINGS, CONFIRM, EXPIRE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story so far: what is kept, what was said in which revision, and what came of it."""

    kept: Kept = field(default_factory=Kept)
    now: datetime = BEFORE
    revisions: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    log: tuple[Event, ...] = ()  # the events of the last symbol


def casework() -> DistrictCasework:
    """The casework of the example district."""
    return DistrictCasework(samples.registry())


def go_on(told: Told, symbol: str, core: Casework) -> Told:
    """Return the story after this symbol, before the log takes what the hub says to it."""
    told = replace(told, log=())
    if symbol == EXPIRE:
        told = replace(told, now=AFTER)
        return replace(told, kept=tick(core, told.kept, told.now))
    if symbol == CONFIRM:
        told = settle(told, core)
        for event in confirmations(told):
            told = _take(told, event, core)
        return told
    event, told = saying(told, symbol)
    return _take(told, event, core)


def settle(told: Told, core: Casework, *, words_max: int = 1_000) -> Told:
    """Return the story after the log took everything that the hub says."""
    while told.kept.waiting and words_max:
        word, kept = taken(told.kept)
        told = _take(replace(told, kept=kept), word, core)
        words_max -= 1
    return told


def saying(told: Told, symbol: str) -> tuple[Event, Told]:
    """Return the event of a symbol, in the revision that its document has come to."""
    party, kind, body = _said_by(symbol)
    name = (party, kind, document_of(kind, body))
    revision = told.revisions.get(name, 0) + 1
    event = said(kind, body, party=party, subject=SUBJECT, revision=revision, time=told.now)
    return event, replace(told, revisions={**told.revisions, name: revision})


@cache
def _said_by(symbol: str) -> tuple[str, str, Body]:
    party, kind, body_of = SAYINGS[symbol]
    return party, kind, body_of()


def confirmations(told: Told) -> tuple[Event, ...]:
    """Return the platforms' words on everything that they have not confirmed."""
    entries = [
        Entry.model_validate(row.state) for row in told.kept.rows.values() if row.kind == Entry.kind
    ]
    return tuple(
        said(
            DELIVERY_CONFIRMED,
            {
                "event_id": entry.name,
                "event_type": entry.type,
                "provider": entry.source,
                "event_revision": entry.revision,
                "acknowledgement": "1",
                "delivered_at": told.now,
            },
            party=holding.holder,
            subject=SUBJECT,
            time=told.now,
        )
        for entry in entries
        for holding in entry.holdings
        if holding.confirmed is None
    )


def _take(told: Told, event: Event, core: Casework) -> Told:
    return replace(told, kept=play(core, told.kept, event, told.now), log=(*told.log, event))
