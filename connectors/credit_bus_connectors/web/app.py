"""The web application, made of parts by a function: nothing at import, nothing global.

Knows how parts are put together, and none of them. A part is a router under a prefix; what it
needs to do its work, it was given when it was made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI

from credit_bus.metrics.meter import Meter
from credit_bus_connectors.web.guard import Application, Guard
from credit_bus_connectors.web.health import health_router
from credit_bus_connectors.web.sessions import SessionSettings, add_sessions

Probe = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A router, and the prefix under which it answers ("" for the root).

    `streams` are its paths that read the body themselves, with bounds of their own: a part that
    must know who speaks before it takes four megabytes.
    """

    router: APIRouter
    prefix: str = ""
    streams: frozenset[str] = frozenset()


def create_app(
    *,
    parts: Sequence[Part],
    probes: Mapping[str, Probe],
    log: Any,
    version: str,
    sessions: SessionSettings | None = None,
    meter: Meter | None = None,
) -> Application:
    """Return the application of these parts, with `/health/live` and `/health/ready`.

    With `sessions` each request has one; `meter` is told of each. It is ready when every probe says
    so. The pages of FastAPI that load scripts from elsewhere are switched off; `/openapi.json`
    lists the routes of those parts that want to be listed.
    """
    app = FastAPI(
        title="信用总线 Credit Bus",
        version=version,
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        openapi_url="/openapi.json",
    )
    app.include_router(health_router(probes))
    for part in parts:
        app.include_router(part.router, prefix=part.prefix)
    if sessions is not None:
        add_sessions(app, sessions)
    streams = frozenset(path for part in parts for path in part.streams)
    return Guard(app, log=log, meter=meter, streams=streams)
