"""How long an event takes from the moment it is due to be published until it lies in the inbox.

A publisher keeps to its schedule whatever the bus does, and each delay counts from the scheduled
moment, so a stall shows in every event it held up (no coordinated omission). Gate and router run
as they do in an installation; the reader sees committed records only.
"""

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, Producer, TopicPartition
from tests.bus import Bus, own_bus

from benchmarks.peers import work
from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import inbox

PLATFORM = "district-platform"
PARTITIONS = 4
WARM_UP_SECONDS = 5.0
DRAIN_SECONDS_MAX = 120.0
START_SECONDS_MAX = 60.0
QUANTILES = (0.5, 0.99, 0.999)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """The delays of one rate, in milliseconds, sorted; and how many events never arrived."""

    rate: int
    milliseconds: Sequence[float]
    lost: int

    def at(self, quantile: float) -> float:
        """Return the delay that this share of events did not exceed."""
        place = min(len(self.milliseconds) - 1, int(len(self.milliseconds) * quantile))
        return self.milliseconds[place]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", type=int, nargs="+", default=[100, 1_000, 5_000])
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    print("| events/s due | events | p50 ms | p99 ms | p99.9 ms | max ms | lost |")
    print("|---|---|---|---|---|---|---|")
    for number, rate in enumerate(given.rates):
        with tempfile.TemporaryDirectory(prefix="cb-flow-") as folder:
            found = _measured(Path(folder), rate, given.seconds, seed=number)
        told = " | ".join(f"{found.at(quantile):.0f}" for quantile in QUANTILES)
        print(
            f"| {rate} | {len(found.milliseconds)} | {told} | {found.milliseconds[-1]:.0f}"
            f" | {found.lost} |",
            flush=True,
        )


def _measured(home: Path, rate: int, seconds: float, *, seed: int) -> Delays:
    count = int(rate * (seconds + WARM_UP_SECONDS))
    good = list(work.messages(count, seed=seed, bad_share=0.0, repeated_share=0.0))
    with own_bus(home, partitions=PARTITIONS) as bus:
        bus.start("gate", "--log-level", "WARNING")
        bus.start("router", "--log-level", "WARNING")
        _await_flow(bus, seed)
        return _delays(bus, good, rate)


def _await_flow(bus: Bus, seed: int) -> None:
    """Return once something said now comes out: the workers have their partitions."""
    (probe,) = work.messages(1, seed=-1 - seed, bad_share=0.0, repeated_share=0.0)
    bus.say([probe])
    bus.read_until([inbox(PLATFORM)], lambda seen: len(seen) >= 1)


def _delays(bus: Bus, messages: Sequence[Message], rate: int) -> Delays:
    ready, arrived = multiprocessing.Event(), multiprocessing.Queue()
    reader = multiprocessing.Process(
        target=_read, args=(bus.broker, len(messages), ready, arrived), daemon=True
    )
    reader.start()
    if not ready.wait(START_SECONDS_MAX):
        raise TimeoutError("the reader did not start")
    due = _publish(bus.broker, messages, rate)
    times: dict[bytes, float] = arrived.get(timeout=DRAIN_SECONDS_MAX)
    reader.join(DRAIN_SECONDS_MAX)
    counted = list(due)[int(rate * WARM_UP_SECONDS) :]
    found = sorted((times[each] - due[each]) * 1000 for each in counted if each in times)
    return Delays(rate=rate, milliseconds=found, lost=len(counted) - len(found))


def _publish(broker: str, messages: Sequence[Message], rate: int) -> dict[bytes, float]:
    """Publish each message at its moment; return the moments by event id."""
    producer = Producer(
        {"bootstrap.servers": broker, "enable.idempotence": True, "linger.ms": 0,
         "partitioner": "murmur2_random"}
    )  # fmt: skip
    due: dict[bytes, float] = {}
    began = time.time()
    for number, message in enumerate(messages):
        moment = began + number / rate
        while (ahead := moment - time.time()) > 0:
            producer.poll(min(ahead, 0.005))
        due[dict(message.headers)["ce_id"]] = moment
        producer.produce(
            message.topic, key=message.key, value=message.value, headers=list(message.headers)
        )
    producer.flush(DRAIN_SECONDS_MAX)
    return due


def _read(broker: str, count: int, ready: Any, arrived: Any) -> None:
    """Note when each event lies in the inbox; give up when nothing comes any more."""
    consumer = Consumer(
        {"bootstrap.servers": broker, "group.id": "flow", "isolation.level": "read_committed",
         "enable.auto.commit": False, "fetch.wait.max.ms": 10}
    )  # fmt: skip
    topic = inbox(PLATFORM)
    at_end = [
        TopicPartition(
            topic, number, consumer.get_watermark_offsets(TopicPartition(topic, number))[1]
        )
        for number in range(PARTITIONS)
    ]
    consumer.assign(at_end)
    ready.set()
    times: dict[bytes, float] = {}
    last = time.time()
    while len(times) < count and time.time() - last < DRAIN_SECONDS_MAX / 4:
        for message in consumer.consume(500, timeout=0.05):
            last = time.time()
            times[dict(message.headers())["ce_id"]] = last
    arrived.put(times)
    consumer.close()


if __name__ == "__main__":
    main()
