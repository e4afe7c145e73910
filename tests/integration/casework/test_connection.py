"""A start waits for a database that is away, and no longer than it may."""

import threading
import time
from pathlib import Path

import psycopg
import pytest
from structlog.testing import CapturingLogger

from credit_bus.runtime.casework.connection import await_database
from credit_bus_deploy import postgres, processes, ready
from credit_bus_deploy.processes import ProcessSpec

WAIT_SECONDS_MAX = 30.0


def test_a_database_that_never_comes_is_an_error_after_the_bound(tmp_path: Path) -> None:
    log = CapturingLogger()
    url = postgres.PostgresServer(folder=tmp_path, user=None).url()
    with pytest.raises(psycopg.OperationalError):
        await_database(url, log, wait_seconds_max=0.3, look_seconds=0.1)

    assert {("warning", ("database.away",))} == {(c.method_name, c.args) for c in log.calls}
    assert 2 <= len(log.calls) <= 4


def test_a_database_that_comes_back_is_waited_for(session_home: Path) -> None:
    server = postgres.server_in(session_home / "late")
    postgres.prepare_storage(server)
    spec: ProcessSpec = postgres.process_spec(server)
    url = server.url(postgres.SUPERUSER)
    waiting = threading.Thread(
        target=await_database, args=(url, CapturingLogger()), kwargs={"look_seconds": 0.1}
    )
    waiting.start()
    time.sleep(0.5)
    assert waiting.is_alive()
    child = processes.spawn(spec, log_folder=session_home)
    try:
        ready.wait_for_database(url)
        waiting.join(WAIT_SECONDS_MAX)

        assert not waiting.is_alive()
    finally:
        processes.stop(child, spec.stop_signal)
