"""What the pages of requests show: petitions, requests, and how far each is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from credit_bus.domain.calendar import local_day
from credit_bus.domain.event_types import term_of
from credit_bus.domain.registry import Registry
from credit_bus_connectors.departments.desk.cases import Case, Said, State
from credit_bus_connectors.departments.desk.requests import (
    KIND_OF,
    KINDS,
    RECEIVED,
    Petition,
    way_of_request,
)
from credit_bus_connectors.departments.desk.shown import (
    REFRESHED_FOR,
    local_time,
    request_facts,
    shown_statement,
)
from credit_bus_connectors.departments.desk.words import STATES, word

_RELATIONS = {"self": "本人（本单位）", "agent": "代理人"}
_STATES = {
    RECEIVED: ("待核对", "near"),
    "accepted": ("已转交", "done"),
    "taken_in": ("认定单位审查中", "done"),
    "upheld": ("异议成立", "done"),
    "dismissed": ("异议不成立", "done"),
    "granted": ("准予修复", "done"),
    "refused": ("不予修复", "done"),
    "not_accepted": ("不予受理", "void"),
}


def shown_petitions(
    petitions: Sequence[Petition], registry: Registry, now: datetime
) -> list[dict[str, Any]]:
    """Return the rows of a list of petitions."""
    return [shown_petition(each, registry, now) for each in petitions]


def shown_petition(petition: Petition, registry: Registry, now: datetime) -> dict[str, Any]:
    """Return what pages show of a petition, to the window alone."""
    text, mark = _STATES[petition.state]
    days = (local_day(now) - local_day(petition.received_at)).days
    return {
        "number": petition.number,
        "name": petition.name,
        "kind": petition.kind,
        "heading": KINDS[petition.kind].heading,
        "subject": petition.subject_name,
        "state": text,
        "mark": mark,
        "received": local_time(petition.received_at),
        "waits": days if petition.state == RECEIVED else 0,
        "answered": "" if petition.answered_at is None else local_time(petition.answered_at),
        "answer": petition.answer or "",
        "facts": list(_facts(petition, registry)),
    }


def shown_requests(found: Sequence[tuple[int, Said]]) -> list[dict[str, Any]]:
    """Return the rows of what a party passed on."""
    return [
        {
            "number": number,
            "name": said.body[KIND_OF[said.type].number],
            "heading": KIND_OF[said.type].heading,
            "subject": said.body["subject"]["name"],
            "made": local_time(said.made_at),
            "state": STATES[said.state],
            "mark": said.state.value,
        }
        for number, said in found
    ]


def shown_request(case: Case, registry: Registry, *, now: datetime) -> dict[str, Any]:
    """Return everything that the page of a request shows."""
    asked = [each for each in case.said if each.type in KIND_OF]
    newest = asked[-1]
    kind = KIND_OF[newest.type]
    decided = [*case.heard_of(kind.decided)]
    return {
        "heading": kind.heading,
        "kind": kind.name,
        "name": newest.body[kind.number],
        "way": way_of_request(case, registry),
        "facts": list(request_facts(newest.body, registry)),
        "said": [shown_statement(each) for each in reversed(asked)],
        "decided": [(registry.name_of(each.source), _decision(each.body)) for each in decided],
        "petition": newest.petition,
        "is_refused": newest.state is State.REJECTED,
        "refreshes": newest.state is State.PENDING and now - newest.made_at < REFRESHED_FOR,
    }


def _decision(body: Any) -> list[tuple[str, str]]:
    names = {
        "decision": "决定",
        "findings": "核实情况",
        "remedy": "处理措施",
        "reason": "理由",
        "basis": "依据",
        "decided_on": "日期",
        "effective_on": "生效日期",
    }
    return [(text, word(str(body[name]))) for name, text in names.items() if body.get(name)]


def _facts(petition: Petition, registry: Registry) -> Any:
    code = f"（{petition.uscc}）" if petition.uscc else ""
    yield "主体", f"{petition.subject_name}{code}"
    provider = registry.name_of(petition.provider)
    term = term_of(petition.record_type)
    yield "所涉信息", f"{provider}，{term}，{petition.document_number}"
    relation = _RELATIONS.get(petition.relation, petition.relation)
    yield "申请人", f"{petition.applicant}，{relation}，电话 {petition.telephone}"
    if petition.scope:
        yield "异议事项", "、".join(word(each) for each in petition.scope)
    yield "理由" if petition.scope else "改正情况", petition.statement
    if petition.performed_on is not None:
        yield "义务履行完毕", str(petition.performed_on)
        yield "信用承诺公开", str(petition.commitment_published_on)
        yield "证明材料", "；".join(petition.proofs)
