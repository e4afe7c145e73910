"""A peer: Faust as its manual shows it. An agent, an event at a time, a table, `await send`.

The output is not exactly once: Faust's own guarantee of that name does not cover outputs to
topics that no agent of the application reads. That makes it faster, not slower.
"""

import argparse
import sys
from typing import Any

import faust

from benchmarks.peers.step import GateStep
from credit_bus.contracts.wire import Message
from credit_bus.flows.outcome import Known


def build(broker: str, group: str, partitions: int, state: str) -> faust.App:
    """Return the application."""
    step = GateStep(partitions=partitions)
    app = faust.App(
        group,
        broker=f"kafka://{broker}",
        store="memory://",
        datadir=state,
        topic_partitions=partitions,
        topic_replication_factor=1,
        topic_disable_leader=True,
        table_standby_replicas=0,
        consumer_auto_offset_reset="earliest",
        web_enabled=False,
        worker_redirect_stdouts=False,
    )
    raw = {"value_type": bytes, "value_serializer": "raw", "key_serializer": "raw"}
    source = app.topic(*step.inputs, key_type=bytes, **raw)
    sinks = {name: app.topic(name, key_type=bytes, **raw) for name in step.outputs}
    revisions = app.Table("revisions", key_type=bytes, value_type=bytes)

    @app.agent(source)
    async def gate(stream: Any) -> None:
        async for event in stream.events():
            wires, changes = step.one(_message(event.message), _Table(revisions))
            for topic, wire in wires:
                await sinks[topic].send(key=wire.key, value=wire.value, headers=wire.headers)
            for document, known in changes.items():
                revisions[document.hex()] = f"{known.revision}/{known.digest.hex()}"

    return app


class _Table(dict[bytes, Known]):
    """What the step asks of a mapping, over Faust's table."""

    def __init__(self, table: Any) -> None:
        super().__init__()
        self._table = table

    def __contains__(self, key: object) -> bool:
        return isinstance(key, bytes) and key.hex() in self._table

    def __getitem__(self, key: bytes) -> Known:
        revision, digest = self._table[key.hex()].split("/")
        return Known(revision=int(revision), digest=bytes.fromhex(digest))


def _message(message: Any) -> Message:
    headers = message.headers
    return Message(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp_ms=int(message.timestamp * 1000),
        key=message.key,
        headers=tuple(headers.items() if isinstance(headers, dict) else headers),
        value=message.value,
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--broker", required=True)
    parser.add_argument("--group", required=True)
    parser.add_argument("--partitions", type=int, required=True)
    parser.add_argument("--state", required=True)
    given = parser.parse_args()
    app = build(given.broker, given.group, given.partitions, given.state)
    sys.argv = [sys.argv[0], "worker", "-l", "warn"]
    app.main()


if __name__ == "__main__":
    main()
