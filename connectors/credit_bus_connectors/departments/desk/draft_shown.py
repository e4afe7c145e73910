"""What pages show of drafts and of the actions that came of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from credit_bus.domain.calendar import local_day
from credit_bus.domain.registry import Registry
from credit_bus_connectors.departments.desk.access import Account
from credit_bus_connectors.departments.desk.cases import Case, State
from credit_bus_connectors.departments.desk.drafts import Draft, Stage, refusal_to_review
from credit_bus_connectors.departments.desk.progress import (
    initiation_in,
    lines_of,
    recipients,
    steps_of,
)
from credit_bus_connectors.departments.desk.shown import (
    REFRESHED_FOR,
    local_time,
    shown_statement,
    subject_text,
)
from credit_bus_connectors.departments.desk.words import word

_STAGES = {
    Stage.WAITING: ("待审核", "near"),
    Stage.APPROVED: ("已审核发出", "done"),
    Stage.RETURNED: ("已退回", "late"),
    Stage.DROPPED: ("已撤销", "void"),
}


def shown_drafts(drafts: Sequence[Draft], account: Account) -> list[dict[str, Any]]:
    """Return the rows of the list of drafts."""
    return [
        {
            "number": each.number,
            "subject": each.body["subject"]["name"],
            "instrument": each.body["instrument"]["number"],
            "kind": word(each.body["kind"]),
            "drafted": f"{each.drafted_by}，{local_time(each.drafted_at)}",
            "stage": _STAGES[each.stage][0],
            "mark": _STAGES[each.stage][1],
            "is_yours": refusal_to_review(each, account) is None,
        }
        for each in drafts
    ]


def shown_draft(draft: Draft, registry: Registry, *, now: datetime) -> dict[str, Any]:
    """Return what the page of a draft shows."""
    decided = draft.decided_by and draft.decided_at
    return {
        "number": draft.number,
        "title": draft.body["subject"]["name"],
        "stage": _STAGES[draft.stage][0],
        "mark": _STAGES[draft.stage][1],
        "waits": draft.stage is Stage.WAITING,
        "drafted": f"{draft.drafted_by}，{local_time(draft.drafted_at)}",
        "decided": f"{draft.decided_by}，{local_time(draft.decided_at)}"
        if decided and draft.decided_at
        else "",
        "remark": draft.remark or "",
        "facts": _facts(draft, registry),
        "recipients": [
            (registry.measures[measure].name, registry.name_of(implementer))
            for measure, implementer in recipients(draft.body, registry, local_day(now))
        ],
    }


def shown_action(
    case: Case, draft: Draft, registry: Registry, *, now: datetime
) -> dict[str, Any] | None:
    """Return what became of an approved draft; None before it was said."""
    said = initiation_in(case) if draft.stage is Stage.APPROVED else None
    if said is None:
        return None
    lines = lines_of(case, said, registry)
    return {
        "said": shown_statement(said),
        "way": steps_of(case, said, lines),
        "lines": [
            (line.measure, registry.name_of(line.implementer), *line.answers.values())
            for line in lines
        ],
        "holds": said.holds,
        "refreshes": said.state is State.PENDING and now - said.made_at < REFRESHED_FOR,
    }


def _facts(draft: Draft, registry: Registry) -> list[tuple[str, str]]:
    body = draft.body
    instrument, term = body["instrument"], body["term"]
    kind = registry.instrument_types.get(instrument["type"])
    field = registry.fields.get(body["field"])
    ends = term["ends_on"] or "履行完毕为止"
    return [
        ("类别", word(body["kind"])),
        ("主体", subject_text(body["subject"])),
        ("领域", field.name if field else body["field"]),
        ("事由", body["cause"]),
        ("文书种类", kind.name if kind else instrument["type"]),
        ("认定文书", f"《{instrument['title']}》{instrument['number']}，{instrument['article']}"),
        ("作出机关", instrument["issuer"]),
        ("作出、生效", f"{instrument['issued_on']}、{instrument['effective_on']}"),
        ("告知", f"{body['notice']['given_on']}，{body['notice']['method']}"),
        ("期限", f"{term['begins_on']} 至 {ends}"),
        ("备注", body["remark"] or "无"),
    ]
