"""The pages over HTTP, and the document that they are made from.

Knows names and texts: everything is made before the first request.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from fastapi import APIRouter
from fastapi.responses import Response

from credit_bus_connectors.web.pages import INDEX

PREFIX = "/docs"
DOCUMENT = "asyncapi.json"
_MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {".html": "text/html; charset=utf-8", ".json": "application/json"}
)


def docs_router(pages: Mapping[str, str]) -> APIRouter:
    """Return the routes of these pages, by their file names; the index answers without a name."""
    router = APIRouter(include_in_schema=False)

    @router.get("/{name}")
    def page(name: str) -> Response:
        text = pages.get(name)
        if text is None:
            return Response("没有这一页\n", HTTPStatus.NOT_FOUND, media_type="text/plain")
        kind = name[name.rindex(".") :]
        return Response(text, media_type=_MEDIA_TYPES[kind])

    @router.get("/")
    def index() -> Response:
        return page(INDEX)

    return router
