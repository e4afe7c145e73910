"""HTTP as a sink needs it: post JSON, get JSON, and tell what kind of failure a failure is.

Knows HTTP/1.1 by the standard library, with a kept connection for each thread. Knows no platform.
Source of the classes: RFC 9110 (status codes, Retry-After), RFC 6585 (429).
"""

import http.client
import json
import math
import threading
from typing import Any
from urllib.parse import urlsplit

from credit_bus_connectors.contract import UnreachableError

ANSWER_WAIT_SECONDS_MAX = 30.0
ANSWER_BYTES_MAX = 16 * 1024 * 1024

_CONNECTIONS = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


class PushRefusedError(Exception):
    """The platform says that the request itself is wrong: our mistake, or wrong access rights."""

    def __init__(self, text: str, *, status: int) -> None:
        super().__init__(text)
        self.status = status


class HttpPush:
    """Posts to one endpoint. Safe to use from several threads."""

    def __init__(self, endpoint: str, *, wait_seconds: float = ANSWER_WAIT_SECONDS_MAX) -> None:
        parts = urlsplit(endpoint)
        if parts.scheme not in _CONNECTIONS or not parts.hostname:
            raise ValueError(f"{endpoint!r} is no endpoint; give it as http://HOST:PORT")
        self._make = _CONNECTIONS[parts.scheme]
        self._host, self._port = parts.hostname, parts.port
        self._base = parts.path.rstrip("/")
        self._wait_seconds = wait_seconds
        self._kept = threading.local()
        self._lock = threading.Lock()
        self._open: set[http.client.HTTPConnection] = set()

    def post(self, path: str, payload: bytes) -> Any:
        """Return the JSON that the platform answers.

        Raises UnreachableError for no answer, 408, 429, 5xx and an answer that is no JSON, and
        PushRefusedError for every other status than 2xx.
        """
        try:
            status, retry_after, text = self._exchange(path, payload)
        except (OSError, http.client.HTTPException) as error:
            self._drop()
            raise UnreachableError(f"{self._name()}: no answer ({type(error).__name__})") from error
        if status in {408, 429} or status >= 500:
            raise UnreachableError(
                f"{self._name()}: status {status}", retry_after_seconds=_seconds(retry_after)
            )
        if not 200 <= status < 300:
            raise PushRefusedError(
                f"{self._name()}{path} answered {status}; compare what is sent, and the access"
                " rights, with the platform's interface",
                status=status,
            )
        try:
            return json.loads(text)
        except ValueError as error:
            raise UnreachableError(f"{self._name()}: the answer is no JSON") from error

    def close(self) -> None:
        """Close the connections of all threads; no post may be under way."""
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()
        self._kept = threading.local()

    def _drop(self) -> None:
        """Close this thread's connection; its next post opens another."""
        connection = getattr(self._kept, "connection", None)
        if connection is not None:
            connection.close()
            self._kept.connection = None
            with self._lock:
                self._open.discard(connection)

    def _exchange(self, path: str, payload: bytes) -> tuple[int, str, bytes]:
        """Post once; once more when a kept connection turns out to be closed at the other end.

        The second try is safe: every event carries its idempotency key.
        """
        if getattr(self._kept, "connection", None) is not None:
            try:
                return self._once(path, payload)
            except (ConnectionError, http.client.RemoteDisconnected):
                self._drop()
        return self._once(path, payload)

    def _once(self, path: str, payload: bytes) -> tuple[int, str, bytes]:
        connection = getattr(self._kept, "connection", None)
        if connection is None:
            connection = self._make(self._host, self._port, timeout=self._wait_seconds)
            self._kept.connection = connection
            with self._lock:
                self._open.add(connection)
        headers = {"Content-Type": "application/json"}
        connection.request("POST", self._base + path, body=payload, headers=headers)
        response = connection.getresponse()
        text = response.read(ANSWER_BYTES_MAX + 1)
        if len(text) > ANSWER_BYTES_MAX:
            self._drop()
            raise http.client.HTTPException("the answer is too long")
        return response.status, response.headers.get("Retry-After", ""), text

    def _name(self) -> str:
        return self._host if self._port is None else f"{self._host}:{self._port}"


def _seconds(retry_after: str) -> float:
    """Return the header's seconds; 0 for a date or nonsense, which the pump's own wait covers."""
    try:
        seconds = float(retry_after)
    except ValueError:
        return 0.0
    return seconds if math.isfinite(seconds) and seconds > 0 else 0.0
