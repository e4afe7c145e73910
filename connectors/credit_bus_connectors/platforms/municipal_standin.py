"""A stand-in for the municipal platform: its own process, HTTP in front, PostgreSQL behind.

Takes `POST /events` as `municipal.py` pushes them: idempotent by key, with the same answer to the
same key; another content under a known key is refused; what an event says has ended is held no
more, and not taken in again; what it hides is held and not shown, and what it disputes is held and
marked so until that is decided. It makes trouble on demand
(`PUT /faults`) and counts what came and what is held (`GET /counts`), so that tests can see what a
real platform would only suffer.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import psycopg
from aiohttp import web
from psycopg.types.json import Jsonb

from credit_bus_connectors.platforms.municipal_faults import Faults, Trouble
from credit_bus_connectors.platforms.municipal_tables import FORMS
from credit_bus_connectors.platforms.postgres import (
    BY_KEY,
    CONNECT_WAIT_SECONDS_MAX,
    is_storable,
    migrate,
    statement,
)

SCHEMA = "municipal_standin"
BODY_BYTES_MAX = 16 * 1024 * 1024
EVENTS_PER_POST_MAX = 1_000
NAME_CHARACTERS_MAX = 200

_KINDS = {form.kind for form in FORMS.values()}
_NAME_CODES = {
    form.kind: column.code
    for form in FORMS.values()
    for column in form.columns
    if column.field == "subject.name"
}
# What becomes of accepted items, in this order.
_EFFECTS = (
    "store_ended.sql",
    "drop_ended.sql",
    "store_hidden.sql",
    "store_held.sql",
    "mark_hidden.sql",
    "store_objections.sql",
    "store_decided.sql",
    "mark_disputed.sql",
)
_TEXTS = ("id", "idempotency_key", "digest", "type", "document", "subject")


class _State:
    """One database connection, the faults, and what was counted. One request at a time."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.lock = asyncio.Lock()
        self.faults = Faults()
        self.chance = self.faults.chance()
        self.posts = 0
        self.events = 0
        self._connection: psycopg.Connection[Any] | None = None

    def connection(self) -> psycopg.Connection[Any]:
        """Return an open connection to a migrated schema."""
        if self._connection is None or self._connection.closed:
            opened = psycopg.connect(
                self.database,
                autocommit=True,
                connect_timeout=CONNECT_WAIT_SECONDS_MAX,
                options=BY_KEY,
            )
            migrate(opened, SCHEMA)
            self._connection = opened
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


_STATE = web.AppKey("state", _State)


def make_app(database: str) -> web.Application:
    """Return the application; it opens the database at the first request."""
    app = web.Application(client_max_size=BODY_BYTES_MAX)
    app[_STATE] = _State(database)
    app.router.add_post("/events", _post_events)
    app.router.add_put("/faults", _put_faults)
    app.router.add_get("/counts", _get_counts)

    async def close(app: web.Application) -> None:
        app[_STATE].close()

    app.on_cleanup.append(close)
    return app


def serve(*, host: str, port: int, database: str | None) -> None:
    """Serve until SIGTERM or SIGINT. ValueError without a database."""
    if database is None:
        raise ValueError("the stand-in keeps its answers in PostgreSQL: give --database URL")
    web.run_app(make_app(database), host=host, port=port, access_log=None, print=None)


async def _post_events(request: web.Request) -> web.StreamResponse:
    state = request.app[_STATE]
    async with state.lock:
        faults = state.faults
        state.posts += 1
        trouble = faults.next_trouble(state.chance)
    seconds = faults.delay_seconds + (faults.slow_seconds if trouble is Trouble.SLOW else 0.0)
    await asyncio.sleep(seconds)  # others go on meanwhile
    if trouble is Trouble.STATUS:
        headers = {"Retry-After": str(faults.retry_after_seconds)}
        return web.Response(status=faults.status, headers=headers)
    if trouble is Trouble.RESET:
        return _broken_off(request)
    items = _items(await request.read())
    async with state.lock:
        state.events += len(items)
        wanted = [
            item
            for item in items
            if not faults.put_off(item["subject"]) and trouble is not Trouble.LATER
        ]
        try:
            answers = await asyncio.to_thread(_answers, state, wanted)
        except psycopg.OperationalError:
            raise web.HTTPServiceUnavailable from None
    if trouble is Trouble.LOST:
        return _broken_off(request)
    later = {"result": "later"}
    told = [answers.get(item["idempotency_key"], later) for item in items]
    return web.json_response({"answers": told})


def _broken_off(request: web.Request) -> web.Response:
    """Break the connection; what is returned reaches nobody."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def _put_faults(request: web.Request) -> web.Response:
    try:
        faults = Faults(**json.loads(await request.read()))
    except (TypeError, ValueError):
        raise web.HTTPBadRequest(text="faults are the fields of Faults, in JSON") from None
    state = request.app[_STATE]
    state.faults, state.chance = faults, faults.chance()
    return web.Response(status=204)


async def _get_counts(request: web.Request) -> web.Response:
    state = request.app[_STATE]
    async with state.lock:
        row = await asyncio.to_thread(_counts, state)
    accepted, refused, held = row
    counts = {"posts": state.posts, "events": state.events}
    return web.json_response({**counts, "accepted": accepted, "refused": refused, "held": held})


def _counts(state: _State) -> tuple[int, int, int]:
    row = state.connection().execute(statement(SCHEMA, "count.sql")).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def _items(payload: bytes) -> list[dict[str, Any]]:
    """Return the items of a post. Raises HTTPBadRequest for anything else."""
    try:
        items = json.loads(payload)["events"]
    except (ValueError, KeyError, TypeError):
        raise web.HTTPBadRequest(text="a post is {events: [...]}, in JSON") from None
    if not isinstance(items, list) or not 1 <= len(items) <= EVENTS_PER_POST_MAX:
        raise web.HTTPBadRequest(text=f"a post has 1 to {EVENTS_PER_POST_MAX} events")
    if not all(map(_is_item, items)):
        raise web.HTTPBadRequest(text="an event lacks what every event has")
    return items


def _is_item(item: object) -> bool:
    return (
        isinstance(item, dict)
        and all(isinstance(item.get(name), str) for name in _TEXTS)
        and isinstance(item.get("revision"), int)
        and isinstance(item.get("fields"), dict)
        and item["type"] in _KINDS
    )


def _answers(state: _State, items: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the answer to each key, after the effect of what is accepted is committed."""
    if not items:
        return {}
    judged = [_judged(place, item) for place, item in enumerate(items)]
    keys = {"keys": [one["key"] for one in judged]}
    connection = state.connection()
    with connection.transaction():
        connection.execute(statement(SCHEMA, "store_answers.sql"), {"judged": Jsonb(judged)})
        for name in _EFFECTS:
            connection.execute(statement(SCHEMA, name), keys)
        stored = connection.execute(statement(SCHEMA, "read_answers.sql"), keys).fetchall()
    digests = {one["key"]: one["digest"] for one in judged}
    return {
        key: _told(result, reasons, number, answered_at, is_other=digest != digests[key])
        for key, digest, result, reasons, number, answered_at in stored
    }


def _judged(place: int, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the item with the platform's own verdict on it."""
    code = _NAME_CODES.get(item["type"])  # a decision on an objection names nobody
    name = None if code is None else item["fields"].get(code)
    reasons = []
    if code and not (isinstance(name, str) and 0 < len(name) <= NAME_CHARACTERS_MAX):
        limit = f"行政相对人名称须为 1 至 {NAME_CHARACTERS_MAX} 个字符"
        reasons.append({"field": "subject.name", "message": limit})
    if not is_storable(json.dumps(item)):
        reasons.append({"field": "", "message": "文本中不得含有空字符"})
    return {
        "place": place,
        "key": item["idempotency_key"],
        "digest": item["digest"],
        "result": "refused" if reasons else "accepted",
        "reasons": reasons,
        "item": {} if reasons else item,
    }


def _told(
    result: str,
    reasons: Sequence[Mapping[str, str]],
    number: int,
    answered_at: datetime,
    *,
    is_other: bool,
) -> dict[str, Any]:
    if is_other:
        result = "refused"
        reasons = [{"field": "", "message": "同一幂等键已用于不同的内容"}]
    told: dict[str, Any] = {"result": result, "answered_at": answered_at.isoformat()}
    if result == "accepted":
        return {**told, "acknowledgement": f"ZY-{number:010}"}
    return {**told, "reasons": list(reasons)}
