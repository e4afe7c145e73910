"""A broker that is away is told at once."""

from kafka.errors import KafkaConnectionError

from credit_bus.reach import listens


def require_listening(broker: str) -> None:
    """Raise KafkaConnectionError when nobody listens at any of the addresses."""
    if not listens(broker):
        raise KafkaConnectionError
