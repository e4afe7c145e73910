"""The floor on a broker: fetch, decode, append to a record batch, and nothing else.

No peer: it judges nothing, writes nothing to the broker and commits no offset. What a stage's
worker costs is told as a multiple of it, from the same topics in the same round.
"""

import argparse
import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import chain
from typing import Any

import uvloop
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from benchmarks.peers.by_hand import FETCH_BYTES_MAX, RECORDS_PER_POLL_MAX
from benchmarks.peers.step import GATE
from benchmarks.peers.task import Task
from benchmarks.peers.work import PARTITIONS
from benchmarks.stages.floor import Schemas, append, decode, new_batch, schemas_of
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.channels import RECORDS
from credit_bus.runtime.worker import collect_less_often

SECONDS_MAX = 120.0
POLL_MILLISECONDS = 250


def floors(task: Task) -> tuple[float, ...]:
    """Return the CPU microseconds an event of each stage's floor.

    The stages' inputs must lie on the broker: a worker of ours must have run before.
    """
    return tuple(
        _run(task.broker, step.inputs, task.events if stage == GATE else task.counts[RECORDS])
        for stage, step in task.steps.items()
    )


def _run(broker: str, topics: Sequence[str], records: int) -> float:
    said = subprocess.run(
        [
            *(sys.executable, "-m", __name__, "--broker", broker),
            *("--records", str(records), "--topics", *topics),
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=True,
    )
    return float(said.stdout)


async def floor(broker: str, topics: Sequence[str], records: int) -> float:
    """Return the CPU microseconds a record, as of peers: from the first fetch's end to the last."""
    schemas = schemas_of(load_catalogue())
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_partition_fetch_bytes=FETCH_BYTES_MAX,
    )
    collect_less_often()
    await consumer.start()
    consumer.assign([TopicPartition(topic, n) for topic in topics for n in range(PARTITIONS)])
    done, began = 0, None
    while done < records:
        fetched = await consumer.getmany(
            timeout_ms=POLL_MILLISECONDS, max_records=RECORDS_PER_POLL_MAX
        )
        done += work(list(chain.from_iterable(fetched.values())), schemas)
        if began is None and done:
            began = time.process_time()
    used = time.process_time() - (began or 0.0)
    await consumer.stop()
    return used / records * 1e6


def work(records: Sequence[Any], schemas: Schemas) -> int:
    """Decode what can be decoded, append all to one batch; return how many there were."""
    batch = new_batch()
    for at, record in enumerate(records):
        with contextlib.suppress(EOFError, IndexError, UnicodeDecodeError):  # 5 % are bad
            decode(record.value, schemas)
        append(batch, at, _Written(record))
    return len(records)


class _Written:
    """A record as it is written again: aiokafka wants headers as a list."""

    __slots__ = ("headers", "key", "value")

    def __init__(self, record: Any) -> None:
        self.key, self.value, self.headers = record.key, record.value, list(record.headers)


def main() -> None:
    """Run from the command line, and print the microseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broker", required=True)
    parser.add_argument("--records", required=True, type=int)
    parser.add_argument("--topics", required=True, nargs="+")
    given = parser.parse_args()
    uvloop.install()
    told = asyncio.wait_for(floor(given.broker, given.topics, given.records), SECONDS_MAX)
    print(asyncio.run(told))


if __name__ == "__main__":
    main()
