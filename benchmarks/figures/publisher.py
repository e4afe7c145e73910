"""Saying events: by a schedule in a process of its own, or as fast as the broker takes them."""

import multiprocessing
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from confluent_kafka import Producer

from benchmarks.figures.numbers import Schedule
from credit_bus.contracts.wire import Message

START_SECONDS = 1.5  # from the start of the process until the first event is due
FLUSH_SECONDS_MAX = 120.0
FULL_SECONDS_MAX = 60.0  # the broker takes nothing while the client's queue is full
WAIT_SECONDS = 0.005
AHEAD_MAX = 20_000  # events said and not yet come out, where the bus sets the pace

_FORK = multiprocessing.get_context("fork")  # what is to be said is not copied


@dataclass(slots=True, kw_only=True)
class Publishing:
    """What a publisher in its own process has done so far."""

    schedule: Schedule
    said: Any  # shared: how many
    late: Any  # shared: by how many seconds the publisher itself was late at worst
    stop: Any  # an event: no more
    process: Any

    def ended(self, *, seconds_max: float) -> range:
        """Return the numbers of what was said, once all of it is. TimeoutError if it is not."""
        self.process.join(seconds_max)
        if self.process.exitcode != 0:
            raise TimeoutError(f"the publisher did not end well: {self.process.exitcode}")
        return self.schedule.numbers[: self.said.value]


@contextmanager
def publishing(
    broker: str,
    messages: Iterable[Message],
    numbers: range,
    *,
    rate: float,
    arrived: Any = None,
) -> Iterator[Publishing]:
    """Publish each message at its moment, whatever the bus does.

    With `arrived`, a shared count of what came out, the publisher waits while it is far ahead: that
    is for filling, never for measuring a delay.
    """
    schedule = Schedule(begins=time.time() + START_SECONDS, rate=rate, numbers=numbers)
    said, late = _FORK.RawValue("q", 0), _FORK.RawValue("d", 0.0)
    stop = _FORK.Event()
    process = _FORK.Process(
        target=_publish, args=(broker, messages, schedule, said, late, stop, arrived), daemon=True
    )
    process.start()
    try:
        yield Publishing(schedule=schedule, said=said, late=late, stop=stop, process=process)
    finally:
        process.kill()
        process.join()


def _publish(
    broker: str,
    messages: Iterable[Message],
    schedule: Schedule,
    said: Any,
    late: Any,
    stop: Any,
    arrived: Any,
) -> None:
    producer = _producer(broker, linger_ms=0)
    for number, message in zip(schedule.numbers, messages, strict=True):
        due = schedule.due(number)
        if due > time.time():
            producer.poll(0)
            # Not in `poll`, which counts whole milliseconds: waiting for less would never rest.
            time.sleep(max(0.0, due - time.time()))
        while arrived is not None and said.value - arrived.value > AHEAD_MAX:
            if stop.is_set():
                break
            producer.poll(WAIT_SECONDS)
        if stop.is_set():
            break
        late.value = max(late.value, time.time() - due)
        _say(producer, message)
        said.value += 1
    _flush(producer)


def pour(broker: str, messages: Iterable[Message]) -> None:
    """Write all of these as fast as the broker takes them."""
    producer = _producer(broker, linger_ms=20)
    for number, message in enumerate(messages):
        _say(producer, message)
        if number % 1_000 == 0:
            producer.poll(0)
    _flush(producer)


def _producer(broker: str, *, linger_ms: int) -> Producer:
    """Return a producer that knows its topics already, and partitions as every other of ours."""
    producer = Producer(
        {
            "bootstrap.servers": broker,
            "enable.idempotence": True,
            "linger.ms": linger_ms,
            "partitioner": "murmur2_random",
            "batch.size": 512 * 1024,
            "queue.buffering.max.messages": 200_000,
            "log_level": 3,  # errors alone: a new broker's coordinator is waited for
        }
    )
    producer.list_topics(timeout=FULL_SECONDS_MAX)
    return producer


def _say(producer: Producer, message: Message) -> None:
    deadline = time.monotonic() + FULL_SECONDS_MAX
    while True:
        try:
            producer.produce(
                message.topic, key=message.key, value=message.value, headers=list(message.headers)
            )
        except BufferError:
            if time.monotonic() > deadline:
                raise
            producer.poll(WAIT_SECONDS)
        else:
            return


def _flush(producer: Producer) -> None:
    left = producer.flush(FLUSH_SECONDS_MAX)
    if left:
        raise TimeoutError(f"the broker did not take {left} messages")
