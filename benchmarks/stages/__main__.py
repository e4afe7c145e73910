"""What an event costs in the bus without a broker: each stage, and the whole against the floor.

Prints a Markdown table for each of two sets of messages: penalties as the tests make them, and the
seeded work of the peers (5 % bad, 2 % repeated). Ratios are of the shortest rounds.
"""

import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tests import samples

from benchmarks.commit import commit
from benchmarks.peers import work
from benchmarks.stages.floor import batch_of, decode, floor, read, schemas_of, write
from benchmarks.stages.measure import ROUNDS, Stage, Work, costs, table
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.wire import Message, read_event
from credit_bus.domain.calendar import local_day
from credit_bus.domain.checks import check_event
from credit_bus.domain.context import Context
from credit_bus.domain.event import Event
from credit_bus.runtime.batch import Produced, gate_batch, router_batch
from credit_bus.runtime.worker import collect_less_often

EVENTS = 2_000
FASTAVRO = "fastavro decodes the body"
GATE_FLOOR = "the floor of the gate: read, decode, append"
ROUTER_FLOOR = "the floor of the router: read, decode, append"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Messages in the order of their places, and the events that can be read in them."""

    messages: Sequence[Message]
    readable: Sequence[Message]
    events: Sequence[Event]
    decodable: Sequence[bool]


def corpus(messages: Sequence[Message]) -> Corpus:
    """Return the messages in their partitions, and what they say."""
    codec = samples.codec()
    placed = [work.placed(message) for message in messages]
    found = [(message, read_event(message, codec).event) for message in placed]
    read_well = [(message, event) for message, event in found if event is not None]
    return Corpus(
        messages=placed,
        readable=[message for message, _ in read_well],
        events=[event for _, event in read_well],
        decodable=[
            isinstance(codec.decode(message.value, expected_type=None), dict) for message in placed
        ],
    )


def pure_stages(given: Corpus) -> dict[str, Stage]:
    """Return the stages without reading and writing record batches, beside fastavro alone."""
    codec, registry = samples.codec(), samples.registry()
    schemas = schemas_of(load_catalogue())
    today = local_day(samples.NOW)
    values = [message.value or b"" for message in given.readable]

    def check(event: Event) -> None:
        context = Context(
            registry=registry, today=today, source=event.source, subject=event.subject
        )
        assert not check_event(event, context)

    def judge(message: Message) -> Event:
        event = read_event(message, codec).event
        assert event is not None
        check(event)
        return event

    works: dict[str, Work] = {
        FASTAVRO: lambda: [decode(value, schemas) for value in values],
        "read_event: headers, body, key": lambda: [read_event(m, codec) for m in given.readable],
        "check_event: every rule of a record": lambda: [check(event) for event in given.events],
        "decode and validate: the two together": lambda: [judge(m) for m in given.readable],
        "gate_batch: all of the gate": lambda: gate_all(given.messages),
        "router_batch: all of the router": lambda: route_all(given.readable),
    }
    count = len(given.readable)
    return {
        name: Stage(
            work=measured,
            events=len(given.messages) if name.startswith("gate_batch") else count,
            base=FASTAVRO,
        )
        for name, measured in works.items()
    }


def whole_stages(given: Corpus) -> dict[str, Stage]:
    """Return gate and router from record batch to record batches, beside their floors."""
    schemas = schemas_of(load_catalogue())
    batch, readable = batch_of(given.messages), batch_of(given.readable)
    all_decodable = [True] * len(given.readable)
    gate, router = len(given.messages), len(given.readable)
    return {
        GATE_FLOOR: Stage(
            work=lambda: floor(batch, given.decodable, schemas), events=gate, base=GATE_FLOOR
        ),
        "all of the gate with reading and appending": Stage(
            work=lambda: write(gate_all(read(batch, given.messages)).records),
            events=gate,
            base=GATE_FLOOR,
        ),
        ROUTER_FLOOR: Stage(
            work=lambda: floor(readable, all_decodable, schemas), events=router, base=ROUTER_FLOOR
        ),
        "all of the router with reading and appending": Stage(
            work=lambda: write(route_all(read(readable, given.readable)).records),
            events=router,
            base=ROUTER_FLOOR,
        ),
    }


def gate_all(messages: Sequence[Message]) -> Produced:
    """Return what the gate makes of them, with nothing known before."""
    produced = gate_batch(
        messages,
        lookup=lambda _: {},
        codec=samples.codec(),
        registry=samples.registry(),
        partitions=work.PARTITIONS,
        now=samples.NOW,
    )
    assert produced.taken == len(messages), "a batch is measured whole"
    return produced


def route_all(messages: Sequence[Message]) -> Produced:
    """Return what the router makes of them."""
    produced = router_batch(messages, codec=samples.codec(), registry=samples.registry())
    assert produced.taken == len(messages), "a batch is measured whole"
    return produced


def main() -> None:
    """Measure each stage over both sets of messages and print the tables."""
    print(f"commit {commit()}, {platform.platform()}, Python {platform.python_version()}")
    sets = {
        "penalties": [samples.message(samples.penalty(number)) for number in range(EVENTS)],
        "seeded messages of the peers": list(work.messages(EVENTS)),
    }
    for name, messages in sets.items():
        given = corpus(messages)
        stages = {**pure_stages(given), **whole_stages(given)}
        collect_less_often()  # as a worker does
        size = statistics.median(len(message.value or b"") for message in messages)
        print(f"\n{EVENTS} {name} of {size:.0f} bytes, {ROUNDS} rounds\n")
        print("\n".join(table(stages, costs(stages))))


if __name__ == "__main__":
    main()
