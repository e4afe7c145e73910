"""What an event costs in the pure part of the bus, stage by stage, against fastavro alone.

Prints a Markdown table: median microseconds an event, and the ratio to decoding with fastavro.
"""

import platform
import statistics
import subprocess
import time
from collections.abc import Callable
from io import BytesIO

from fastavro import schemaless_reader
from tests import samples

from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.wire import read_event
from credit_bus.domain.calendar import local_day
from credit_bus.domain.checks import check_event
from credit_bus.domain.context import Context
from credit_bus.domain.event import Event
from credit_bus.runtime.batch import gate_batch, router_batch

EVENTS = 2_000
ROUNDS = 9
PREFIX_BYTES = 5


def microseconds(work: Callable[[], object]) -> tuple[float, float, float]:
    """Return minimum, median and maximum microseconds an event over the rounds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) / EVENTS * 1e6)
    return min(taken), statistics.median(taken), max(taken)


def main() -> None:
    """Measure each stage over the same penalties and print the table."""
    events = [samples.penalty(number) for number in range(EVENTS)]
    messages = [samples.message(event, offset=n) for n, event in enumerate(events)]
    codec, registry = samples.codec(), samples.registry()
    parsed = load_catalogue().latest("penalty.decided").parsed
    today = local_day(samples.NOW)

    def fastavro_alone() -> None:
        for message in messages:
            assert message.value
            stream = BytesIO(message.value)
            stream.seek(PREFIX_BYTES)
            schemaless_reader(stream, parsed, None)

    def check_one(event: Event) -> None:
        context = Context(
            registry=registry, today=today, source=event.source, subject=event.subject
        )
        assert not check_event(event, context)

    def check() -> None:
        for event in events:
            check_one(event)

    def judge() -> None:
        for message in messages:
            event = read_event(message, codec).event
            assert event is not None
            check_one(event)

    stages: dict[str, Callable[[], object]] = {
        "fastavro decodes the body": fastavro_alone,
        "read_event: headers, body, key": lambda: [read_event(m, codec) for m in messages],
        "check_event: every rule of a penalty": check,
        "decode and validate: the two together": judge,
        "gate_batch: all of the gate": lambda: gate_batch(
            messages,
            lookup=lambda _: {},
            codec=codec,
            registry=registry,
            partitions=1,
            now=samples.NOW,
        ),
        "router_batch: all of the router": lambda: router_batch(
            messages, codec=codec, registry=registry, now=samples.NOW
        ),
    }
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    size = statistics.median(len(message.value or b"") for message in messages)
    print(
        f"commit {commit or 'unknown'}, {platform.platform()}, Python {platform.python_version()}"
    )
    print(f"{EVENTS} penalties of {size:.0f} bytes, {ROUNDS} rounds\n")
    print("| stage | min µs | median µs | max µs | ratio to fastavro |")
    print("|---|---|---|---|---|")
    base = None
    for name, work in stages.items():
        low, middle, high = microseconds(work)
        base = base or middle
        print(f"| {name} | {low:.1f} | {middle:.1f} | {high:.1f} | {middle / base:.1f} |")


if __name__ == "__main__":
    main()
