"""Whether the process lives, and whether it can do its work."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import JSONResponse


def health_router(probes: Mapping[str, Callable[[], bool]]) -> APIRouter:
    """Return the two routes. The probes are asked anew at each call, off the event loop.

    Whether it lives is answered by the loop itself: it lives also while every thread is held.
    """
    router = APIRouter(prefix="/health", include_in_schema=False)

    @router.get("/live")
    async def live() -> dict[str, bool]:
        return {"live": True}

    @router.get("/ready")
    def ready() -> JSONResponse:
        waiting = sorted(name for name, holds in probes.items() if not holds())
        status = HTTPStatus.SERVICE_UNAVAILABLE if waiting else HTTPStatus.OK
        return JSONResponse({"ready": not waiting, "waiting": waiting}, status_code=status)

    return router
