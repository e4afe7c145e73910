"""What only Kafka can break between a department and the bus."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.partitioner.default import murmur2
from tests import samples
from tests.integration.departments.small_gate import PARTITIONS, answer, make_topics, small_gate

from credit_bus.contracts.codec import Codec, EncodeError
from credit_bus.contracts.wire import write_event
from credit_bus.domain.channels import inbox, outbox, replies
from credit_bus.domain.event import Event
from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.client import (
    EVENTS_PER_TRANSACTION_MAX,
    DepartmentClient,
)
from credit_bus_connectors.departments.failures import (
    FencedError,
    NotPublishedError,
    UnansweredError,
)
from credit_bus_connectors.departments.receipts import Answer
from credit_bus_connectors.departments.statement import make_event

pytestmark = pytest.mark.broker

ANSWER_SECONDS_MAX = 20.0
IDLE_SECONDS = 2.0


@pytest.fixture
def codec() -> Codec:
    return samples.codec()


@pytest.fixture
def party(broker: str, unique_name: Callable[[str], str]) -> str:
    name = unique_name("dept")
    make_topics(broker, name)
    return name


@pytest.fixture
def client(broker: str, party: str, codec: Codec) -> Iterator[DepartmentClient]:
    with DepartmentClient(party, broker, codec=codec) as opened:
        yield opened


def penalty(party: str, number: int, **changes: object) -> Event:
    body = {**samples.penalty_body(number), "document_number": f"甘罚〔2018〕{number}号", **changes}
    return make_event(
        party=party,
        type_="penalty.decided",
        body=body,
        subject=body["subject"]["uscc"],
        time=datetime(2026, 7, 27, 8, 0, tzinfo=UTC),
    )


def outbox_ids(broker: str, party: str, *, isolation: str) -> list[str]:
    """Return the ids in the party's outbox, from the start to the end as it stands."""
    with KafkaConsumer(
        bootstrap_servers=broker,
        group_id=None,
        isolation_level=isolation,
        auto_offset_reset="earliest",
        consumer_timeout_ms=1500,
    ) as consumer:
        consumer.assign([TopicPartition(outbox(party), number) for number in range(PARTITIONS)])
        return [dict(record.headers)["ce_id"].decode() for record in consumer]


def test_too_many_events_for_a_transaction_are_refused_before_anything_is_sent(
    client: DepartmentClient, party: str
) -> None:
    event = penalty(party, 1)

    with pytest.raises(ValueError, match="split them"):
        client.publish([event] * (EVENTS_PER_TRANSACTION_MAX + 1))


def test_nobody_speaks_for_another_party(client: DepartmentClient) -> None:
    with pytest.raises(ValueError, match="cannot speak as tax"):
        client.publish([penalty("tax", 1)])


def test_a_body_that_does_not_fit_sends_nothing_of_the_call(
    broker: str, client: DepartmentClient, party: str
) -> None:
    with pytest.raises(EncodeError):
        client.publish([penalty(party, 1), penalty(party, 2, facts=None)])

    assert [] == outbox_ids(broker, party, isolation="read_uncommitted")


def test_without_topics_nothing_is_sent_and_the_error_says_what_to_do(
    broker: str, codec: Codec, unique_name: Callable[[str], str]
) -> None:
    party = unique_name("dept")
    with (
        DepartmentClient(party, broker, codec=codec) as stranger,
        pytest.raises(NotPublishedError, match="provision the topics"),
    ):
        stranger.publish([penalty(party, 1)], wait=True)


def test_what_a_dead_client_had_not_committed_is_invisible(
    broker: str, client: DepartmentClient, party: str, codec: Codec
) -> None:
    wire = write_event(penalty(party, 1), codec)
    with KafkaProducer(bootstrap_servers=broker, transactional_id=f"client-{party}-main") as dying:
        dying.init_transactions()
        dying.begin_transaction()
        dying.send(outbox(party), key=wire.key, value=wire.value, headers=wire.headers)
        dying.flush()
        client.publish([penalty(party, 2)])  # the same instance, started anew

    assert [penalty(party, 2).id] == outbox_ids(broker, party, isolation="read_committed")
    assert penalty(party, 1).id in outbox_ids(broker, party, isolation="read_uncommitted")


def test_a_second_process_of_the_same_instance_fences_the_first(
    broker: str, client: DepartmentClient, party: str, codec: Codec
) -> None:
    client.publish([penalty(party, 1)])
    with DepartmentClient(party, broker, codec=codec) as second:
        second.publish([penalty(party, 2)])

        with pytest.raises(FencedError, match="another process took over"):
            client.publish([penalty(party, 3)])


def test_events_without_an_answer_are_named(
    broker: str, client: DepartmentClient, party: str, codec: Codec
) -> None:
    events = [penalty(party, number) for number in range(3)]

    with pytest.raises(UnansweredError, match="3 events have no answer") as unanswered:
        client.publish(events, wait=True, timeout_seconds=1.0)

    assert tuple(event.id for event in events) == unanswered.value.event_ids


def test_each_event_gets_its_receipt_in_the_order_it_was_said(
    broker: str, client: DepartmentClient, party: str, codec: Codec
) -> None:
    reasons = (
        Reason(code="blank", field="facts", rule="规则甲", remedy="办法甲"),
        Reason(code="too-long", field="content", rule="规则乙", remedy="办法乙"),
    )
    events = [penalty(party, number) for number in range(40)]
    bad = {event.id for event in events[::7]}

    with small_gate(broker, party, codec, lambda event: reasons if event.id in bad else ()):
        first = client.publish(events, wait=True, timeout_seconds=ANSWER_SECONDS_MAX)
        again = client.publish(events[:8], wait=True, timeout_seconds=ANSWER_SECONDS_MAX)

    assert [event.id for event in events] == [receipt.event_id for receipt in first]
    assert bad == {r.event_id for r in first if r.answer is Answer.REJECTED}
    assert all(r.reasons == (reasons if r.event_id in bad else ()) for r in first)
    assert [Answer.REJECTED, *[Answer.DUPLICATE] * 6, Answer.REJECTED] == [
        receipt.answer for receipt in again
    ]


def test_a_record_lies_in_the_partition_of_its_subject(
    broker: str, client: DepartmentClient, party: str
) -> None:
    client.publish([penalty(party, number) for number in range(20)])

    with KafkaConsumer(
        bootstrap_servers=broker,
        group_id=None,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        consumer_timeout_ms=1500,
    ) as consumer:
        consumer.assign([TopicPartition(outbox(party), number) for number in range(PARTITIONS)])
        records = list(consumer)
    assert 20 == len(records)
    assert all(
        (murmur2(record.key) & 0x7FFFFFFF) % PARTITIONS == record.partition for record in records
    )


def test_replies_come_again_until_they_were_handled(
    broker: str, client: DepartmentClient, party: str, codec: Codec
) -> None:
    events = [penalty(party, number) for number in range(4)]
    with small_gate(broker, party, codec):
        client.publish(events, wait=True, timeout_seconds=ANSWER_SECONDS_MAX)

    reading = client.replies(idle_seconds_max=ANSWER_SECONDS_MAX)
    handled = [next(reading), next(reading)]
    interrupted = next(reading)
    reading.close()  # the third was given out, and not handled
    rest = list(client.replies(idle_seconds_max=IDLE_SECONDS))

    assert {event.id for event in events} == {reply.causation_id for reply in [*handled, *rest]}
    assert interrupted.causation_id in {reply.causation_id for reply in rest}
    assert 2 == len(rest)
    assert [] == list(client.replies(idle_seconds_max=IDLE_SECONDS))


def test_an_instance_started_anew_reads_on_at_once(
    broker: str, client: DepartmentClient, party: str, codec: Codec
) -> None:
    orders = [answer(penalty(party, number), (), duplicate=False) for number in (1, 2)]
    with KafkaProducer(bootstrap_servers=broker) as producer:
        for wire in (write_event(order, codec) for order in orders):
            producer.send(inbox(party), key=wire.key, value=wire.value, headers=wire.headers)
        producer.flush()

    left = client.orders()
    next(left)  # and dies: its place in the group is not given back
    with DepartmentClient(party, broker, codec=codec) as again:
        read = list(again.orders(idle_seconds_max=IDLE_SECONDS))

    assert {order.id for order in orders} == {order.id for order in read}


def test_orders_are_read_from_the_partys_own_inbox(
    broker: str, client: DepartmentClient, party: str, codec: Codec
) -> None:
    order = answer(penalty(party, 1), (), duplicate=False)
    wire = write_event(order, codec)
    with KafkaProducer(bootstrap_servers=broker) as producer:
        producer.send(inbox(party), key=wire.key, value=wire.value, headers=wire.headers)
        producer.send(replies(party), key=wire.key, value=wire.value, headers=wire.headers)
        producer.flush()

    assert [order] == list(client.orders(idle_seconds_max=IDLE_SECONDS))
