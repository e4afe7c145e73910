"""The pages of tasks: the list, and one task with what it is about, its way, and its form."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response

from credit_bus.contracts.codec import Codec
from credit_bus.domain.calendar import local_day
from credit_bus_connectors.departments.desk.access import Role
from credit_bus_connectors.departments.desk.acts import answer_to
from credit_bus_connectors.departments.desk.forms import DAYS, TASK_FORMS, TaskForm
from credit_bus_connectors.departments.desk.publisher import Publisher
from credit_bus_connectors.departments.desk.saying import Act, act_of
from credit_bus_connectors.departments.desk.shown import shown_task, shown_tasks
from credit_bus_connectors.departments.desk.store import Found, Store
from credit_bus_connectors.departments.desk.tasks import Standing
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

    def home(_: Visit) -> Response:
        return go("/tasks")

    def listed(visit: Visit) -> Response:
        done = visit.request.query_params.get("done") == "1"
        today = local_day(front.now())
        rows = shown_tasks(store.tasks(visit.who.party, done=done), front.registry, today)
        return visit.page("tasks.html", tasks=rows, done=done)

    def show(visit: Visit) -> Response:
        found = store.find(visit.who.party, visit.request.path_params["name"])
        if found is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        return _page(visit, found, _new_form(visit, found))

    def take(visit: Visit) -> Response:
        party, name = visit.who.party, visit.request.path_params["name"]
        refused: list[tuple[Found, TaskForm]] = []

        def make(found: Found) -> Act | None:
            entered = visit.form(TASK_FORMS[found.task.kind])
            act = _act(visit, found, entered, codec) if entered.validate() else None
            if act is None:
                refused.append((found, entered))
            return act

        if store.answer(party, name, make):
            publisher.wake()
        if refused:
            return _page(visit, *refused[0], status=HTTPStatus.UNPROCESSABLE_ENTITY)
        # Kept now, or kept before by a first click or a colleague: the page shows which.
        return go(f"/tasks/{name}")

    page(router, front, "/", home)
    page(router, front, "/tasks", listed)
    page(router, front, "/tasks/{name}", show)
    form(router, front, "/tasks/{name}", take, *ANSWERING)


def _new_form(visit: Visit, found: Found) -> TaskForm | None:
    """Return the empty form; None when nothing can be said, or not by this account."""
    is_open = found.task.standing in (Standing.OPEN, Standing.RESTING)
    if not is_open or not visit.who.may(*ANSWERING):
        return None
    today = str(local_day(visit.front.now()))
    kind = TASK_FORMS[found.task.kind]
    made: TaskForm = visit.form(kind, **dict.fromkeys(DAYS, today))
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
    return visit.page("task.html", status=status, form=entered, **shown)
