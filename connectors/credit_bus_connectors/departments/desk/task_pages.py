"""The pages of tasks: the list, and one task with what it is about, its way, and its form."""

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from credit_bus.contracts.codec import Codec
from credit_bus.domain.calendar import local_day
from credit_bus_connectors.departments.desk.access import Role
from credit_bus_connectors.departments.desk.acts import answer_to
from credit_bus_connectors.departments.desk.forms import DAYS, TASK_FORMS, TaskForm
from credit_bus_connectors.departments.desk.paging import paged
from credit_bus_connectors.departments.desk.publisher import Publisher
from credit_bus_connectors.departments.desk.saying import Act, act_of
from credit_bus_connectors.departments.desk.shown import shown_task, shown_tasks
from credit_bus_connectors.departments.desk.store import Found, Store
from credit_bus_connectors.departments.desk.tasks import ANSWERS
from credit_bus_connectors.departments.desk.visits import (
    NOT_YOURS,
    Front,
    Visit,
    form,
    go,
    page,
)

ANSWERING = (Role.CLERK, Role.REVIEWER)


def add_tasks(
    router: APIRouter, front: Front, *, store: Store, publisher: Publisher, codec: Codec
) -> None:
    """Add the routes."""

    own = _Tasks(store=store, publisher=publisher, codec=codec)
    page(router, front, "/", lambda _: go("/tasks"))
    page(router, front, "/tasks", own.listed)
    page(router, front, "/tasks/{name}", own.show)
    form(router, front, "/tasks/{name}", own.take, *ANSWERING)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tasks:
    """What the pages of tasks do."""

    store: Store
    publisher: Publisher
    codec: Codec

    def listed(self, visit: Visit) -> Response:
        party, done = visit.who.party, visit.request.query_params.get("done") == "1"
        read = partial(self.store.tasks, party, done=done)
        found, where = paged(visit.request, read)
        rows = shown_tasks(found, visit.front.registry, local_day(visit.front.now()))
        return visit.page("tasks.html", tasks=rows, done=done, where=where)

    def show(self, visit: Visit) -> Response:
        found = self.store.find(visit.who.party, visit.request.path_params["name"])
        if found is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        return _page(visit, found, _new_form(visit, found))

    def take(self, visit: Visit) -> Response:
        party, name = visit.who.party, visit.request.path_params["name"]
        corrects = _corrects(visit)
        refused: list[tuple[Found, TaskForm]] = []

        def make(found: Found) -> Act | None:
            entered = visit.form(TASK_FORMS[found.task.kind])
            act = _act(visit, found, entered, self.codec) if entered.validate() else None
            if act is None:
                refused.append((found, entered))
            return act

        if self.store.answer(party, name, make, corrects=corrects):
            self.publisher.wake()
        if refused:
            return _page(visit, *refused[0], status=HTTPStatus.UNPROCESSABLE_ENTITY)
        # Kept now, or kept before by a first click or a colleague: the page shows which.
        return go(f"/tasks/{name}")


def _corrects(visit: Visit) -> bool:
    return visit.request.query_params.get("correct") == "1"


def _new_form(visit: Visit, found: Found) -> TaskForm | None:
    """Return the form, empty or with what holds; None when nothing can be said by this account."""
    task, corrects = found.task, _corrects(visit)
    may = task.can_be_corrected if corrects else task.can_be_answered
    if not may or not visit.who.may(*ANSWERING):
        return None
    today = str(local_day(visit.front.now()))
    shown: dict[str, Any] = dict.fromkeys(DAYS, today)
    if corrects:
        holds = found.case.holding(ANSWERS[task.kind], task.because_of, task.measure)[-1]
        shown |= {name: str(value) for name, value in holds.body.items() if value is not None}
    made: TaskForm = visit.form(TASK_FORMS[task.kind], **shown)
    return made


def _act(visit: Visit, found: Found, entered: TaskForm, codec: Codec) -> Act | None:
    """Return the statement, or None with every reason at its field."""
    now = visit.front.now()
    answer = answer_to(
        found.task, found.case, entered.entered(), registry=visit.front.registry, now=now
    )
    for reason in answer.reasons:
        name = reason.field if reason.field in entered else next(iter(entered)).name
        entered.refuse(name, f"{reason.rule}。{reason.remedy}。")
    if answer.reasons:
        return None
    return act_of(answer.event, account=visit.who.name, now=now, codec=codec)


def _page(
    visit: Visit, found: Found, entered: TaskForm | None, *, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    shown = shown_task(found, visit.front.registry, now=visit.front.now())
    may_correct = found.task.can_be_corrected and visit.who.may(*ANSWERING)
    return visit.page(
        "task.html",
        status=status,
        form=entered,
        corrects=_corrects(visit) and entered is not None,
        may_correct=may_correct and entered is None,
        **shown,
    )
