"""Confluent's own client against the real web process, over messages on a real broker."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from confluent_kafka.schema_registry import (
    Schema,
    SchemaRegistryClient,
    record_subject_name_strategy,
    topic_record_subject_name_strategy,
)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.serialization import MessageField, SerializationContext
from fastavro import parse_schema, schemaless_writer
from kafka import KafkaProducer
from tests import samples
from tests.bus import Bus, own_bus
from tests.examples import EXAMPLES, as_read, body_of

from credit_bus.contracts.schemas import Schema as Released
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.subjects_api import full_name
from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox, outbox, replies
from credit_bus.domain.event_types import (
    EVENT_ACCEPTED,
    EVENT_REJECTED,
    MEASURE_ORDERED,
    PENALTY_DECIDED,
)
from credit_bus.domain.reason import Reason
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus.operations.scan import Seen

pytestmark = pytest.mark.broker

WAIT_SECONDS_MAX = 30.0
CATALOGUE = load_catalogue()
EXAMPLE = b"example"  # the key by which this test knows its own records
LATEST = {"auto.register.schemas": False, "use.latest.version": True}


@pytest.fixture(scope="module")
def client(web: str) -> Iterator[SchemaRegistryClient]:
    """The client, given a base URL with a path."""
    with SchemaRegistryClient({"url": f"{web}/schema-registry"}) as found:
        yield found


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bus]:
    with own_bus(tmp_path_factory.mktemp("bus"), partitions=1) as found:
        for stage in ("gate", "router"):
            found.start(stage)
        yield found


def refused(function: Callable[..., Any], *arguments: Any) -> tuple[int, int]:
    """The status and code with which the registry refuses."""
    with pytest.raises(SchemaRegistryError) as caught:
        function(*arguments)
    return caught.value.http_status_code, caught.value.error_code


def test_what_is_not_there_is_refused_with_the_registry_s_own_codes(
    client: SchemaRegistryClient,
) -> None:
    other = Schema('{"type": "recrod"}', "AVRO")
    other_good = Schema('{"type":"record","name":"O","fields":[{"name":"a","type":"int"}]}', "AVRO")
    name = full_name(CATALOGUE.latest(PENALTY_DECIDED))

    assert (404, 40403) == refused(client.get_schema, 9999)
    assert (404, 40403) == refused(client.get_schema_by_guid, "0" * 32)
    assert (404, 40401) == refused(client.get_latest_version, "nobody-value")
    assert (404, 40402) == refused(client.get_version, name, 99)
    assert (404, 40403) == refused(client.lookup_schema, name, other_good)
    assert (422, 42201) == refused(client.register_schema, name, other)
    assert (422, 42205) == refused(client.register_schema, name, other_good)
    assert (422, 42205) == refused(client.delete_subject, name)
    assert (422, 42205) == refused(client.delete_version, name, 1)
    assert (422, 42205) == refused(client.set_compatibility, name, "NONE")
    assert (422, 42205) == refused(client.update_mode, name, "READWRITE")
    assert (404, 404) == refused(client._rest_client.get, "no/such/thing")


def test_everything_a_client_asks_is_answered(client: SchemaRegistryClient) -> None:
    newest = CATALOGUE.latest(PENALTY_DECIDED)
    name = full_name(newest)

    assert sorted(full_name(CATALOGUE.latest(t)) for t in samples_types()) == client.get_subjects()
    assert ["AVRO"] == client.get_schema_types()
    assert [1, 2] == client.get_versions(name)
    assert newest.id == client.get_latest_version(name).schema_id
    assert newest.id == client.register_schema(name, Schema(newest.raw, "AVRO"))
    assert 2 == client.lookup_schema(name, Schema(newest.raw, "AVRO")).version
    assert [name] == client.get_subjects_by_schema_id(newest.id)
    assert [(name, 2)] == [
        (each.subject, each.version) for each in client.get_schema_versions(newest.id)
    ]
    assert [] == client.get_referenced_by(name, 1)
    assert "FULL_TRANSITIVE" == client.get_compatibility(name) == client.get_compatibility()
    assert "READONLY" == client.get_global_mode() == client.get_mode(name)
    assert ["."] == client.get_contexts()
    assert client.test_compatibility(name, Schema(newest.raw, "AVRO"))
    assert client.test_compatibility_all_versions(name, Schema(newest.raw, "AVRO"))


def samples_types() -> set[str]:
    return {schema.type for schema in CATALOGUE.all}


def wire_of(schema: Released, document: Any) -> bytes:
    """The value that a program with exactly this version would have written."""
    known = {field["name"] for field in schema.parsed["fields"]}
    body = {name: each for name, each in body_of(schema.type, document).items() if name in known}
    stream = BytesIO(b"\x00" + schema.id.to_bytes(4, "big"))
    stream.seek(5)
    schemaless_writer(stream, parse_schema(json.loads(schema.raw)), body)
    return stream.getvalue()


def every_value() -> list[bytes]:
    """Every valid example of every released version, as that version writes it."""
    return [
        wire_of(schema, json.loads(path.read_text("utf-8")))
        for schema in CATALOGUE.all
        for path in sorted((EXAMPLES / schema.type / str(schema.version)).glob("valid-*.json"))
    ]


def as_written(schema_id: int, body: Any) -> Any:
    """Our own body as far as the version that wrote it goes."""
    return as_read(json.loads(schema_of(schema_id).raw), body)


def schema_of(schema_id: int) -> Any:
    found = CATALOGUE.by_id(schema_id)
    assert found is not None
    return found


def compare(client: SchemaRegistryClient, seen: list[Seen]) -> list[str]:
    """Read each value with Confluent's deserializer; the types, once each equals our reading."""
    read = AvroDeserializer(client)
    types = []
    for each in seen:
        assert each.value is not None
        theirs = read(each.value, SerializationContext(each.topic, MessageField.VALUE))
        ours = samples.codec().decode(each.value, expected_type=None)

        assert not isinstance(ours, Reason)
        assert as_written(int.from_bytes(each.value[1:5], "big"), ours) == theirs
        types.append(str(samples.codec().type_of(each.value)))
    return types


def test_confluent_reads_every_version_of_every_type_as_we_do(
    client: SchemaRegistryClient, bus: Bus
) -> None:
    values = every_value()
    topics = (inbox("provincial-platform"), replies("youth-league"))  # nobody here reads them
    producer = KafkaProducer(bootstrap_servers=bus.broker)
    for topic in topics:
        for value in values:
            producer.send(topic, key=EXAMPLE, value=value)
    producer.flush(WAIT_SECONDS_MAX)
    producer.close()

    assert {schema.id for schema in CATALOGUE.all} == {
        int.from_bytes(value[1:5], "big") for value in values
    }
    ours = [each for each in bus.read(*topics) if each.key == EXAMPLE]
    assert len(topics) * len(values) == len(compare(client, ours))


def test_confluent_reads_what_gate_and_router_wrote_to_every_topic(
    client: SchemaRegistryClient, bus: Bus
) -> None:
    events = [
        *samples.records_of_both_generations(),
        samples.initiation(),
        samples.response(),
        samples.execution(),
        *(samples.of_course(kind) for kind in samples.COURSE),
    ]
    stranger = samples.said(
        PENALTY_DECIDED, samples.penalty_body(57), party="youth-league", subject=synthetic_uscc(57)
    )
    bus.say([*map(samples.message, events), samples.message(stranger)])
    parties = samples.registry().parties
    written = [RECORDS, *map(inbox, parties), *map(replies, parties), QUARANTINE]
    ids = {event.id for event in events}
    bus.read_until([RECORDS], lambda seen: ids <= {each.text("ce_id") for each in seen})
    bus.read_until([QUARANTINE], bool)
    bus.read_until(
        [inbox("district-platform")], lambda seen: ids <= {each.text("ce_id") for each in seen}
    )
    types = {event.type for event in events} | {MEASURE_ORDERED, EVENT_ACCEPTED, EVENT_REJECTED}

    assert types <= set(compare(client, bus.read(*written)))
    assert [PENALTY_DECIDED] == compare(client, bus.read(QUARANTINE))


STRATEGIES: list[dict[str, Any]] = [
    {"subject.name.strategy": record_subject_name_strategy, **LATEST},
    {"subject.name.strategy": topic_record_subject_name_strategy, **LATEST},
    {"auto.register.schemas": False},
    {},
]


@pytest.mark.parametrize(
    "conf", STRATEGIES, ids=["record", "topic-record", "looked-up-under-topic", "all-defaults"]
)
def test_what_confluent_writes_our_gate_accepts(
    client: SchemaRegistryClient,
    bus: Bus,
    conf: dict[str, Any],
) -> None:
    event = samples.penalty(100 + STRATEGIES.index(conf))
    write = AvroSerializer(client, CATALOGUE.latest(PENALTY_DECIDED).raw, conf=conf)
    topic = outbox(event.source)
    value = write(dict(event.body), SerializationContext(topic, MessageField.VALUE))
    assert isinstance(value, bytes)
    said = samples.message(event)
    assert said.value == value
    bus.say([replace(said, value=value)])

    read = AvroDeserializer(client)
    answers = bus.read_until([replies(event.source)], lambda seen: bool(answers_to(seen, event.id)))
    receipt = answers_to(answers, event.id)[0]

    assert (EVENT_ACCEPTED, event.id) == (receipt[0], read(receipt[1], None)["event_id"])


def answers_to(seen: list[Seen], event_id: str) -> list[tuple[str, bytes]]:
    return [
        (each.text("ce_type"), each.value or b"")
        for each in seen
        if each.text("ce_causationid") == event_id
    ]
