"""A real `credit-bus web` process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from tests.integration.desk.rig import eventually

from credit_bus_deploy import ports, ready
from credit_bus_deploy.table import web_url

STOP_WAIT_SECONDS_MAX = 20.0
READY_WAIT_SECONDS_MAX = 60.0


@contextmanager
def web_process(
    folder: Path, *options: str, is_ready: bool = True
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Yield the address of a web process, and the process; it ends with the body.

    Unless `is_ready` it only has its port open.
    """
    port = ports.free_port()
    log = folder / "web.log"
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "credit_bus_deploy", "web", "--port", str(port), *options],
            env=os.environ,
            stdout=stream,
            stderr=stream,
        )
    try:
        if is_ready:
            ready.wait_for_web(web_url(port), wait_seconds_max=READY_WAIT_SECONDS_MAX, log=log)
        else:
            eventually(partial(ports.answers, "127.0.0.1", port), READY_WAIT_SECONDS_MAX)
        yield web_url(port), process
    finally:
        process.terminate()
        process.wait(STOP_WAIT_SECONDS_MAX)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a web process that the tests of a module share."""
    with web_process(tmp_path_factory.mktemp("web")) as (url, _):
        yield url
