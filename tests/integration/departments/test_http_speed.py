"""How much the HTTP intake takes, roughly: prints figures, and passes when nothing was refused."""

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests import samples
from tests.bus import Bus, own_bus
from tests.integration.departments import intakes
from tests.integration.departments.intakes import Department, Server, penalty, states

pytestmark = pytest.mark.broker

CLIENTS = 8
SECONDS = 8.0
WARM_UP_REQUESTS = 5


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    with own_bus(tmp_path) as opened:
        opened.start("gate")
        yield opened


def test_requests_of_one_party_at_once_share_transactions(
    bus: Bus, database: str, tmp_path: Path
) -> None:
    key, _ = intakes.new_key(database, samples.PENALISING)
    numbers = itertools.count(1)
    with intakes.running(tmp_path, bus.broker, database) as server:
        for batch, clients in ((1, 1), (1, CLIENTS), (100, 1), (100, CLIENTS)):
            _measure(server, key, numbers, batch, clients)


def _measure(server: Server, key: str, numbers: Iterator[int], batch: int, clients: int) -> None:
    def speak(_: int) -> list[float]:
        took: list[float] = []
        with Department(server, key) as department:
            for _ in range(WARM_UP_REQUESTS):
                department.say([penalty(0)])
            until = time.monotonic() + SECONDS
            while time.monotonic() < until:
                events = [_penalty(next(numbers)) for _ in range(batch)]
                began = time.monotonic()
                answer = department.say(events)
                took.append(time.monotonic() - began)
                assert {"accepted"} == set(states(answer)), answer.text
        return took

    with ThreadPoolExecutor(clients) as pool:
        took = sorted(each for part in pool.map(speak, range(clients)) for each in part)
    rate = len(took) / SECONDS
    print(  # noqa: T201
        f"batch {batch:3}, {clients} clients: {rate:6.1f} requests/s, {rate * batch:7.1f} events/s,"
        f" median {took[len(took) // 2] * 1000:.0f} ms, slowest {took[-1] * 1000:.0f} ms"
    )


def _penalty(number: int) -> dict[str, object]:
    return penalty(number % 20_000, document_number=f"甘网罚〔2018〕{number}号")
