"""Cases of a department for the tests of the desk's core."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests import samples

from credit_bus.domain.event_types import MEASURE_ORDERED, REMINDER_DUE
from credit_bus_connectors.departments.desk.cases import (
    Case,
    Heard,
    Said,
    State,
    action_case,
    case_name,
)
from credit_bus_connectors.departments.desk.rows import json_of
from credit_bus_connectors.departments.desk.tasks import Kind, Standing, Task, tasks_of

PARTY = "finance"
MEASURE = samples.COURT_MEASURES[0]
ACTION = samples.initiation_body()["action_id"]
NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)  # a Monday
ORDER = "0" * 32
INITIATION = samples.initiation().id


def told(kind: str, body: dict[str, Any], *, id_: str, days: int = 0, **changes: Any) -> Heard:
    """An event as it is kept, so many days after `NOW`."""
    given = {"source": samples.HUB, "causation_id": None, "revision": 1, **changes}
    return Heard(
        event_id=id_,
        type=kind,
        subject=samples.reference()["uscc"],
        heard_at=NOW + timedelta(days=days),
        body=json.loads(json_of(body)),
        **given,
    )


def order(*, id_: str = ORDER, days: int = 0, **changes: Any) -> Heard:
    """The court's first measure, ordered."""
    initiation = samples.initiation_body()
    body = {
        **{name: initiation[name] for name in ("action_id", "kind", "subject", "cause", "term")},
        "instrument": initiation["instrument"],
        "notice": initiation["notice"],
        "measure": MEASURE,
        "measure_name": "限制参加政府采购活动",
        "content": "内容",
        "initiator": samples.COURT,
        "implementer": PARTY,
        "recipients": [],
        **changes,
    }
    return told(MEASURE_ORDERED, body, id_=id_, days=days, causation_id=INITIATION)


def said(
    kind: str,
    body: dict[str, Any],
    because_of: str,
    *,
    state: State = State.ACCEPTED,
    days: int = 0,
    id_: str = "a" * 32,
) -> Said:
    """A statement of the department."""
    made = NOW + timedelta(days=days)
    return Said(
        event_id=id_,
        type=kind,
        subject=samples.reference()["uscc"],
        revision=1,
        made_at=made,
        causation_id=because_of,
        state=state,
        account="li.si",
        judged_at=None if state is State.PENDING else made,
        body=json.loads(json_of(body)),
    )


def response(**changes: Any) -> Said:
    """The order is taken on, and the gate took that."""
    state = changes.pop("state", State.ACCEPTED)
    because_of = changes.pop("because_of", ORDER)
    body = samples.response_body(ACTION, MEASURE, **changes)
    return said("measure.responded", body, because_of, state=state)


def execution(**changes: Any) -> Said:
    """What was carried out."""
    body = samples.execution_body(ACTION, MEASURE)
    return said("measure.executed", body, "a" * 32, id_="b" * 32, **changes)


def reminder(obligation: str, because_of: str, due_on: Any) -> Heard:
    """The hub reminds."""
    body = samples.reminder_body(
        party=PARTY, obligation=obligation, because_of=because_of, due_on=due_on
    )
    return told(REMINDER_DUE, body, id_="d" * 32)


def action(*events: Heard | Said) -> Case:
    """The action's case, in this order."""
    return case(action_case(ACTION), *events)


def case(name: str, *events: Heard | Said) -> Case:
    """A case of these events."""
    return Case(
        name=name,
        party=PARTY,
        heard=[each for each in events if isinstance(each, Heard)],
        said=[each for each in events if isinstance(each, Said)],
    )


def of(case: Case, kind: Kind) -> Task | None:
    """The task of that kind, or None."""
    found = [each for each in tasks_of(case, samples.registry()) if each.kind is kind]
    assert len(found) < 2, "one measure, one task of a kind"
    return found[0] if found else None


def standing(case: Case, kind: Kind) -> Standing | None:
    """How far the task of that kind is; None when there is none."""
    found = of(case, kind)
    return None if found is None else found.standing


def named(event: Heard) -> str:
    """The case of an event."""
    return case_name(event.type, event.source, event.subject, event.body)
