"""Before a lane begins, what the database has read is compared with what the broker knows."""

from collections.abc import Callable

import pytest
from kafka import KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition

from credit_bus.runtime.casework import positions
from credit_bus.runtime.casework.positions import WrongPositionError, check_positions

pytestmark = pytest.mark.broker

WAIT_SECONDS_MAX = 20.0
RECORDS_THERE = 5


@pytest.fixture
def group(
    broker: str,
    fresh_topic: Callable[..., str],
    unique_name: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """A group that has committed 3 of 5 records in lane 0, and nothing in lane 1."""
    topic, group = fresh_topic("log", partitions=2), unique_name("group")
    monkeypatch.setattr(positions, "RECORDS", topic)
    with KafkaProducer(bootstrap_servers=broker) as producer:
        for _ in range(RECORDS_THERE):
            producer.send(topic, value=b"x", partition=0).get(WAIT_SECONDS_MAX)
    consumer = KafkaConsumer(bootstrap_servers=broker, group_id=group, enable_auto_commit=False)
    place = TopicPartition(topic, 0)
    consumer.assign([place])
    consumer.commit({place: OffsetAndMetadata(3, "", -1)})
    consumer.close()
    return group


@pytest.mark.parametrize(
    ("lanes", "told"),
    [({0: 2, 1: 0}, "/0: the database has read up to 2"), ({0: 3, 1: 1}, "/1: the database")],
    ids=["an earlier copy", "another log"],
)
def test_a_database_that_does_not_belong_to_the_log_is_refused(
    broker: str, group: str, lanes: dict[int, int], told: str
) -> None:
    with pytest.raises(WrongPositionError, match=told):
        check_positions(broker, group, lanes)


@pytest.mark.parametrize("position", [3, 5])
def test_a_database_as_far_as_the_group_or_further_is_taken(
    broker: str, group: str, position: int
) -> None:
    check_positions(broker, group, {0: position, 1: 0})
