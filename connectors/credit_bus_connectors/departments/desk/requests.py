"""What the public asks for, as a department passes it on: objections, and requests for repair.

Pure. A request comes over the counter or from the public site; whoever takes it in has looked at
who asks. Its progress is a fold of the case, and what a petition's owner reads under the receipt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from credit_bus.domain.calendar import BeyondTableError, local_day
from credit_bus.domain.checks import check_event
from credit_bus.domain.context import Context
from credit_bus.domain.deadlines import due_on
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
)
from credit_bus.domain.public_text import without_numbers
from credit_bus.domain.reason import Reason
from credit_bus.domain.references import owner_of
from credit_bus.domain.registry import Registry
from credit_bus.domain.time_rules import Obligation
from credit_bus_connectors.departments.desk.cases import Case, Heard, Said, State
from credit_bus_connectors.departments.desk.subjects import key_of
from credit_bus_connectors.departments.desk.way import Step
from credit_bus_connectors.departments.desk.words import word
from credit_bus_connectors.departments.statement import make_event

COUNTER, WEBSITE = "窗口", "网站"
RECEIVED, ACCEPTED, TAKEN_IN = "received", "accepted", "taken_in"
PETITION_ANSWER_CHARACTERS_MAX = 4_000

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of request: what is said, what answers it, and what it is called."""

    name: str
    heading: str
    says: str
    decided: str
    number: str  # the body's field
    asked_on: str  # the body's field
    obligation: Obligation


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "objection": Kind(
            name="objection",
            heading="异议申请",
            says=OBJECTION_RAISED,
            decided=OBJECTION_DECIDED,
            number="objection_number",
            asked_on="raised_on",
            obligation=Obligation.VERIFY_OBJECTION,
        ),
        "repair": Kind(
            name="repair",
            heading="信用修复申请",
            says=REPAIR_REQUESTED,
            decided=REPAIR_DECIDED,
            number="request_number",
            asked_on="requested_on",
            obligation=Obligation.DECIDE_REPAIR,
        ),
    }
)
KIND_OF = MappingProxyType({each.says: each for each in KINDS.values()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Petition:
    """What somebody handed in on the public site, as it is kept there."""

    number: int
    kind: str
    state: str
    received_at: datetime
    provider: str
    record_type: str
    document_number: str
    subject_name: str  # a person's is masked
    category: str
    uscc: str | None
    applicant: str = field(repr=False)
    relation: str
    telephone: str = field(repr=False)
    statement: str = field(repr=False)
    scope: tuple[str, ...]
    performed_on: date | None
    commitment_published_on: date | None
    proofs: tuple[str, ...]
    answered_at: datetime | None
    answer: str | None

    @property
    def name(self) -> str:
        """The number under which it is passed on."""
        return f"网申〔{local_day(self.received_at).year}〕{self.number}号"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a petition stands that was taken in; `at` is since when."""

    petition: int
    state: str
    at: datetime
    answer: str | None = None


def request_of(
    kind: Kind, body: Body, *, party: str, registry: Registry, now: datetime
) -> tuple[Event, tuple[Reason, ...]]:
    """Return the event that says a request, and every reason why the gate would refuse it."""
    event = make_event(
        party=party,
        type_=kind.says,
        body=body,
        subject=key_of(body["subject"]),
        time=now.replace(microsecond=0),
    )
    context = Context(registry=registry, today=local_day(now), source=party, subject=event.subject)
    return event, check_event(event, context)


def recogniser_of(about: Body, registry: Registry, today: date) -> str:
    """Return who decides on a repair: 谁认定谁修复, or who took its duties over.

    "" where the registry does not know who that is, which the gate's check refuses.
    """
    try:
        return registry.successor_of(owner_of(about), today)
    except (KeyError, ValueError):
        return ""


def progress_of(case: Case) -> Progress | None:
    """Return how the petition stands that the case came of.

    None when it came of none, and as long as no gate took what was said of it: it waits then.
    """
    asked = next((each for each in case.said if each.petition is not None and each.holds), None)
    if asked is None or asked.petition is None:
        return None
    kind = KIND_OF[asked.type]
    decided = _newest(case, kind.decided)
    if decided is not None:
        state, answer = decided.body["decision"], _answer(decided.body)
        return Progress(petition=asked.petition, state=state, at=_known_at(decided), answer=answer)
    taken = _newest(case, REPAIR_ACCEPTED)
    state, since = (ACCEPTED, asked) if taken is None else (TAKEN_IN, taken)
    return Progress(petition=asked.petition, state=state, at=_known_at(since))


def way_of_request(case: Case, registry: Registry) -> list[Step]:
    """Return the steps of what the party asked for somebody, from the first to the last."""
    asked = case.said[-1]
    kind = KIND_OF[asked.type]
    steps = [Step(word="申请", mark="done", day=asked.body[kind.asked_on]), _passed_on(asked)]
    if kind.says == REPAIR_REQUESTED:
        taken = _newest(case, REPAIR_ACCEPTED) or _newest(case, kind.decided)
        steps.append(_step(asked, taken, "认定单位受理", Obligation.DECIDE_ACCEPTANCE, registry))
        since = _newest(case, REPAIR_ACCEPTED)
    else:
        since = asked
    decided = _newest(case, kind.decided)
    steps.append(_step(since, decided, "决定", kind.obligation, registry))
    return steps


def _passed_on(asked: Said) -> Step:
    if asked.holds:
        return Step(word="转交", mark="done", day=str(local_day(_known_at(asked))))
    is_refused = asked.state is State.REJECTED
    return Step(
        word="转交", mark="now", note="退回，请改正后重新提交" if is_refused else "等待回执"
    )


def _step(
    since: Heard | Said | None,
    done: Heard | Said | None,
    text: str,
    obligation: Obligation,
    registry: Registry,
) -> Step:
    if done is not None:
        note = word(done.body.get("decision") or "")
        return Step(word=text, mark="done", day=str(local_day(_known_at(done))), note=note)
    if since is None or (isinstance(since, Said) and not since.holds):
        return Step(word=text, mark="ahead")
    try:
        day = str(due_on(registry, obligation, local_day(_known_at(since))))
    except BeyondTableError:
        return Step(word=text, mark="now")
    return Step(word=text, mark="now", day=day, note="应于此日前办理")


def _newest(case: Case, kind: str) -> Heard | Said | None:
    """Return the newest event of that type: heard, or said by the party itself and taken."""
    found: list[Heard | Said] = [*case.heard_of(kind)]
    found += [each for each in case.said if each.type == kind and each.holds]
    return max(found, key=_known_at, default=None)


def _known_at(event: Heard | Said) -> datetime:
    if isinstance(event, Heard):
        return event.heard_at
    return event.judged_at or event.made_at


def _answer(body: Body) -> str:
    """Return what a decision tells whoever asked; numbers of persons are masked."""
    told = [
        ("", body.get("findings") or body.get("reason") or ""),
        ("处理措施：", word(body.get("remedy") or "")),
        ("依据：", body.get("basis") or ""),
        ("生效日期：", body.get("effective_on") or ""),
    ]
    text = "\n".join(f"{name}{said}" for name, said in told if said)
    return without_numbers(text)[:PETITION_ANSWER_CHARACTERS_MAX] or word(body["decision"])
