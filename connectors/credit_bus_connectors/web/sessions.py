"""The session's cookie: signed, for this host alone, sent with no request from elsewhere.

Knows Starlette's middleware and how its keys are made from the installation's secret; knows nobody
who logs in. A cookie holds random values alone: what they stand for lies on the server.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

from starlette.middleware.sessions import SessionMiddleware

SECRET_BYTES_MIN = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSettings:
    """Of one process. `name` tells its cookie from those of others on the same host.

    `is_secure` is False only where the browser is on this very machine without TLS before it.
    """

    name: str
    secret: bytes = field(repr=False)
    seconds_max: int
    is_secure: bool = True

    def __post_init__(self) -> None:
        if len(self.secret) < SECRET_BYTES_MIN:
            raise ValueError(f"a session's secret has at least {SECRET_BYTES_MIN} bytes")

    @property
    def cookie(self) -> str:
        """The cookie's name; the prefix makes a browser refuse it without TLS or from a sibling."""
        return f"__Host-{self.name}" if self.is_secure else self.name

    def key(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose of this process: no two share a key."""
        return hmac.digest(self.secret, f"{self.name}\x1f{purpose}".encode(), hashlib.sha256)

    @property
    def csrf_key(self) -> bytes:
        """What the tokens of the forms are made with."""
        return self.key("csrf")


def add_sessions(application: Any, settings: SessionSettings) -> None:
    """Give every request of a FastAPI application its `session`, kept in the cookie.

    The cookie is HttpOnly and SameSite=Strict; it ends `seconds_max` after it was last written.
    """
    application.add_middleware(
        SessionMiddleware,
        secret_key=settings.key("cookie").hex(),
        session_cookie=settings.cookie,
        max_age=settings.seconds_max,
        path="/",
        same_site="strict",
        https_only=settings.is_secure,
        domain=None,
    )
