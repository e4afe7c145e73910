"""The fixtures every suite stands on give a broker and a database that answer."""

from collections.abc import Callable

import psycopg
import pytest
from kafka import KafkaConsumer, KafkaProducer

WAIT_MILLISECONDS_MAX = 20_000


@pytest.mark.broker
def test_what_is_written_to_a_fresh_topic_is_read_from_it(
    broker: str, fresh_topic: Callable[..., str]
) -> None:
    topic = fresh_topic("fixture", partitions=2)
    with KafkaProducer(bootstrap_servers=broker) as producer:
        producer.send(topic, key=b"k", value=b"v").get(timeout=WAIT_MILLISECONDS_MAX / 1000)
    with KafkaConsumer(
        topic,
        bootstrap_servers=broker,
        auto_offset_reset="earliest",
        group_id=None,
        consumer_timeout_ms=WAIT_MILLISECONDS_MAX,
    ) as consumer:
        record = next(consumer)

    assert (b"k", b"v") == (record.key, record.value)


def test_a_database_is_empty_and_keeps_unicode(database: str) -> None:
    with psycopg.connect(database) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone()
        word = connection.execute("SELECT %s::text", ("信用总线",)).fetchone()

    assert (0,) == tables
    assert ("信用总线",) == word
