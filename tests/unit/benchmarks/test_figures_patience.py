"""A broker that is not ready is asked again, and not for ever."""

import pytest
from benchmarks.figures.patience import patiently
from confluent_kafka import KafkaException


def refusing(times: int) -> list[int]:
    """A broker that refuses so often before it answers; what is left is in the list."""
    return [times]


def ask(broker: list[int]) -> str:
    if broker[0] > 0:
        broker[0] -= 1
        raise KafkaException("not ready")
    return "answer"


def test_a_broker_that_is_not_ready_is_asked_again() -> None:
    broker = refusing(2)

    assert "answer" == patiently(lambda: ask(broker))


def test_a_broker_that_never_is_ready_is_not_asked_for_ever() -> None:
    broker = refusing(1_000)

    with pytest.raises(KafkaException):
        patiently(lambda: ask(broker), seconds_max=0.0)


def test_what_is_no_answer_of_a_broker_is_ours_to_see() -> None:
    with pytest.raises(ZeroDivisionError):
        patiently(lambda: 1 // 0)
