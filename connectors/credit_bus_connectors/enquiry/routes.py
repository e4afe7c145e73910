"""`POST /enquiries` and `POST /enquiries/about`, as a router for any FastAPI application.

Who speaks and how often is settled before the body is read; how many speak at once is bounded.
Knows FastAPI; what becomes of a request is told in `office.py`.
"""

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from fastapi import APIRouter, Security
from fastapi import Request as HttpRequest
from fastapi import Response as HttpResponse
from starlette.requests import ClientDisconnect

from credit_bus_connectors.departments.http.body import body_within
from credit_bus_connectors.departments.http.keys import UsedKey
from credit_bus_connectors.departments.http.openapi_parts import access_key
from credit_bus_connectors.enquiry import openapi
from credit_bus_connectors.enquiry.office import (
    RETRY_AFTER_SECONDS,
    Office,
    Reply,
    refusal,
    unknown_key,
)
from credit_bus_connectors.enquiry.rates import BURST_DEFAULT, PER_SECOND_DEFAULT, Rates
from credit_bus_connectors.enquiry.reading import BYTES_MAX
from credit_bus_connectors.enquiry.rules import enquiry_reason

PATH = "/enquiries"
ABOUT_PATH = "/enquiries/about"
PATHS = frozenset({PATH, ABOUT_PATH})

THREADS_MAX = 8  # as many as there are connections
REQUESTS_AT_ONCE_MAX = 64  # those without a valid key included
BODY_SECONDS_MAX = 10.0

Answering = Callable[[UsedKey, bytes], Reply]


class _Rooms:
    """The requests under way: bounded. Used by the event loop alone."""

    def __init__(self) -> None:
        self.taken = 0

    def is_full(self) -> bool:
        return self.taken >= REQUESTS_AT_ONCE_MAX


def enquiry_router(
    office: Office, *, per_second: float = PER_SECOND_DEFAULT, burst: int = BURST_DEFAULT
) -> APIRouter:
    """Return the routes by which approval systems and windows ask."""
    router = APIRouter(tags=["enquiries"], dependencies=[Security(access_key())])
    rooms, rates = _Rooms(), Rates(per_second=per_second, burst=burst)
    threads = ThreadPoolExecutor(THREADS_MAX, thread_name_prefix="enquiry")

    async def worked(request: HttpRequest, answering: Answering) -> Reply:
        rooms.taken += 1
        try:
            return await replied(request, answering)
        finally:
            rooms.taken -= 1

    async def replied(request: HttpRequest, answering: Answering) -> Reply:
        loop = asyncio.get_running_loop()
        key = await loop.run_in_executor(threads, office.key_of, request.headers)
        if not isinstance(key, UsedKey):
            return unknown_key() if key is None else key
        wait = rates.wait_seconds(key.key_id, time.monotonic())
        if wait > 0:
            reason = enquiry_reason("enquiry-too-often", per_second=per_second, burst=burst)
            return refusal(reason, retry_after=math.ceil(wait))
        content = await _content(request)
        if isinstance(content, Reply):
            return content
        return await loop.run_in_executor(threads, answering, key, content)

    async def answered(request: HttpRequest, answering: Answering) -> HttpResponse:
        if rooms.is_full():
            return _http(refusal(enquiry_reason("enquiry-busy"), retry_after=RETRY_AFTER_SECONDS))
        # Its thread works on when nobody waits any more, so its room stays taken.
        return _http(await asyncio.shield(worked(request, answering)))

    @router.post(PATH, **openapi.ENQUIRY)
    async def ask(request: HttpRequest) -> HttpResponse:
        return await answered(request, office.ask)

    @router.post(ABOUT_PATH, **openapi.ABOUT)
    async def about(request: HttpRequest) -> HttpResponse:
        return await answered(request, office.about)

    return router


async def _content(request: HttpRequest) -> bytes | Reply:
    """Return the body, or the refusal of what its headers or its size say."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if media_type != "application/json" or encoding != "identity":
        return refusal(enquiry_reason("enquiry-media-type"))
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            content = await body_within(request, BYTES_MAX)
    except (TimeoutError, ClientDisconnect):
        return refusal(enquiry_reason("enquiry-too-slow", seconds_max=int(BODY_SECONDS_MAX)))
    if content is None:
        return refusal(enquiry_reason("enquiry-too-large", bytes_max=BYTES_MAX))
    return content


def _http(reply: Reply) -> HttpResponse:
    headers = {"cache-control": "no-store"}
    if reply.retry_after is not None:
        headers["retry-after"] = str(reply.retry_after)
    if reply.status == 401:
        headers["www-authenticate"] = "Bearer"
    return HttpResponse(
        content=reply.content,
        status_code=reply.status,
        headers=headers,
        media_type="application/json",
    )
