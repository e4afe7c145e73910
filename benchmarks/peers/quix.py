"""A peer: Quix Streams with its exactly-once guarantee, its state store, and dynamic topics."""

import argparse
from collections.abc import Iterator
from typing import Any

from quixstreams import Application, message_context
from quixstreams.models import Serializer

from benchmarks.peers.step import GateStep
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


def build(broker: str, group: str, partitions: int, state: str) -> Application:
    """Return the application."""
    step = GateStep(partitions=partitions)
    app = Application(
        broker_address=broker,
        consumer_group=group,
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        commit_every=COMMIT_EVERY,
        commit_interval=1.0,
        state_dir=state,
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
    ) -> Iterator[Output]:
        context = message_context()
        message = Message(
            topic=context.topic,
            partition=context.partition,
            offset=context.offset,
            timestamp_ms=timestamp,
            key=key,
            headers=tuple(headers),
            value=value,
        )
        wires, changes = step.one(message, _State(state))
        for document, known in changes.items():
            state.set(document.hex(), [known.revision, known.digest.hex()])
        return wires

    for name in step.inputs:
        topic = app.topic(name, key_deserializer="bytes", value_deserializer="bytes")
        outputs = app.dataframe(topic).apply(judge, stateful=True, metadata=True, expand=True)
        outputs = outputs.set_headers(lambda value, *_: value[1].headers)
        outputs.to_topic(lambda value, *_: sinks[value[0]], key=lambda value: value[1].key)
    return app


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--broker", required=True)
    parser.add_argument("--group", required=True)
    parser.add_argument("--partitions", type=int, required=True)
    parser.add_argument("--state", required=True)
    given = parser.parse_args()
    build(given.broker, given.group, given.partitions, given.state).run()


if __name__ == "__main__":
    main()
