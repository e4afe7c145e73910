"""A peer: Faust as its manual shows it. An agent, an event at a time, a table, `await send`.

The output is not exactly once: Faust's own guarantee of that name does not cover outputs to
topics that no agent of the application reads. That makes it faster, not slower.
"""

import sys
from typing import Any

import faust

from benchmarks.peers.peer import Worker, told
from benchmarks.peers.step import step_of
from credit_bus.contracts.wire import Message
from credit_bus.flows.outcome import Known


def build(worker: Worker) -> faust.App:
    """Return the application."""
    step = step_of(worker.stage, worker.registry, partitions=worker.partitions)
    app = faust.App(
        worker.group,
        broker=f"kafka://{worker.broker}",
        store="memory://",
        datadir=str(worker.state),
        topic_partitions=worker.partitions,
        topic_replication_factor=1,
        topic_disable_leader=True,
        table_standby_replicas=0,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=8 * 1024 * 1024,
        producer_linger=0.005,
        producer_max_batch_size=512 * 1024,
        producer_max_request_size=6 * 1024 * 1024,
        web_enabled=False,
        worker_redirect_stdouts=False,
    )
    raw = {"value_type": bytes, "value_serializer": "raw", "key_serializer": "raw"}
    source = app.topic(*step.inputs, key_type=bytes, **raw)
    sinks = {name: app.topic(name, key_type=bytes, **raw) for name in step.outputs}
    revisions = app.Table("revisions", key_type=bytes, value_type=bytes) if step.remembers else {}

    @app.agent(source)
    async def work(stream: Any) -> None:
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
    app = build(told())
    sys.argv = [sys.argv[0], "worker", "-l", "warn", "--without-web"]
    app.main()


if __name__ == "__main__":
    main()
