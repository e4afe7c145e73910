"""Casework and its relay as processes beside a Kafka and a PostgreSQL that a test may kill."""

import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from kafka import KafkaProducer
from tests import samples
from tests.bus import Bus, Worker, own_bus

from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import RECORDS, outbox
from credit_bus.operations.scan import Seen
from credit_bus.runtime.casework.migrate import migrate
from credit_bus_deploy import postgres, processes, ready

ROOT = Path(__file__).parents[2]
HUB = outbox(samples.HUB)
DATABASE = "casework"
EVENTS_PER_TRANSACTION = 40
RESTARTS_MAX = 40
RETRY_SECONDS = 0.25


@dataclass
class Rig:
    """What runs, and what brings it back."""

    bus: Bus
    server: postgres.PostgresServer
    database: subprocess.Popen[bytes]
    core: str = "teller"  # what casework steps with: a row of `casework_worker.CORES`
    alive: list[Worker] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The database of casework."""
        return self.server.url(DATABASE)

    def start(self, name: str) -> Worker:
        """Start a process of casework, or the relay."""
        log = self.bus.home / f"{name}-{len(self.bus.workers)}.log"
        command = [sys.executable]
        if name == "relay":
            command += ["-m", "credit_bus_deploy", "relay", "--broker", self.bus.broker]
            command += ["--database", self.url]
        else:
            command += [str(ROOT / "tests/system/casework_worker.py"), self.bus.broker, self.url]
            command += [str(self.bus.home / "state"), self.core]
        with log.open("wb") as stream:
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            process = subprocess.Popen(command, stdout=stream, stderr=stream, env=environment)
        worker = Worker(name, process, log)
        self.bus.workers.append(worker)
        self.alive.append(worker)
        return worker

    def revive(self) -> None:
        """Start again what has ended, as a supervisor does."""
        if self.database.poll() is not None:
            self.database = _started(self.server, self.bus.home)
        for worker in [each for each in self.alive if each.process.poll() is not None]:
            self.alive.remove(worker)
            self.start(worker.stage)

    def kill_database(self) -> None:
        """End the server's first process without a word, and start it again."""
        self.database.kill()
        self.database.wait()
        self.revive()

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, as the owner."""
        for _ in range(RESTARTS_MAX):
            with (
                suppress(psycopg.OperationalError),
                psycopg.connect(self.url, autocommit=True) as connection,
            ):
                return connection.execute(query.encode()).fetchall()
            time.sleep(RETRY_SECONDS)
        raise TimeoutError("the database does not come back")

    def by_lane(self, topic: str, header: str) -> dict[int, list[str]]:
        """Return a header of every committed record of the topic, in order in each lane."""
        found: dict[int, list[str]] = defaultdict(list)
        for each in sorted(self.bus.read(topic), key=_place):
            found[each.partition].append(each.text(header))
        return dict(found)


class Load(threading.Thread):
    """Writes accepted events into the log of record as a gate does, at a pace."""

    def __init__(self, broker: str, numbers: range, *, subjects: int, seconds: float) -> None:
        super().__init__(daemon=True)
        self._broker = broker
        self._numbers = numbers
        self._subjects = subjects
        self._pause = seconds / (len(numbers) / EVENTS_PER_TRANSACTION)

    def run(self) -> None:
        """Write everything, a transaction at a time."""
        producer = KafkaProducer(bootstrap_servers=self._broker, transactional_id="load")
        producer.init_transactions()
        for first in range(0, len(self._numbers), EVENTS_PER_TRANSACTION):
            producer.begin_transaction()
            for number in self._numbers[first : first + EVENTS_PER_TRANSACTION]:
                said = self._message(number)
                headers = list(said.headers)
                producer.send(RECORDS, key=said.key, value=said.value, headers=headers)
            producer.commit_transaction()
            time.sleep(self._pause)
        producer.close()

    def _message(self, number: int) -> Message:
        document = f"甘区市监罚〔2026〕{number}号"
        event = samples.penalty(number % self._subjects, document_number=document)
        return samples.message(event)


@contextmanager
def casework_rig(home: Path, *, partitions: int = 4, core: str = "teller") -> Iterator[Rig]:
    """Yield a rig with topics, a database with its schema, and no process yet."""
    with ExitStack() as stack:
        server = postgres.server_in(home / "postgres")
        postgres.prepare_storage(server)
        rig_of: list[Rig] = []
        database = _started(server, home)
        stop = postgres.process_spec(server).stop_signal
        stack.callback(lambda: processes.stop(rig_of[0].database if rig_of else database, stop))
        ready.ensure_database(server.url(postgres.SUPERUSER), DATABASE)
        migrate(server.url(DATABASE))
        bus = stack.enter_context(own_bus(home, partitions=partitions))
        rig_of.append(Rig(bus, server, database, core))
        yield rig_of[0]


def _started(server: postgres.PostgresServer, home: Path) -> subprocess.Popen[bytes]:
    """Start the server; the children of one that was killed hold it off for a moment."""
    for _ in range(RESTARTS_MAX):
        child = processes.spawn(postgres.process_spec(server), log_folder=home)
        while child.poll() is None:
            with suppress(psycopg.OperationalError):
                psycopg.connect(server.url(postgres.SUPERUSER), connect_timeout=2).close()
                return child
            time.sleep(RETRY_SECONDS / 5)
        time.sleep(RETRY_SECONDS)
    raise TimeoutError("the database does not start")


def _place(seen: Seen) -> tuple[int, int]:
    return seen.partition, seen.offset
