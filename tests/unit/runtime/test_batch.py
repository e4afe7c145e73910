"""A batch of the gate and of the router, from raw messages to everything that follows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from io import BytesIO

import pytest
from aiokafka.partitioner import murmur2 as kafka_murmur2
from fastavro import schemaless_writer
from hypothesis import given
from hypothesis import strategies as st
from tests import samples

from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.wire import Message
from credit_bus.domain.calendar import SHANGHAI
from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox, replies
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import CANARY_SENT, OBJECTION_RAISED
from credit_bus.flows.outcome import Known
from credit_bus.runtime.batch import (
    Produced,
    UnreadableRecordError,
    gate_batch,
    murmur2,
    partition_of,
    router_batch,
)
from credit_bus_connectors.deliveries import canary_answer, statement

REPLIES = replies(samples.PENALISING)
NOON_MS = int(datetime(2026, 6, 2, 4, 0, tzinfo=UTC).timestamp() * 1000) + 123


def judge(messages: Sequence[Message], known: dict[bytes, Known] | None = None) -> Produced:
    return gate_batch(
        messages,
        lookup=lambda keys: {k: v for k, v in (known or {}).items() if k in keys},
        codec=samples.codec(),
        registry=samples.registry(),
        partitions=1,
        now=samples.NOW,
    )


def counts(produced: Produced) -> dict[str, int]:
    return {topic: len(wires) for topic, wires in produced.records.items()}


def test_a_batch_keeps_its_own_memory() -> None:
    """What one message taught is known to the next of the same batch."""
    first, second = (samples.message(samples.penalty(revision=n)) for n in (1, 2))
    produced = judge([second, first, second])

    assert {RECORDS: 1, REPLIES: 3, QUARANTINE: 1} == counts(produced)
    assert [(samples.PENALISING, refused) for refused in (False, True, False)] == produced.verdicts
    assert [2] == [known.revision for known in produced.changes.values()]


def test_a_canary_and_the_word_on_it_are_no_verdict_on_anybody() -> None:
    """Nor do they end a run of refusals, by which a gate that refuses everything stops itself."""
    canary = samples.of_upkeep(CANARY_SENT)
    word = statement("district-platform", canary, canary_answer(canary))
    produced = judge([samples.message(each) for each in (canary, word)])

    assert {RECORDS: 2} == counts(produced)
    assert ([], 2) == (produced.verdicts, produced.taken)


def test_an_accepted_message_goes_on_byte_for_byte() -> None:
    message = samples.message(samples.penalty())
    (wire,) = judge([message]).records[RECORDS]

    assert (message.key, list(message.headers), message.value) == (
        wire.key,
        wire.headers,
        wire.value,
    )


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("event", [samples.licence(), samples.penalty()], ids=lambda e: e.type)
def test_a_message_of_any_version_goes_on_and_to_every_platform_byte_for_byte(
    event: Event, version: int
) -> None:
    schema = load_catalogue().versions(event.type)[version - 1]
    names = {field["name"] for field in schema.parsed["fields"]}
    stream = BytesIO()
    stream.write(b"\x00" + schema.id.to_bytes(4, "big"))
    schemaless_writer(stream, schema.parsed, {n: v for n, v in event.body.items() if n in names})
    message = replace(samples.message(event), value=stream.getvalue())
    (wire,) = judge([message]).records[RECORDS]
    routed = router_batch(
        [replace(message, topic=RECORDS)],
        codec=samples.codec(),
        registry=samples.registry(),
    )

    assert message.value == wire.value
    assert [message.value] * 4 == [one.value for many in routed.records.values() for one in many]
    assert event.body == samples.codec().decode(message.value, expected_type=event.type)


def test_records_of_both_generations_are_accepted() -> None:
    events = samples.records_of_both_generations()
    produced = judge([samples.message(event, offset=at) for at, event in enumerate(events)])

    assert {RECORDS: len(events), REPLIES: len(events)} == counts(produced)


def test_quarantine_keeps_the_message_whole_and_says_where_it_came_from() -> None:
    message = replace(
        samples.message(samples.penalty(), offset=41),
        value=b"nonsense",
        headers=(("quarantine-stage", b"forged"), ("ce_id", b"x"), ("ce_id", b"y")),
    )
    (wire,) = judge([message]).records[QUARANTINE]
    last = dict(wire.headers)

    assert message.value == wire.value
    assert list(message.headers) == wire.headers[: len(message.headers)]
    assert b"gate" == last["quarantine-stage"]
    assert (message.topic.encode(), b"41") == (last["quarantine-topic"], last["quarantine-offset"])


@pytest.mark.parametrize("empty", [{"key": None}, {"value": None}, {"key": None, "value": None}])
def test_what_has_no_key_or_no_value_is_kept_and_told_apart(empty: dict[str, None]) -> None:
    message = replace(samples.message(samples.penalty()), **empty)
    (wire,) = judge([message]).records[QUARANTINE]
    nulls = dict(wire.headers)["quarantine-null"].decode()

    assert {name[0] for name in empty} == set(nulls)


def test_the_router_stops_at_a_record_it_cannot_read() -> None:
    """The gate wrote it: going on would lose it."""
    broken = replace(samples.message(samples.penalty(), topic=RECORDS), value=b"\x00\x00")
    with pytest.raises(UnreadableRecordError, match=r"credit\.records/0@0"):
        router_batch([broken], codec=samples.codec(), registry=samples.registry())


def test_the_router_forwards_to_each_platform_byte_for_byte() -> None:
    message = samples.message(samples.penalty(), topic=RECORDS)
    produced = router_batch([message], codec=samples.codec(), registry=samples.registry())
    (wire,) = produced.records[inbox("provincial-platform")]

    assert 4 == len(produced.records)
    assert (message.key, message.value) == (wire.key, wire.value)


@pytest.mark.parametrize(
    ("to_midnight", "asked"),
    [(-1, "industry-commerce-quality"), (0, "market-regulation")],
    ids=["the last millisecond of a day", "the first of the next"],
)
def test_a_record_goes_to_whom_the_day_names_on_which_it_was_logged(
    to_midnight: int, asked: str
) -> None:
    """However much later it is routed: casework, which reads the same log, names the same."""
    provider = "industry-commerce-quality"
    last_day = samples.registry().parties[provider].until
    assert last_day is not None
    midnight = datetime.combine(last_day, time(), tzinfo=SHANGHAI)
    record = {
        "provider": provider,
        "type": "penalty.decided",
        "document_number": "甘质罚〔2019〕1号",
    }
    objection = samples.of_course(OBJECTION_RAISED)
    objection = replace(
        objection, body={**objection.body, "about": {"record": record, "action_id": None}}
    )
    logged = replace(
        samples.message(objection, topic=RECORDS),
        timestamp_ms=int(midnight.timestamp() * 1000) + to_midnight,
    )
    produced = router_batch([logged], codec=samples.codec(), registry=samples.registry())

    shown = ("district-platform", "municipal-platform", "provincial-platform", "public-site")
    platforms = set(map(inbox, shown))
    assert {inbox(asked), *platforms} == produced.records.keys()


def test_an_order_says_when_the_log_took_its_initiation() -> None:
    logged = replace(samples.message(samples.initiation(), topic=RECORDS), timestamp_ms=NOON_MS)
    produced = router_batch([logged], codec=samples.codec(), registry=samples.registry())
    again = router_batch([logged], codec=samples.codec(), registry=samples.registry())

    assert produced.records == again.records
    assert {b"2026-06-02T04:00:00.123Z"} == {
        dict(wire.headers)["ce_time"] for wire in produced.records[inbox("finance")]
    }


def test_a_partition_is_the_one_of_kafka_s_default_partitioner() -> None:
    """Vectors of Kafka's own murmur2 test (UtilsTest.testMurmur2), and a count of partitions."""
    vectors = {b"21": -973932308, b"foobar": -790332482, b"a-little-bit-long-string": -985981536}
    for key, expected in vectors.items():
        assert (expected & 0x7FFFFFFF) % 12 == partition_of(key, 12)


@given(st.binary(max_size=200))
def test_a_partition_is_the_one_that_kafkas_clients_choose(key: bytes) -> None:
    assert kafka_murmur2(key) & 0xFFFFFFFF == murmur2(key)
