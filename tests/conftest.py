"""What every suite shares: a real broker, a real database, and names that collide with nobody's.

The broker is the one given by `--broker`, else the node that `credit-bus up` would start, once a
session. It is never skipped, and neither is the database.
"""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from kafka.admin import KafkaAdminClient
from psycopg import sql
from tests.bus import fresh_node

from credit_bus_deploy import kafka, postgres, processes, ready

TOPIC_READY_MILLISECONDS_MAX = 20_000


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run use a broker that exists, and seeds of its own."""
    parser.addoption("--broker", metavar="HOST:PORT", help="use this broker, start none")
    parser.addoption(
        "--seeds", metavar="N", nargs="+", type=int, help="of tests/system/test_due_process.py"
    )


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> Iterator[None]:
    """Remove CREDIT_BUS_* (but the cache of jars), so that no run depends on the caller's shell.

    A broker of a test lives for a minute: what Java's second compiler wins is less than it takes.
    """
    patch = pytest.MonkeyPatch()
    patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")
    for name in [name for name in os.environ if name.startswith("CREDIT_BUS_")]:
        if name != "CREDIT_BUS_CACHE":
            patch.delenv(name)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def session_home() -> Iterator[Path]:
    """A short path under the temporary folder: a Unix socket's name has about 100 bytes."""
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as folder:
        yield Path(folder)


def _run(stack: ExitStack, spec: processes.ProcessSpec, home: Path) -> Callable[[], bool]:
    """Start the process until the stack closes; return a function that tells if it still runs."""
    child = processes.spawn(spec, log_folder=home)
    stack.callback(processes.stop, child, spec.stop_signal)
    return lambda: child.poll() is None


@pytest.fixture(scope="session")
def broker(request: pytest.FixtureRequest, session_home: Path) -> Iterator[str]:
    """The address of a real broker, shared by the session: use `unique_name` for every topic,
    group and transactional id, and never list or delete what the test did not make.
    """
    given = request.config.getoption("--broker")
    with ExitStack() as stack:
        if given:
            address = str(given)
            ready.wait_for_broker(address)
        else:
            node = fresh_node(session_home)
            address = node.address
            kafka.prepare_storage(node)
            alive = _run(stack, kafka.process_spec(node), session_home)
            ready.wait_for_broker(address, alive=alive, log=session_home / "kafka-server.log")
        yield address


@pytest.fixture(scope="session")
def database_server(session_home: Path) -> Iterator[postgres.PostgresServer]:
    """The session's PostgreSQL; tests take `database` instead, which is theirs alone."""
    server = postgres.server_in(session_home / "postgres")
    postgres.prepare_storage(server)
    with ExitStack() as stack:
        alive = _run(stack, postgres.process_spec(server), session_home)
        ready.wait_for_database(server.url("postgres"), alive=alive)
        yield server


@pytest.fixture
def database(database_server: postgres.PostgresServer) -> Iterator[str]:
    """The URL of an empty database that this test alone uses, and that goes with it."""
    name = f"test_{secrets.token_hex(6)}"
    server_url = database_server.url("postgres")
    ready.ensure_database(server_url, name)
    yield database_server.url(name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def unique_name() -> Callable[[str], str]:
    """Return `<stem>-<random>`: the broker outlives the test, so whoever names a topic, a group, a
    party or a transactional id has the duty to name it with this, or another test reads it.
    """
    return lambda stem: f"{stem}-{secrets.token_hex(5)}"


@pytest.fixture
def fresh_topic(broker: str, unique_name: Callable[[str], str]) -> Callable[..., str]:
    """Return a function (stem, partitions=1, **configs) that makes a topic and returns its name.

    The name is unique, as the duty in `unique_name` says; the topic is ready to be written to.
    """

    def make(stem: str, *, partitions: int = 1, **configs: str) -> str:
        name = unique_name(stem)
        settings = {key.replace("_", "."): value for key, value in configs.items()}
        with KafkaAdminClient(bootstrap_servers=broker) as admin:
            wanted = {"num_partitions": partitions, "replication_factor": 1, "configs": settings}
            admin.create_topics({name: wanted})
            admin.wait_for_topics([name], timeout_ms=TOPIC_READY_MILLISECONDS_MAX)
        return name

    return make
