"""Asking a broker that is not ready yet: a new partition has no leader, a new group nobody."""

import time
from collections.abc import Callable
from typing import TypeVar

from confluent_kafka import KafkaException

READY_SECONDS_MAX = 60.0
POLL_SECONDS = 0.1

Answer = TypeVar("Answer")


def patiently(ask: Callable[[], Answer], *, seconds_max: float = READY_SECONDS_MAX) -> Answer:
    """Return the broker's answer. KafkaException when it still refuses after so long."""
    deadline = time.monotonic() + seconds_max
    while True:
        try:
            return ask()
        except KafkaException:
            if time.monotonic() > deadline:
                raise
        time.sleep(POLL_SECONDS)
