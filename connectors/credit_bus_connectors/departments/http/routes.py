"""`POST /events` and `GET /events/{id}` for departments, as a router for any FastAPI application.

Who speaks is settled before the body is read, and how many speak at once is bounded. Knows FastAPI;
what becomes of a request is told in `intake.py`.

    intake = Intake(IntakeSettings(...), catalogue=load_catalogue())
    application.include_router(intake_router(intake))   # while `with intake:` holds; or
    application = intake_app(intake)                    # an application of its own
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager

from fastapi import APIRouter, FastAPI, Security
from fastapi import Request as HttpRequest
from fastapi import Response as HttpResponse
from starlette.requests import ClientDisconnect

from credit_bus_connectors.departments.http import openapi, openapi_parts
from credit_bus_connectors.departments.http.body import body_within
from credit_bus_connectors.departments.http.intake import Intake
from credit_bus_connectors.departments.http.request import (
    BYTES_MAX,
    JSON,
    MEDIA_TYPES,
    Name,
    Request,
    Response,
    refused,
)

EVENTS_PATH = "/events"
REQUESTS_AT_ONCE_MAX = 64
REQUESTS_OF_A_PARTY_MAX = 16
LOOK_UPS_AT_ONCE_MAX = 8  # of keys and verdicts: beside the requests that wait for receipts
BODY_SECONDS_MAX = 30.0
RETRY_AFTER_SECONDS = 1
IDEMPOTENCY_KEY_CHARACTERS_MAX = 128

_IDEMPOTENCY_KEY = re.compile(rf"[!-~]{{1,{IDEMPOTENCY_KEY_CHARACTERS_MAX}}}")
_STRICT = re.compile(r"(?:^|[,;\s])handling\s*=\s*\"?strict\"?(?:$|[,;\s])", re.IGNORECASE)


class _Places:
    """The requests under way, of all and of each party: bounded. Used by the event loop alone.

    A place is taken until the work is done, also when nobody waits for it any more: its thread is.
    """

    def __init__(self) -> None:
        self._of_party: Counter[str] = Counter()

    @contextmanager
    def taken(self, party: str) -> Iterator[bool]:
        """Run the block with a place taken; yield False when there is none."""
        is_full = (
            self._of_party.total() >= REQUESTS_AT_ONCE_MAX
            or self._of_party[party] >= REQUESTS_OF_A_PARTY_MAX
        )
        if is_full:
            yield False
            return
        self._of_party[party] += 1
        try:
            yield True
        finally:
            self._of_party[party] -= 1


def intake_router(intake: Intake) -> APIRouter:
    """Return the routes that take in what departments say."""
    router = APIRouter(tags=["events"], dependencies=[Security(openapi_parts.access_key())])
    places = _Places()
    # Of its own: whoever waits for receipts must not keep other routes from their threads.
    threads = ThreadPoolExecutor(
        REQUESTS_AT_ONCE_MAX + LOOK_UPS_AT_ONCE_MAX, thread_name_prefix="intake"
    )

    async def in_thread(work: Callable[[], Response]) -> Response:
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    async def party_of(request: HttpRequest) -> str | Response:
        """Return who speaks, or the refusal."""
        headers = request.headers
        found = await asyncio.get_running_loop().run_in_executor(threads, intake.party_of, headers)
        return refused("http-key-needed") if found is None else found

    async def worked(request: HttpRequest, party: str) -> Response:
        with places.taken(party) as is_free:
            if not is_free:
                return refused("http-too-many-requests")
            read = await _read(request, party)
            if isinstance(read, Response):
                return read
            return await in_thread(lambda: intake.take(read))

    @router.post(EVENTS_PATH, summary="Say one event, or an array of them.", **openapi.SAY)
    async def say(request: HttpRequest) -> HttpResponse:
        party = await party_of(request)
        if isinstance(party, Response):
            return _http(party)
        return _http(await asyncio.shield(worked(request, party)))

    @router.get(
        EVENTS_PATH + "/{event_id}", summary="Tell what became of an event.", **openapi.TELL
    )
    async def tell(request: HttpRequest, event_id: str) -> HttpResponse:
        party = await party_of(request)
        if isinstance(party, Response):
            return _http(party)
        return _http(await in_thread(lambda: intake.event(party, event_id)))

    return router


def intake_app(intake: Intake) -> FastAPI:
    """Return an application that is nothing but the intake, and runs it."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with intake:
            yield

    application = FastAPI(title="Credit Bus intake", lifespan=lifespan)
    application.include_router(intake_router(intake))
    return application


async def _read(request: HttpRequest, party: str) -> Request | Response:
    """Return the request with its body, or the refusal of what its headers or its size say."""
    key = request.headers.get("idempotency-key", "")
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        return refused("http-idempotency-key", characters_max=IDEMPOTENCY_KEY_CHARACTERS_MAX)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if media_type not in MEDIA_TYPES or encoding != "identity":
        return refused("http-media-type")
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            content = await body_within(request, BYTES_MAX)
    except (TimeoutError, ClientDisconnect):
        return refused("http-too-slow", seconds_max=int(BODY_SECONDS_MAX))
    if content is None:
        return refused("http-too-large", bytes_max=BYTES_MAX)
    strict = _STRICT.search(request.headers.get("prefer", "")) is not None
    name = Name(party=party, key=key)
    return Request(name=name, content=content, media_type=media_type, strict=strict)


def _http(response: Response) -> HttpResponse:
    headers = {"cache-control": "no-store"}
    if response.retry:
        headers["retry-after"] = str(RETRY_AFTER_SECONDS)
    if response.status == 401:
        headers["www-authenticate"] = "Bearer"
    return HttpResponse(
        content=response.content, status_code=response.status, headers=headers, media_type=JSON
    )
