"""The Schema Registry API over HTTP, read-only, so that Kafka's tools read our topics.

Knows paths and query parameters; what is answered is known by `contracts/subjects_api`.
"""

import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from credit_bus.contracts.subjects_api import (
    COMPATIBILITY,
    MODE,
    Answer,
    SubjectsApi,
    error,
    said,
)

PREFIX = "/schema-registry"
MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"
PAGE_MAX = 1_000

Offset = Annotated[int, Query(ge=0)]
Limit = Annotated[int, Query(ge=-1, le=PAGE_MAX)]


def schema_registry_router(api: SubjectsApi) -> APIRouter:
    """Return the routes over these answers."""
    router = APIRouter(include_in_schema=False, default_response_class=Response)
    _add_reading(router, api)
    _add_lists(router, api)
    _add_asking(router, api)
    _add_refusing(router)
    return router


def _add_reading(router: APIRouter, api: SubjectsApi) -> None:
    by_path: dict[str, Callable[..., Answer]] = {
        "/schemas/ids/{schema_id}": api.schema,
        "/schemas/ids/{schema_id}/schema": api.schema_text,
        "/schemas/ids/{schema_id}/subjects": api.subjects_of,
        "/schemas/ids/{schema_id}/versions": api.versions_of,
        "/schemas/guids/{guid}": lambda guid: error(40403, guid),
        "/schemas/types": lambda: said(["AVRO"]),
        "/subjects/{subject}/versions": api.versions,
        "/subjects/{subject}/versions/{version}": api.version,
        "/subjects/{subject}/versions/{version}/schema": api.version_text,
        "/subjects/{subject}/versions/{version}/referencedby": api.referenced_by,
        "/config": lambda: said({"compatibilityLevel": COMPATIBILITY}),
        "/config/{subject}": api.compatibility,
        "/mode": lambda: said({"mode": MODE}),
        "/mode/{subject}": lambda subject: said({"mode": MODE}),  # noqa: ARG005 - for the path
        "/contexts": lambda: said(["."]),
        "/": lambda: said({}),
    }
    for path, answer in by_path.items():
        router.add_api_route(path, _reading(answer), methods=["GET"])


def _reading(answer: Callable[..., Answer]) -> Callable[[Request], Response]:
    def read(request: Request) -> Response:
        return _response(answer(**request.path_params))

    return read


def _add_lists(router: APIRouter, api: SubjectsApi) -> None:
    @router.get("/schemas")
    def schemas(
        prefix: Annotated[str, Query(alias="subjectPrefix")] = "",
        latest_only: Annotated[bool, Query(alias="latestOnly")] = False,
        offset: Offset = 0,
        limit: Limit = -1,
    ) -> Response:
        return _response(
            api.schemas(prefix=prefix, latest_only=latest_only, offset=offset, limit=limit)
        )

    @router.get("/subjects")
    def subjects(
        prefix: Annotated[str, Query(alias="subjectPrefix")] = "",
        offset: Offset = 0,
        limit: Limit = -1,
    ) -> Response:
        return _response(api.subjects(prefix=prefix, offset=offset, limit=limit))


def _add_asking(router: APIRouter, api: SubjectsApi) -> None:
    """Add what is asked with a schema in the body, and changes nothing."""

    @router.post("/subjects/{subject}")
    async def look_up(subject: str, request: Request) -> Response:
        return _response(api.look_up(subject, await _asked(request)))

    @router.post("/subjects/{subject}/versions")
    async def register(subject: str, request: Request) -> Response:
        return _response(api.register(subject, await _asked(request)))

    @router.post("/compatibility/subjects/{subject}/versions")
    @router.post("/compatibility/subjects/{subject}/versions/{version}")
    async def compatible(
        subject: str,
        request: Request,
        version: str | None = None,
        verbose: bool = False,
    ) -> Response:
        asked = await _asked(request)
        answer = await run_in_threadpool(api.compatible, subject, version, asked)
        if not verbose and answer.status == said(None).status:
            answer = said({"is_compatible": answer.body["is_compatible"]})
        return _response(answer)


def _add_refusing(router: APIRouter) -> None:
    """Add what is left: whatever would change something is refused as in READONLY mode."""

    @router.api_route("/{rest:path}", methods=["PUT", "DELETE", "PATCH"])
    def change(rest: str) -> Response:
        _, _, subject = rest.partition("/")
        return _response(error(42205, subject.partition("/")[0] or None))

    @router.api_route("/{rest:path}", methods=["GET", "HEAD", "POST"])
    def unknown(rest: str) -> Response:  # noqa: ARG001 - the path names it
        return _response(error(404))


async def _asked(request: Request) -> Any:
    """Return the body as JSON, or None when it is none."""
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):
        return None


def _response(answer: Answer) -> Response:
    return Response(
        json.dumps(answer.body, ensure_ascii=False).encode(),
        status_code=answer.status,
        media_type=MEDIA_TYPE,
    )
