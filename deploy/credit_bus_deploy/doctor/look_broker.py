"""Looks at a broker for the doctor. Writes one transaction that it aborts, and nothing else."""

import time
from collections.abc import Sequence
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import KafkaError, UnknownTopicOrPartitionError

from credit_bus.contracts.topics import Plan, TopicSpec, plan
from credit_bus.domain.channels import QUARANTINE, RECORDS
from credit_bus_deploy.broker_admin import actual_topics
from credit_bus_deploy.doctor.facts import (
    Broker,
    Clock,
    Cluster,
    Disk,
    Group,
    OpenTransaction,
    Rights,
    SchemaIds,
)
from credit_bus_deploy.provision import PREFIX

NAME = "credit-bus-doctor"
ANSWER_SECONDS_MAX = 15.0
READ_SECONDS_MAX = 10.0
POLL_MILLISECONDS = 500
FETCH_BYTES_MAX = 1024 * 1024
BACK_RECORDS = 5  # from a partition's end: markers of transactions lie there, too
OPEN_STATES = ("Ongoing", "PrepareCommit", "PrepareAbort")
_MAGIC = 0
_ID_BYTES = 5  # the magic byte and the id of the Confluent wire format


def cluster(admin: KafkaAdminClient) -> Cluster:
    """Return what the brokers are and can."""
    numbers = sorted(each["broker_id"] for each in admin.describe_cluster()["brokers"])
    features = admin.describe_features()
    return Cluster(
        brokers=tuple(_broker(admin, number) for number in numbers),
        features={name: row.get("finalized", (0, 0))[1] for name, row in features.items()},
    )


def topics(admin: KafkaAdminClient, wanted: dict[str, TopicSpec]) -> Plan:
    """Return what separates the topics from the files."""
    return plan(wanted, actual_topics(admin, prefix=PREFIX))


def rights(broker: str, admin: KafkaAdminClient) -> tuple[Rights, Clock | None]:
    """Return what may be done, and the clock of the broker where a transaction could be begun."""
    refused, clock = _transact(broker)
    return (
        Rights(
            transact=refused,
            consume=_consume(broker),
            describe_groups=_describe_groups(admin),
        ),
        clock,
    )


def transactions(admin: KafkaAdminClient, *, now: float) -> tuple[OpenTransaction, ...]:
    """Return those that have not ended."""
    rows = admin.list_transactions(state_filters=list(OPEN_STATES))
    names = sorted({each.transactional_id for each in _flat(rows)} - {NAME})
    if not names:
        return ()
    return tuple(
        OpenTransaction(
            name=name,
            state=str(getattr(found.state, "value", found.state)),
            age_seconds=max(now - found.transaction_start_time_ms / 1000, 0.0),
        )
        for name, found in admin.describe_transactions(names).items()
        if found.transaction_start_time_ms > 0
    )


def groups(admin: KafkaAdminClient, names: Sequence[str]) -> tuple[Group, ...]:
    """Return how these groups stand."""
    return tuple(_group(admin, name) for name in names)


def disks(admin: KafkaAdminClient) -> tuple[Disk, ...]:
    """Return the room of each broker's folders, as far as the brokers tell (KIP-827)."""
    return tuple(
        Disk(
            place=f"broker {row['broker']}, {each['log_dir']}",
            free_bytes=each["usable_bytes"],
            total_bytes=each["total_bytes"],
        )
        for row in admin.describe_log_dirs()
        for each in row["log_dirs"]
        if each.get("total_bytes", -1) > 0
    )


def schema_ids(broker: str, known: frozenset[int]) -> SchemaIds:
    """Return the ids in the newest events of each partition of the log of record.

    Raises TimeoutError when they cannot be read to their end: then nothing is known of them.
    """
    consumer = _consumer(broker)
    try:
        tps = [
            TopicPartition(RECORDS, each) for each in consumer.partitions_for_topic(RECORDS) or ()
        ]
        if not tps:
            raise UnknownTopicOrPartitionError(f"there is no topic {RECORDS}")
        consumer.assign(tps)
        starts, ends = consumer.beginning_offsets(tps), consumer.end_offsets(tps)
        for tp in tps:
            consumer.seek(tp, max(starts[tp], ends[tp] - BACK_RECORDS))
        found: set[int] = set()
        deadline = time.monotonic() + READ_SECONDS_MAX
        while _behind(consumer, ends):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{RECORDS} was not read to its end: see stuck-transactions")
            for records in consumer.poll(timeout_ms=POLL_MILLISECONDS).values():
                found |= {id_ for each in records if (id_ := _id_of(each.value)) is not None}
    finally:
        consumer.close()
    return SchemaIds(on_the_bus=frozenset(found), known=known)


def _broker(admin: KafkaAdminClient, number: int) -> Broker:
    resource = ConfigResource(ConfigResourceType.BROKER, str(number))
    found = admin.describe_configs([resource], config_filter="all")["broker"]
    (values,) = found.values()
    return Broker(
        number=number,
        version=tuple(admin.get_broker_version_data(number).broker_version),
        settings={name: str(each["value"]) for name, each in values.items()},
    )


def _transact(broker: str) -> tuple[str | None, Clock | None]:
    """Write into a transaction and abort it: readers of what is committed never see it."""
    producer = None
    try:
        producer = KafkaProducer(
            bootstrap_servers=broker,
            client_id=NAME,
            transactional_id=NAME,
            acks="all",
            delivery_timeout_ms=int(ANSWER_SECONDS_MAX * 1000),
            request_timeout_ms=int(ANSWER_SECONDS_MAX * 1000) // 2,
            max_block_ms=int(ANSWER_SECONDS_MAX * 1000),
            allow_auto_create_topics=False,
        )
        producer.init_transactions()
        producer.begin_transaction()
        before = time.time()
        future = producer.send(QUARANTINE, key=NAME.encode(), value=b"", partition=0)
        producer.flush(timeout=ANSWER_SECONDS_MAX)
        told = future.get(timeout=ANSWER_SECONDS_MAX)
        after = time.time()
        producer.abort_transaction()
    except KafkaError as error:
        return type(error).__name__, None
    finally:
        if producer is not None:
            producer.close(timeout=ANSWER_SECONDS_MAX)
    return None, Clock(before=before, told=told.timestamp / 1000, after=after)


def _consume(broker: str) -> str | None:
    consumer = _consumer(broker)
    try:
        tps = [
            TopicPartition(RECORDS, each) for each in consumer.partitions_for_topic(RECORDS) or ()
        ]
        if not tps:
            return f"there is no topic {RECORDS}"
        consumer.assign(tps)
        consumer.seek_to_beginning(*tps)
        consumer.poll(timeout_ms=POLL_MILLISECONDS, max_records=1)
    except KafkaError as error:
        return type(error).__name__
    finally:
        consumer.close()
    return None


def _describe_groups(admin: KafkaAdminClient) -> str | None:
    try:
        admin.list_groups()
    except KafkaError as error:
        return type(error).__name__
    return None


def _group(admin: KafkaAdminClient, name: str) -> Group:
    try:
        found = admin.describe_groups([name])[name]
    except KafkaError as error:
        return Group(name=name, state=type(error).__name__, members=0)
    return Group(
        name=name, state=str(found.get("group_state")), members=len(found.get("members") or ())
    )


def _consumer(broker: str) -> Any:
    return KafkaConsumer(
        bootstrap_servers=broker,
        client_id=NAME,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_partition_fetch_bytes=FETCH_BYTES_MAX,
    )


def _behind(consumer: Any, ends: dict[Any, int]) -> bool:
    return any(consumer.position(tp) < end for tp, end in ends.items())


def _id_of(value: bytes | None) -> int | None:
    if value is None or len(value) < _ID_BYTES or value[0] != _MAGIC:
        return None
    return int.from_bytes(value[1:_ID_BYTES])


def _flat(rows: Any) -> list[Any]:
    """Return the listings of all brokers."""
    if isinstance(rows, dict):
        return [each for listed in rows.values() for each in listed]
    return list(rows)
