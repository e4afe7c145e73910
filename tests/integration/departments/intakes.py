"""A running intake: a real server process before a real broker, gate and database."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tests import samples

from credit_bus_connectors.departments.http.keys import SCHEMA, create_key
from credit_bus_connectors.platforms.postgres import Database, plain
from credit_bus_deploy import ports

ROOT = Path(__file__).parents[3]
READY_SECONDS_MAX = 60.0
REQUEST_SECONDS_MAX = 90.0
POLL_SECONDS = 0.05


@dataclass(slots=True)
class Server:
    """An intake process that a test may kill."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Ask it to end."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(READY_SECONDS_MAX)


def start(home: Path, broker: str, database: str, *options: str, port: int | None = None) -> Server:
    """Start an intake; it may not be ready yet."""
    port = port or ports.free_port()
    log = home / f"intake-{secrets.token_hex(4)}.log"
    command = [sys.executable, "-m", "tests.integration.departments.intake_process"]
    command += ["--broker", broker, "--database", database, "--port", str(port), *options]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=stream, stderr=stream, env=dict(os.environ)
        )
    return Server(port, process, log)


def wait_ready(server: Server) -> None:
    """Return once it answers; fail with its log when it does not."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            httpx.get(server.url + "/openapi.json", timeout=5.0)
        except httpx.TransportError:
            time.sleep(POLL_SECONDS)
        else:
            return
    raise AssertionError(f"the intake did not start:\n{server.log.read_text()[-3000:]}")


@contextmanager
def running(home: Path, broker: str, database: str, *options: str) -> Iterator[Server]:
    """Run an intake as long as the block."""
    server = start(home, broker, database, *options)
    try:
        wait_ready(server)
        yield server
    finally:
        server.stop()


def new_key(database: str, party: str) -> tuple[str, str]:
    """Return a new key of the party, and its name in lists."""
    opened = Database(database, schema=SCHEMA)
    try:
        return create_key(opened, party)
    finally:
        opened.close()


def penalty(number: int, **changes: Any) -> dict[str, Any]:
    """Return a statement of a lawful penalty in JSON."""
    body = samples.penalty_body(number)
    body["document_number"] = f"甘网罚〔2018〕{number}号"
    data = json.loads(json.dumps({**body, **changes}, default=plain))
    return {"type": "penalty.decided", "data": data}


class Department:
    """A department's own system: it says events, with a new key for each request unless given."""

    def __init__(self, server: Server, key: str) -> None:
        self._client = httpx.Client(
            base_url=server.url,
            headers={"authorization": f"Bearer {key}"},
            timeout=REQUEST_SECONDS_MAX,
        )

    def __enter__(self) -> "Department":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def say(self, content: Any, key: str | None = None, **headers: str | bytes) -> httpx.Response:
        """Send a document, or bytes as they are. A header name's `_` stands for `-`."""
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        sent: dict[str, str | bytes] = {
            "content-type": "application/json",
            "idempotency-key": key or new_name(),
        }
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.post("/events", content=raw, headers=sent)

    def ask(self, path: str) -> httpx.Response:
        """Get what a link tells."""
        return self._client.get(path)


def new_name() -> str:
    """Return a new Idempotency-Key."""
    return secrets.token_hex(12)


def codes(response: httpx.Response) -> list[str]:
    """Return the codes of a refusal."""
    return [reason["code"] for reason in response.json()["reasons"]]


def states(response: httpx.Response) -> list[str]:
    """Return each event's state."""
    return [event["state"] for event in response.json()["events"]]
