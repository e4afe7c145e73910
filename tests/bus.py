"""A bus of its own for a test: a broker, the topics, and workers that the test may kill."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kafka import KafkaProducer
from tests import samples

from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.wire import Message
from credit_bus.operations.scan import Seen, scan
from credit_bus_deploy import jars, java, kafka, ports, processes, ready
from credit_bus_deploy.provision import apply_topics
from credit_bus_deploy.table import web_url

PARTITIONS = 4
WAIT_SECONDS_MAX = 60.0
POLL_SECONDS = 0.1


@dataclass(slots=True)
class Worker:
    """A worker process of the bus."""

    stage: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End it without a word."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """Stop its clock, as a paused virtual machine does."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)


@dataclass(slots=True)
class Bus:
    """A broker with a district's topics, and the workers started on it."""

    broker: str
    home: Path
    registry: Path = samples.REGISTRY_FOLDER
    broker_pid: int = 0
    workers: list[Worker] = field(default_factory=list)

    def start(self, stage: str, *options: str, **environment: str) -> Worker:
        """Start one worker of the stage."""
        state = ("--state", str(self.home / "state"), "--registry", str(self.registry))
        return self.run(stage, "worker", stage, *state, *options, **environment)

    def run(self, name: str, *command: str, **environment: str) -> Worker:
        """Start one process of the bus by its command, without the broker's address."""
        return self.run_alone(name, *command, "--broker", self.broker, **environment)

    def run_alone(self, name: str, *command: str, **environment: str) -> Worker:
        """Start one process that knows no broker."""
        return self.run_module(name, "credit_bus_deploy", *command, **environment)

    def run_module(self, name: str, module: str, *command: str, **environment: str) -> Worker:
        """Start one process of a module; it is ended with the bus."""
        log = self.home / f"{name}-{len(self.workers)}.log"
        whole = [sys.executable, "-m", module, *command]
        with log.open("wb") as stream:
            process = subprocess.Popen(
                whole, stdout=stream, stderr=stream, env={**os.environ, **environment}
            )
        worker = Worker(name, process, log)
        self.workers.append(worker)
        return worker

    def secret_file(self) -> Path:
        """Return a file with the district's identity secret, which only its owner reads."""
        path = self.home / "secret"
        path.write_text("ab" * 32)
        path.chmod(0o600)
        return path

    def stop(self) -> None:
        """End every worker that still runs."""
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.thaw()
                worker.process.terminate()
        for worker in self.workers:
            try:
                worker.process.wait(WAIT_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                worker.kill()

    def say(
        self,
        messages: Sequence[Message],
        *,
        partition: int | None = None,
        compression: str | None = None,
    ) -> None:
        """Write these to their outboxes as they are, each in its key's partition or in this one."""
        producer = KafkaProducer(
            bootstrap_servers=self.broker,
            max_request_size=64 * 1024 * 1024,
            linger_ms=5,
            compression_type=compression,
        )
        try:
            sent = [
                producer.send(
                    message.topic,
                    partition=partition,
                    key=message.key,
                    value=message.value,
                    headers=list(message.headers),
                )
                for message in messages
            ]
            for future in sent:
                future.get(timeout=WAIT_SECONDS_MAX)
        finally:
            producer.close()

    def read(self, *topics: str) -> list[Seen]:
        """Return every committed record of the topics."""
        return list(scan(self.broker, topics))

    def read_until(self, topics: Sequence[str], enough: Callable[[list[Seen]], bool]) -> list[Seen]:
        """Return the records once there are enough; fails when there never are."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while True:
            seen = self.read(*topics)
            if enough(seen):
                return seen
            if time.monotonic() > deadline:
                logs = "\n".join(
                    f"--- {worker.log.name}, exit {worker.process.poll()}\n"
                    + worker.log.read_text()[-3000:]
                    for worker in self.workers
                )
                raise AssertionError(f"{len(seen)} records in {topics}, waiting for more\n{logs}")
            time.sleep(POLL_SECONDS)


def fresh_node(home: Path) -> kafka.KafkaNode:
    """Return a node with a folder of its own and free ports; not started, its storage not made."""
    return kafka.KafkaNode(
        java=java.find_java(),
        jars=jars.ensure_jars(jars.locked_jars(), jars.cache_folder()),
        folder=home / "kafka",
        log_folder=home,
        port=ports.free_port(),
        controller_port=ports.free_port(),
    )


@contextmanager
def own_bus(
    home: Path,
    *,
    partitions: int = PARTITIONS,
    registry: Path = samples.REGISTRY_FOLDER,
    settings: Sequence[str] = (),
) -> Iterator[Bus]:
    """Yield a bus on a broker of its own, with topics and no worker yet.

    `settings` are lines for the broker's properties: of two of a name the later one counts.
    """
    with ExitStack() as stack:
        node = fresh_node(home)
        kafka.prepare_storage(node)
        with node.properties_file.open("a", encoding="utf-8") as properties:
            properties.writelines(f"{line}\n" for line in settings)
        spec = kafka.process_spec(node)
        child = processes.spawn(spec, log_folder=home)
        stack.callback(processes.stop, child, spec.stop_signal)
        ready.wait_for_broker(node.address, alive=lambda: child.poll() is None)
        district = load_registry(registry)
        apply_topics(node.address, district, partitions=partitions, replication=1)
        bus = Bus(node.address, home, registry, child.pid)
        stack.callback(bus.stop)
        yield bus


@contextmanager
def flowing_bus() -> Iterator[Bus]:
    """A bus of its own in a folder of its own, with a gate and a router."""
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home, own_bus(Path(home)) as bus:
        for stage in ("gate", "router"):
            bus.start(stage)
        yield bus


def run_site(bus: Bus, database: str) -> str:
    """Run the public site's connector and its pages, wait for them, and return their address."""
    stored = ("--database", database)
    secret = ("--secret-file", str(bus.secret_file()))
    bus.run("site", "connector", "public-site", *stored, *secret)
    port = ports.free_port()
    served = bus.run_alone("pages", "site", "--no-https", "--port", str(port), *stored)
    ready.wait_for_web(web_url(port), wait_seconds_max=WAIT_SECONDS_MAX, log=served.log)
    return web_url(port)
