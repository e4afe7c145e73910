"""Where one may ask a process: `/metrics`, `/health/live`, `/health/ready`, in its own threads.

Apart from the process's own work, so that a loop that hangs can be seen. Bounded: so many requests
at once, so long for each; whoever comes beyond that finds the door closed. It answers GET and HEAD
of three paths, tells nothing of an event, and is meant for a network where only operators are.
"""

import json
import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import ThreadingMixIn
from types import TracebackType
from typing import Any, Self

from credit_bus.metrics.meter import CONTENT_TYPE
from credit_bus.metrics.table import ALIVE, READY
from credit_bus.metrics.vitals import Vitals

LOOPBACK = "127.0.0.1"
REQUESTS_AT_ONCE_MAX = 8
WAITING_CONNECTIONS_MAX = 16
REQUEST_SECONDS_MAX = 5.0  # for each read and each write
STOP_SECONDS_MAX = 5.0

JSON = "application/json"


class Listener:
    """Answers for a process until it is left. A context manager."""

    def __init__(self, vitals: Vitals, *, port: int, host: str = LOOPBACK) -> None:
        """Take the address. Raises OSError when it is not to be had."""
        self._server = _Server((host, port), vitals)
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="health", daemon=True
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(STOP_SECONDS_MAX)


def answer(vitals: Vitals, path: str) -> tuple[HTTPStatus, str, bytes]:
    """Return status, content type and body for a path."""
    match path.partition("?")[0]:
        case "/metrics":
            vitals.meter.set(ALIVE, not vitals.health.stalled())
            vitals.meter.set(READY, not vitals.health.waiting())
            return HTTPStatus.OK, CONTENT_TYPE, vitals.meter.exposition()
        case "/health/live":
            return _told("live", "stalled", vitals.health.stalled())
        case "/health/ready":
            return _told("ready", "waiting", vitals.health.waiting())
        case _:
            return HTTPStatus.NOT_FOUND, JSON, b"{}\n"


def _told(word: str, why: str, reasons: tuple[str, ...]) -> tuple[HTTPStatus, str, bytes]:
    status = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
    told = {word: not reasons, why: list(reasons)}
    return status, JSON, json.dumps(told).encode() + b"\n"


class _Server(ThreadingMixIn, HTTPServer):
    """A server with a bounded number of threads."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = WAITING_CONNECTIONS_MAX
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], vitals: Vitals) -> None:
        self.vitals = vitals
        self._free = threading.BoundedSemaphore(REQUESTS_AT_ONCE_MAX)
        super().__init__(address, _Request)

    def server_bind(self) -> None:
        """Bind, without asking a name server who we are, as the library does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread, or close the connection when all threads are busy."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, then let the next one in."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes in the middle is nobody's mistake here."""


class _Request(BaseHTTPRequestHandler):
    """One request, one answer, one connection."""

    server: _Server
    timeout = REQUEST_SECONDS_MAX
    protocol_version = "HTTP/1.0"
    server_version = "credit-bus"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with a body."""
        self._answer(has_body=True)

    def do_HEAD(self) -> None:
        """Answer without a body."""
        self._answer(has_body=False)

    def log_message(self, *_: object) -> None:
        """Say nothing: a scrape every few seconds is no news."""

    def _answer(self, *, has_body: bool) -> None:
        status, content_type, body = answer(self.server.vitals, self.path)
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if has_body:
            self.wfile.write(body)
