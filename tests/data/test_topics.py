"""The topic files agree with the names in code and with the bounds of a message."""

import pytest

from credit_bus.contracts.headers import HEADERS_BYTES_MAX
from credit_bus.contracts.topics import desired_topics, load_topic_files
from credit_bus.contracts.wire import VALUE_BYTES_MAX
from credit_bus.domain import channels

SUBJECT_BYTES_MAX = 128
BATCH_OVERHEAD_BYTES_MAX = 65_536


@pytest.fixture(scope="module")
def topics():
    return desired_topics(load_topic_files(), ["tax"], partitions=3, replication=1)


def test_the_files_describe_exactly_the_topics_that_the_code_names(topics):
    named = {
        channels.outbox("tax"),
        channels.inbox("tax"),
        channels.replies("tax"),
        channels.RECORDS,
        channels.QUARANTINE,
    }

    assert named == set(topics)


def test_every_topic_takes_every_message_that_the_gate_accepts(topics):
    accepted = VALUE_BYTES_MAX + HEADERS_BYTES_MAX + SUBJECT_BYTES_MAX + BATCH_OVERHEAD_BYTES_MAX

    assert [] == [
        topic.name for topic in topics.values() if int(topic.config["max.message.bytes"]) < accepted
    ]


def test_quarantine_takes_every_message_that_an_outbox_takes(topics):
    outbox = int(topics["credit.outbox.tax"].config["max.message.bytes"])

    assert outbox < int(topics["credit.quarantine"].config["max.message.bytes"])


def test_the_log_of_record_is_kept_for_ever(topics):
    assert "-1" == topics["credit.records"].config["retention.ms"]


def test_time_on_the_bus_is_the_brokers(topics):
    assert {"LogAppendTime"} == {
        topic.config["message.timestamp.type"] for topic in topics.values()
    }
