"""What every request and every answer goes through: bounds, time-outs, headers, one log line.

Knows ASGI, and no route. A request is read whole, up to a bound, before a route sees it, so that a
slow or an endless sender holds no route; the paths named in `streams` read it themselves, with
bounds of their own. A log line names the route's pattern, never the path as it came: a path may
hold a code or a number.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from credit_bus.logs import told_of
from credit_bus.metrics import table
from credit_bus.metrics.meter import Meter

BODY_BYTES_MAX = 2 * 1_048_576  # the largest body of an event as JSON
BODY_WAIT_SECONDS_MAX = 10.0
ANSWER_WAIT_SECONDS_MAX = 60.0

NO_ROUTE = "/"  # what no route took
REQUEST = "web.request"
REQUEST_FAILED = "web.request.failed"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# The network is closed: a page may load from this very process alone, and run no script.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class _TooLargeError(Exception):
    """The body goes beyond the bound."""


class _GoneError(Exception):
    """The client closed the connection before its request was whole."""


class Guard:
    """An ASGI application around another."""

    def __init__(
        self,
        application: Application,
        *,
        log: Any,
        meter: Meter | None = None,
        streams: frozenset[str] = frozenset(),
        body_bytes_max: int = BODY_BYTES_MAX,
        body_wait_seconds_max: float = BODY_WAIT_SECONDS_MAX,
        answer_wait_seconds_max: float = ANSWER_WAIT_SECONDS_MAX,
    ) -> None:
        self._application = application
        self._meter = meter or Meter()
        self._log = log
        self._streams = streams
        self._body_bytes_max = body_bytes_max
        self._body_wait_seconds_max = body_wait_seconds_max
        self._answer_wait_seconds_max = answer_wait_seconds_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; other protocols than HTTP are passed on."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        answer = _Answer(send)
        begun = time.monotonic()
        try:
            await self._answer(scope, receive, answer)
        except _GoneError:
            return
        except Exception as error:  # noqa: BLE001 - the outermost loop of a request
            self._log.error(REQUEST_FAILED, **told_of(error))
            await answer.instead(HTTPStatus.INTERNAL_SERVER_ERROR)
        route = getattr(scope.get("route"), "path", None)
        seconds = time.monotonic() - begun
        self._measure(scope["method"], route, answer.status, seconds)
        self._log.info(
            REQUEST,
            method=scope["method"],
            route=route,
            status=answer.status,
            milliseconds=round(seconds * 1000, 1),
        )

    def _measure(self, method: str, route: str | None, status: int | None, seconds: float) -> None:
        route = route or NO_ROUTE
        self._meter.count(
            table.REQUESTS,
            route=route,
            method=method,
            status="0" if status is None else f"{status}",
        )
        self._meter.observe(table.REQUEST, seconds, route=route)

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            await answer.instead(HTTPStatus.BAD_REQUEST)  # the one character no database keeps
            return
        if scope["path"] not in self._streams:
            try:
                async with asyncio.timeout(self._body_wait_seconds_max):
                    body = await _whole_body(receive, bytes_max=self._body_bytes_max)
            except TimeoutError:
                await answer.instead(HTTPStatus.REQUEST_TIMEOUT)
                return
            except _TooLargeError:
                await answer.instead(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                return
            receive = _replayed(body, receive)
        try:
            async with asyncio.timeout(self._answer_wait_seconds_max):
                await self._application(scope, receive, answer.send)
        except TimeoutError:
            await answer.instead(HTTPStatus.SERVICE_UNAVAILABLE)


class _Answer:
    """The answer to one request, with the headers that every answer has."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None  # None as long as nothing is sent

    async def send(self, message: Message) -> None:
        """Send a part of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message.get("headers", ())]
            names = {name.lower() for name, _ in headers}
            headers += [each for each in SECURITY_HEADERS if each[0] not in names]
            message = {**message, "headers": headers}
        await self._send(message)

    async def instead(self, status: HTTPStatus) -> None:
        """Answer with a bare status, unless an answer has begun: then the connection just ends."""
        if self.status is not None:
            return
        text = f"{status.value} {status.phrase}\n".encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        headers.append((b"content-length", str(len(text)).encode()))
        await self.send({"type": "http.response.start", "status": status.value, "headers": headers})
        await self.send({"type": "http.response.body", "body": text})


async def _whole_body(receive: Receive, *, bytes_max: int) -> bytes:
    """Return the request's body. Raises _TooLargeError as soon as it is known to be too large."""
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise _GoneError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > bytes_max:
            raise _TooLargeError
        more = message.get("more_body", False)
    return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that tells the body in one part, then whatever comes."""
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
