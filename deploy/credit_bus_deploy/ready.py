"""Whether broker, database and web process answer, asked in their own protocols.

Knows no process: `alive` tells whether it is still worth waiting.
"""

import logging
import time
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import psycopg
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError
from psycopg import sql

from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.kafka import START_WAIT_SECONDS_MAX
from credit_bus_deploy.ports import answers

DATABASE_WAIT_SECONDS_MAX = 30.0
ATTEMPT_MILLISECONDS_MAX = 5_000
POLL_SECONDS = 0.1


def split_address(address: str) -> tuple[str, int]:
    """Return host and port of HOST:PORT. Raises InstallationError when it is neither."""
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isdigit() or not 0 < int(port) < 1 << 16:
        raise InstallationError(f"{address} is not a broker's address: write HOST:PORT")
    return host, int(port)


def wait_for_broker(
    address: str,
    *,
    wait_seconds_max: float = START_WAIT_SECONDS_MAX,
    alive: Callable[[], bool] = lambda: True,
    log: Path | None = None,
) -> None:
    """Return when the broker answers a metadata request. Raises InstallationError if it does not.

    A bare connection is tried first: a client that meets a closed port logs a page.
    """
    host, port = split_address(address)
    _wait(
        lambda: answers(host, port) and _answers_metadata(address),
        what=f"Kafka at {address}",
        wait_seconds_max=wait_seconds_max,
        alive=alive,
        log=log,
    )


def wait_for_database(
    url: str,
    *,
    wait_seconds_max: float = DATABASE_WAIT_SECONDS_MAX,
    alive: Callable[[], bool] = lambda: True,
    log: Path | None = None,
) -> None:
    """Return when the database answers a query. Raises InstallationError if it does not."""
    _wait(
        lambda: _answers_query(url),
        what="PostgreSQL",
        wait_seconds_max=wait_seconds_max,
        alive=alive,
        log=log,
    )


def wait_for_web(url: str, *, wait_seconds_max: float, log: Path) -> None:
    """Return when the web process says it is ready. Raises InstallationError if it does not."""
    _wait(
        lambda: _answers_http(f"{url}/health/ready"),
        what=f"the web process at {url}",
        wait_seconds_max=wait_seconds_max,
        alive=lambda: True,
        log=log,
    )


def ensure_database(server_url: str, name: str) -> None:
    """Create the database unless it exists; `server_url` is any database of the same server."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _answers_metadata(address: str) -> bool:
    logging.getLogger("kafka").setLevel(logging.ERROR)
    try:
        with KafkaAdminClient(
            bootstrap_servers=address,
            bootstrap_timeout_ms=ATTEMPT_MILLISECONDS_MAX,
            request_timeout_ms=ATTEMPT_MILLISECONDS_MAX,
        ) as admin:
            return bool(admin.describe_cluster()["brokers"])
    except (KafkaError, OSError):
        return False


def _answers_http(url: str) -> bool:
    """Ask without a proxy: the process is on this machine."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=ATTEMPT_MILLISECONDS_MAX / 1000) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def _answers_query(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=ATTEMPT_MILLISECONDS_MAX // 1000) as connection:
            return connection.execute("SELECT 1").fetchone() is not None
    except psycopg.OperationalError:
        return False


def _wait(
    answered: Callable[[], bool],
    *,
    what: str,
    wait_seconds_max: float,
    alive: Callable[[], bool],
    log: Path | None,
) -> None:
    deadline = time.monotonic() + wait_seconds_max
    see = f"read {log}" if log else "see whether it runs and can be reached from here"
    while not answered():
        if not alive():
            raise InstallationError(f"{what} ended before it was ready: {see}")
        if time.monotonic() >= deadline:
            raise InstallationError(
                f"{what} did not answer within {wait_seconds_max:g} seconds: {see}"
            )
        time.sleep(POLL_SECONDS)
