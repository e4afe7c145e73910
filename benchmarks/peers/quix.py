"""A peer: Quix Streams with its exactly-once guarantee, its state store, and dynamic topics."""

from collections.abc import Iterable
from typing import Any

from confluent_kafka import Consumer, TopicPartition
from quixstreams import Application, message_context
from quixstreams.models import Serializer

from benchmarks.peers.peer import Worker, told
from benchmarks.peers.step import step_of
from credit_bus.contracts.wire import Message, Wire
from credit_bus.flows.outcome import Known

COMMIT_EVERY = 2_000

Output = tuple[str, Wire]


class OutputSerializer(Serializer):
    """Takes the body out of an output; all else goes by headers, key and topic."""

    def __call__(self, value: Output, ctx: Any) -> bytes:  # noqa: ARG002 - the base class's
        return value[1].value


class _State(dict[bytes, Known]):
    """What the step asks of a mapping, over the state of the message's key."""

    def __init__(self, state: Any) -> None:
        super().__init__()
        self._state = state

    def __contains__(self, key: object) -> bool:
        return isinstance(key, bytes) and self._state.exists(key.hex())

    def __getitem__(self, key: bytes) -> Known:
        revision, digest = self._state.get(key.hex())
        return Known(revision=revision, digest=bytes.fromhex(digest))


def build(worker: Worker) -> Application:
    """Return the application."""
    step = step_of(worker.stage, worker.registry, partitions=worker.partitions)
    app = Application(
        broker_address=worker.broker,
        consumer_group=worker.group,
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        commit_every=COMMIT_EVERY,
        commit_interval=1.0,
        state_dir=str(worker.state),
        loglevel="WARNING",
        auto_create_topics=True,
        consumer_extra_config={
            "fetch.message.max.bytes": 8 * 1024 * 1024,
            "fetch.wait.max.ms": 250,
        },
        producer_extra_config={
            "linger.ms": 5,
            "batch.size": 512 * 1024,
            "message.max.bytes": 6 * 1024 * 1024,
        },
    )
    sinks = {
        name: app.topic(name, key_serializer="bytes", value_serializer=OutputSerializer())
        for name in step.outputs
    }

    def judge(
        value: bytes, key: bytes, timestamp: int, headers: Any, state: Any
    ) -> Iterable[Output]:
        wires, changes = step.one(_message(value, key, timestamp, headers), _State(state))
        for document, known in changes.items():
            state.set(document.hex(), [known.revision, known.digest.hex()])
        return wires

    def route(value: bytes, key: bytes, timestamp: int, headers: Any) -> Iterable[Output]:
        wires, _ = step.one(_message(value, key, timestamp, headers), {})
        return wires

    for name in _spoken(worker, step.inputs) if step.remembers else step.inputs:
        topic = app.topic(name, key_deserializer="bytes", value_deserializer="bytes")
        frame = app.dataframe(topic)
        outputs = (
            frame.apply(judge, stateful=True, metadata=True, expand=True)
            if step.remembers
            else frame.apply(route, metadata=True, expand=True)
        )
        outputs = outputs.set_headers(lambda value, *_: value[1].headers)
        outputs.to_topic(lambda value, *_: sinks[value[0]], key=lambda value: value[1].key)
    return app


def _spoken(worker: Worker, topics: Iterable[str]) -> list[str]:
    """Return the topics that hold something: each costs a store for each of its partitions.

    All outboxes would be 208 stores and minutes of starting; one frame over them all has a store
    whose changelog's name, of all their names, is longer than Kafka allows.
    """
    consumer = Consumer({"bootstrap.servers": worker.broker, "group.id": worker.group})
    try:
        return [
            topic
            for topic in topics
            if any(
                consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=10.0)[1]
                for number in range(worker.partitions)
            )
        ]
    finally:
        consumer.close()


def _message(value: bytes, key: bytes, timestamp: int, headers: Any) -> Message:
    context = message_context()
    return Message(
        topic=context.topic,
        partition=context.partition,
        offset=context.offset,
        timestamp_ms=timestamp,
        key=key,
        headers=tuple(headers),
        value=value,
    )


def main() -> None:
    """Run from the command line."""
    build(told()).run()


if __name__ == "__main__":
    main()
