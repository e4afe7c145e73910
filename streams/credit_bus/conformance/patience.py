"""How long an exchange waits for what must come, and watches for what must not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The bounds of an exchange, in seconds."""

    answer_seconds_max: float = 120.0  # until something asked for is seen
    resend_seconds_max: float = 60.0  # until what has no receipt is said again
    quiet_seconds: float = 15.0  # how long nothing may be said
