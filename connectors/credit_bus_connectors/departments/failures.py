"""How speaking to the bus may fail, and the bound that kafka-python does not set itself."""

import threading
from collections.abc import Callable

from kafka.errors import KafkaError


class ClientError(Exception):
    """The bus could not be spoken to."""


class NotPublishedError(ClientError):
    """The transaction was not committed: nothing of it is visible to anybody."""


class FencedError(ClientError):
    """Another process runs as the same party and instance; this one must end."""


class UncertainError(ClientError):
    """It is not known whether the transaction was committed. Say the same events again."""


class UnansweredError(Exception):
    """The events were published, but some have no answer yet. Say them again, or wait."""

    def __init__(self, party: str, event_ids: tuple[str, ...], waited_seconds: float) -> None:
        super().__init__(
            f"{party}: {len(event_ids)} events have no answer after {waited_seconds:g} s; check "
            f"that the gate runs, then publish the same events again (they are taken once): "
            + ", ".join(event_ids)
        )
        self.event_ids = event_ids


def bounded(call: Callable[[], None], seconds: float) -> None:
    """Make the call on a thread of its own; raise what it raises, or TimeoutError in time.

    kafka-python's commit and abort wait without a bound.
    """
    outcome: list[KafkaError | None] = []

    def run() -> None:
        try:
            call()
        except KafkaError as error:
            outcome.append(error)
        else:
            outcome.append(None)

    thread = threading.Thread(target=run, daemon=True, name="transaction-end")
    thread.start()
    thread.join(seconds)
    if not outcome:
        raise TimeoutError(f"no answer within {seconds:g} s")
    if outcome[0] is not None:
        raise outcome[0]
