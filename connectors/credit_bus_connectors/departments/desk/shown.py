"""What pages show of tasks and cases: values of the core as text, rows and marks."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from credit_bus.domain.calendar import SHANGHAI
from credit_bus.domain.registry import Registry
from credit_bus_connectors.departments.desk.cases import Case, Said, State
from credit_bus_connectors.departments.desk.store import Found
from credit_bus_connectors.departments.desk.tasks import (
    Kind,
    Standing,
    Task,
    orders_of,
    suspensions_of,
    tasks_of,
)
from credit_bus_connectors.departments.desk.way import way_of
from credit_bus_connectors.departments.desk.words import FIELDS, KINDS, STANDINGS, STATES, word

# How long a page that waits for a receipt asks for itself again.
REFRESHED_FOR = timedelta(minutes=1)
_DAYS_NEAR = 2

Facts = list[tuple[str, str]]


def shown_tasks(tasks: Sequence[Task], registry: Registry, today: date) -> list[dict[str, Any]]:
    """Return the rows of a list of tasks."""
    return [_row(each, registry, today) for each in tasks]


def shown_task(found: Found, registry: Registry, *, now: datetime) -> dict[str, Any]:
    """Return everything that the page of a task shows."""
    task, case = found.task, found.case
    today = now.astimezone(SHANGHAI).date()
    said = [each for each in case.said if each.body.get("measure") == task.measure]
    waits = any(each.state is State.PENDING and now - each.made_at < REFRESHED_FOR for each in said)
    return {
        "task": _row(task, registry, today),
        "facts": list(_facts(task, case, registry)),
        "rests": "、".join(word(each.body["cause"]) for each in suspensions_of(case).values()),
        "way": way_of(case, tasks_of(case, registry), task.measure, today),
        "said": [shown_statement(each) for each in reversed(said)],
        "refreshes": waits,
    }


def local_time(moment: datetime) -> str:
    """Return the district's day and minute."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _row(task: Task, registry: Registry, today: date) -> dict[str, Any]:
    late = task.is_overdue(today)
    near = (
        task.standing is Standing.OPEN
        and task.due_on is not None
        and task.due_on - today <= timedelta(days=_DAYS_NEAR)
    )
    return {
        "name": task.name,
        "kind": KINDS[task.kind],
        "title": task.title,
        "standing": STANDINGS[task.standing],
        "mark": "late" if late else "near" if near else task.standing.value,
        "due": "" if task.due_on is None else str(task.due_on),
        "late_days": (today - task.due_on).days if late and task.due_on else 0,
        "asked_by": registry.name_of(task.asked_by),
        "subject": task.subject_name,
        "opened": local_time(task.opened_at),
    }


def _facts(task: Task, case: Case, registry: Registry) -> Iterator[tuple[str, str]]:
    """Yield what the task is about: what, on which document, of whom, for how long."""
    if task.kind in (Kind.RESPOND, Kind.FEED_BACK, Kind.LIFT):
        order = orders_of(case).get(task.measure or "")
        if order is not None:
            yield from _of_order(order.body, registry)
        return
    yield from request_facts(case.heard[0].body, registry)


def request_facts(body: Any, registry: Registry) -> Iterator[tuple[str, str]]:
    """Yield what an objection or a request for repair says."""
    yield "主体", subject_text(body["subject"])
    yield "所涉信息", about_text(body["about"], registry)
    if "objection_number" in body:
        yield "异议编号", body["objection_number"]
        yield "异议事项", "、".join(word(each) for each in body["scope"])
        yield "异议理由", body["statement"]
        yield "申请", f"{body['raised_on']}，{body['channel']}"
        return
    yield "申请编号", body["request_number"]
    yield "最短公示期届满", body["minimum_reached_on"]
    yield "义务履行完毕", body["performed_on"]
    yield "证明材料", "；".join(body["proofs"])
    yield "信用承诺公开", body["commitment_published_on"]
    yield "申请日期", body["requested_on"]


def _of_order(body: Any, registry: Registry) -> Iterator[tuple[str, str]]:
    instrument, term = body["instrument"], body["term"]
    measure = registry.measures.get(body["measure"])
    yield "主体", subject_text(body["subject"])
    yield "措施", f"{body['measure_name']}（{word(body['kind'])}）"
    yield "措施内容", body["content"]
    if measure is not None:
        bases = "；".join(f"《{each.title}》{each.article}" for each in measure.basis)
        yield "措施依据", bases
    yield "事由", body["cause"]
    yield (
        "认定文书",
        "，".join(
            (
                f"《{instrument['title']}》{instrument['number']}",
                instrument["article"],
                instrument["issuer"],
                f"{instrument['issued_on']} 作出",
                f"{instrument['effective_on']} 生效",
            )
        ),
    )
    yield "告知", f"{body['notice']['given_on']}，{body['notice']['method']}"
    ends = term["ends_on"] or ("履行完毕为止" if term["until_performance"] else "")
    yield "期限", f"{term['begins_on']} 至 {ends}"
    yield "发起单位", registry.name_of(body["initiator"])


def about_text(about: Any, registry: Registry) -> str:
    """Return which record or action something is about."""
    record = about["record"]
    if record is None:
        return f"行动 {about['action_id']}"
    provider = registry.name_of(record["provider"])
    return f"{provider}，{record['document_number']}"


def subject_text(subject: Any) -> str:
    """Return a subject's name, category and code; an identity number is not shown."""
    code = f"，{subject['uscc']}" if subject["uscc"] else ""
    return f"{subject['name']}（{word(subject['category'])}{code}）"


def shown_statement(said: Said) -> dict[str, Any]:
    """Return a statement with what became of it."""
    return {
        "state": STATES[said.state],
        "mark": said.state.value,
        "account": said.account,
        "made": local_time(said.made_at),
        "judged": "" if said.judged_at is None else local_time(said.judged_at),
        "event_id": said.event_id,
        "reasons": said.reasons,
        "fields": [
            (FIELDS[name], word(str(value)))
            for name, value in said.body.items()
            if name in FIELDS and value is not None
        ],
    }
