"""A department with an outbox table: its database, its application's role, and the adapter."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from tests import samples
from tests.unit.departments.outbox_rows import payload_of

from credit_bus_connectors.departments.table.run import table_ddl
from credit_bus_deploy import ready
from credit_bus_deploy.postgres import SUPERUSER, PostgresServer

PARTY = samples.PENALISING
WAIT_SECONDS_MAX = 60.0
POLL_SECONDS = 0.05
SECRET = "73" * 32

_SAY = (
    "INSERT INTO credit_bus.outbox (id, aggregateid, type, payload, revision)"
    " VALUES (%s, %s, %s, %s, %s)"
)
_ANSWERS = "SELECT id, state, reasons, event_id, answered_at FROM credit_bus.answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the application writes."""

    payload: str | None
    type: str = "penalty.decided"
    aggregateid: str = "own-1"
    revision: int = 1
    id: UUID = field(default_factory=uuid4)


def penalty(document: str, *, subject: int = 0, revision: int = 1, **changes: Any) -> Said:
    """A penalty on one of the made-up companies."""
    body = samples.penalty_body(subject, document_number=document, **changes)
    return Said(payload=json.dumps(payload_of(body), ensure_ascii=False), revision=revision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """Its database, as its owner, its application and the adapter reach it."""

    owner: str
    application: str
    adapter: str

    def say(self, rows: Sequence[Said]) -> None:
        """Insert the rows in one transaction, as the application."""
        with psycopg.connect(self.application) as connection:
            insert(connection, rows)

    def answers(self) -> dict[UUID, tuple[str, list[str]]]:
        """Return state and codes of each answer, as the application reads them."""
        with psycopg.connect(self.application) as connection:
            found = connection.execute(_ANSWERS).fetchall()
        return {row[0]: (row[1], [reason["code"] for reason in row[2]]) for row in found}

    def answers_when(
        self, enough: Callable[[Mapping[UUID, tuple[str, list[str]]]], bool], *, why: str = ""
    ) -> dict[UUID, tuple[str, list[str]]]:
        """Return the answers once there are enough; fails when there never are."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while not enough(found := self.answers()):
            assert time.monotonic() < deadline, f"{why}: {len(found)} answers"
            time.sleep(POLL_SECONDS)
        return found

    def settled(self, count: int) -> dict[UUID, tuple[str, list[str]]]:
        """Return the answers once there are so many and none is pending."""
        return self.answers_when(
            lambda found: (
                len(found) == count and all(state != "pending" for state, _ in found.values())
            ),
            why=f"waiting for {count}",
        )


def insert(connection: psycopg.Connection[Any], rows: Sequence[Said]) -> None:
    """Insert the rows in the connection's transaction."""
    with connection.cursor() as cursor:
        cursor.executemany(
            _SAY,
            [(each.id, each.aggregateid, each.type, each.payload, each.revision) for each in rows],
        )


@contextmanager
def department(server: PostgresServer, *, ddl: str | None = None) -> Iterator[Department]:
    """Give a department on this server, with roles of its own; both go at the end."""
    name = f"dept_{secrets.token_hex(6)}"
    roles = (f"{name}_app", f"{name}_bus")
    ready.ensure_database(server.url("postgres"), name)
    with psycopg.connect(server.url(name), autocommit=True) as connection:
        connection.execute((table_ddl() if ddl is None else ddl).encode())
        for role, group in zip(
            roles, ("credit_bus_application", "credit_bus_adapter"), strict=True
        ):
            statement = sql.SQL("CREATE ROLE {} LOGIN IN ROLE {}")
            connection.execute(statement.format(sql.Identifier(role), sql.Identifier(group)))
    urls = [server.url(name).replace(f"{SUPERUSER}@", f"{role}@", 1) for role in roles]
    yield Department(owner=server.url(name), application=urls[0], adapter=urls[1])
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        for role in roles:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@dataclass(slots=True)
class Adapter:
    """The adapter's process, which a test may kill and start again."""

    broker: str
    source: str
    keys: str
    home: Path
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    def start(self, *options: str) -> None:
        """Start it."""
        secret = self.home / "secret"
        secret.write_text(SECRET)
        command = [sys.executable, "-m", "credit_bus_deploy", "table", PARTY, *options]
        command += ["--source-database", self.source, "--broker", self.broker]
        command += ["--database", self.keys, "--secret-file", str(secret)]
        with (self.home / "adapter.log").open("ab") as stream:
            self.process = subprocess.Popen(
                command, stdout=stream, stderr=stream, env=dict(os.environ)
            )
        self.starts += 1

    def kill(self) -> None:
        """End it without a word."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Kill it if it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def stop(self) -> int:
        """Ask it to end; return how it ended."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT_SECONDS_MAX)

    def log(self) -> list[dict[str, Any]]:
        """Return the log lines that are ours."""
        lines = (self.home / "adapter.log").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def logged(self, event: str) -> list[dict[str, Any]]:
        """Return the lines of this name."""
        return [line for line in self.log() if line["event"] == event]

    def logged_when(self, event: str, *, least: int = 1) -> list[dict[str, Any]]:
        """Return the lines of this name once there are so many."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while len(found := self.logged(event)) < least:
            assert time.monotonic() < deadline, (event, self.log()[-20:])
            time.sleep(POLL_SECONDS)
        return found
