"""What a batch of casework costs when few rows are stored, and when many are.

`python -m benchmarks.casework` starts a PostgreSQL of its own, fills it with each number of rows in
turn, and steps batches of 200 events of subjects drawn at random. Exit code 1 when a batch over the
most rows takes more than twice as long as over the fewest.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

import psycopg
from tests import samples
from tests.casework_double import Teller

from credit_bus.contracts.wire import Message
from credit_bus.domain.calendar import local_day
from credit_bus.domain.channels import RECORDS
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus.runtime.casework.limits import Limits
from credit_bus.runtime.casework.migrate import migrate
from credit_bus.runtime.casework.stage import CaseworkStage
from credit_bus.runtime.casework.store import Store
from credit_bus.runtime.settings import WorkerSettings
from credit_bus_deploy import postgres, processes, ready

SIZES = (10_000, 1_000_000)
RATIO_MAX = 2.0
BATCHES = 150
WARM_UP = 30  # statements are prepared, pages read
ROWS_PER_SUBJECT = 10
SUBJECTS_MAX = 20_000  # with a code that an event can bear; beyond, rows are of others
LANE = 0
_FILL = "COPY casework.row (kind, name, lane, subject, due_on, state) FROM STDIN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured over so many rows."""

    rows: int
    batch_milliseconds: float  # the median of a batch's step, its commit included
    batch_milliseconds_95: float
    events_per_second: int
    due_look_milliseconds: float  # one look for lanes in which something is due


def measure(url: str, rows: int, *, batches: int = BATCHES) -> Figures:
    """Return the figures over a database with so many rows, which are put there first."""
    migrate(url)
    fill(url, rows)
    store = Store(url)
    nowhere = Path()
    stage = CaseworkStage(
        casework=Teller(due_after=timedelta(30)),
        codec=samples.codec(),
        store=store,
        settings=WorkerSettings(
            stage="casework", broker="127.0.0.1:1", registry_folder=nowhere, state_folder=nowhere
        ),
        limits=Limits(),
    )
    store.begin([LANE])
    size = Limits().events_per_transaction_max
    said = messages(rows, (WARM_UP + batches) * size)
    seconds = []
    for first in range(0, len(said), size):
        began = time.perf_counter()
        taken = stage.step(LANE, said[first : first + size]).taken
        seconds.append(time.perf_counter() - began)
        assert taken == size
    looks = [_seconds_of_look(store) for _ in range(batches)]
    store.close()
    settled = sorted(seconds[WARM_UP:])
    return Figures(
        rows=rows,
        batch_milliseconds=round(median(settled) * 1000, 2),
        batch_milliseconds_95=round(settled[len(settled) * 95 // 100] * 1000, 2),
        events_per_second=round(size / median(settled)),
        due_look_milliseconds=round(median(looks) * 1000, 3),
    )


def fill(url: str, rows: int) -> None:
    """Store so many rows, of subjects with ten each, in an order drawn at random."""
    numbers = list(range(rows))
    random.Random(1).shuffle(numbers)
    due_on = local_day(samples.NOW) + timedelta(40)
    state = json.dumps({"n": 0, "about": "x" * 200})
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE casework.row, casework.position, casework.outbox")
        with connection.cursor().copy(_FILL) as copy:
            for number in numbers:
                subject = _subject(number // ROWS_PER_SUBJECT)
                copy.write_row(
                    ("step", f"{number:012d}", LANE, subject, due_on if number % 2 else None, state)
                )
        connection.execute("VACUUM ANALYZE casework.row")


def messages(rows: int, count: int) -> list[Message]:
    """Return events of subjects that have rows, drawn at random."""
    dice = random.Random(2)
    subjects = min(rows // ROWS_PER_SUBJECT, SUBJECTS_MAX)
    return [
        samples.message(
            samples.penalty(
                dice.randrange(subjects), document_number=f"甘区市监罚〔2026〕{number}号"
            ),
            topic=RECORDS,
            offset=number,
        )
        for number in range(count)
    ]


def _subject(number: int) -> str:
    return synthetic_uscc(number) if number < SUBJECTS_MAX else f"nobody-{number}"


def _seconds_of_look(store: Store) -> float:
    began = time.perf_counter()
    assert not store.due_lanes([LANE], today=local_day(samples.NOW))
    return time.perf_counter() - began


@contextmanager
def own_database(home: Path) -> Iterator[str]:
    """Yield the URL of an empty database on a server of its own."""
    server = postgres.server_in(home / "postgres")
    postgres.prepare_storage(server)
    spec = postgres.process_spec(server)
    child = processes.spawn(spec, log_folder=home)
    try:
        ready.wait_for_database(server.url(postgres.SUPERUSER))
        ready.ensure_database(server.url(postgres.SUPERUSER), "casework")
        yield server.url("casework")
    finally:
        processes.stop(child, spec.stop_signal)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line of JSON for each number of rows, then the ratio; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--batches", type=int, default=BATCHES)
    given = parser.parse_args(arguments)
    found = []
    for rows in given.rows:
        with tempfile.TemporaryDirectory(prefix="credit-bus-") as home:
            with own_database(Path(home)) as url:
                found.append(measure(url, rows, batches=given.batches))
            print(json.dumps(asdict(found[-1])), flush=True)
    ratio = found[-1].batch_milliseconds / found[0].batch_milliseconds
    print(json.dumps({"ratio": round(ratio, 2), "ratio_max": RATIO_MAX}))
    return int(ratio > RATIO_MAX)


if __name__ == "__main__":
    sys.exit(main())
