"""The web process from start to stop."""

import socket
import subprocess
import sys
from pathlib import Path

import httpx
from tests.integration.web.conftest import STOP_WAIT_SECONDS_MAX, web_process


def test_a_port_that_is_taken_is_told_and_ends_the_process() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "credit_bus_deploy", "web", "--port"]
        told = subprocess.run(
            [*command, str(taken.getsockname()[1])],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert (69, True) == (told.returncode, "web.no-port" in told.stderr)


def test_it_answers_itself_alone_and_ends_with_zero(tmp_path: Path) -> None:
    with web_process(tmp_path) as (url, process):
        live = httpx.get(f"{url}/health/live", trust_env=False)

        assert (200, None) == (live.status_code, live.headers.get("server"))
        assert 404 == httpx.get(f"{url}/redoc", trust_env=False).status_code

        index = httpx.get(f"{url}/docs", trust_env=False, follow_redirects=True)

        assert (200, True) == (index.status_code, "行政处罚" in index.text)
        assert "行政处罚" in httpx.get(f"{url}/docs/penalty.decided.html", trust_env=False).text
        assert "3.0.0" == httpx.get(f"{url}/docs/asyncapi.json", trust_env=False).json()["asyncapi"]
        assert 404 == httpx.get(f"{url}/docs/nothing.html", trust_env=False).status_code

        process.terminate()

        assert 0 == process.wait(STOP_WAIT_SECONDS_MAX)
    log = (tmp_path / "web.log").read_text()
    assert "web.started" in log
    assert "web.stopped" in log
