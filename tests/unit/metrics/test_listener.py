"""The port of a process answers three paths, within bounds, and nothing else."""

import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from credit_bus.metrics import table
from credit_bus.metrics.listener import REQUESTS_AT_ONCE_MAX, Listener
from credit_bus.metrics.vitals import Vitals


@pytest.fixture
def vitals() -> Vitals:
    return Vitals()


@pytest.fixture
def port(vitals: Vitals) -> Iterator[int]:
    with Listener(vitals, port=0) as listener:
        yield listener.port


def ask(port: int, path: str, method: str = "GET") -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize("path", ["/", "/metrics/", "/health", "/../etc/passwd", "/health/live/x"])
def test_any_other_path_is_not_found(port: int, path: str) -> None:
    assert 404 == ask(port, path)[0]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_sent(port: int, method: str) -> None:
    assert 501 == ask(port, "/metrics", method)[0]


def test_a_process_that_stands_says_why(port: int, vitals: Vitals) -> None:
    vitals.health.expect_that("broker", lambda: False)

    status, text = ask(port, "/health/ready")
    assert (503, {"ready": False, "waiting": ["broker"]}) == (status, json.loads(text))
    status, text = ask(port, "/health/live")
    assert (200, {"live": True, "stalled": []}) == (status, json.loads(text))


def test_a_stalled_process_is_not_alive(port: int, vitals: Vitals) -> None:
    vitals.health.expect_life("loop", lambda: False)

    status, text = ask(port, "/health/live")
    assert (503, {"live": False, "stalled": ["loop"]}) == (status, json.loads(text))


def test_the_metrics_tell_readiness_too(port: int, vitals: Vitals) -> None:
    vitals.meter.count(table.FILES, 3, party="tax")
    vitals.health.expect_that("broker", lambda: False)

    status, text = ask(port, "/metrics")
    assert 200 == status
    assert 'credit_bus_files_total{party="tax"} 3.0' in text
    assert "credit_bus_alive 1.0" in text
    assert "credit_bus_ready 0.0" in text


def test_whoever_comes_while_all_are_busy_is_turned_away_and_later_answered(port: int) -> None:
    with ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            for _ in range(REQUESTS_AT_ONCE_MAX)
        ]
        for each in slow:
            each.sendall(b"GET /health/live")  # and never goes on
        turned_away = socket.create_connection(("127.0.0.1", port))
        turned_away.settimeout(10)
        assert b"" == turned_away.recv(100)
        turned_away.close()
    done = threading.Event()
    for _ in range(50):
        try:
            assert 200 == ask(port, "/health/live")[0]
            break
        except OSError:
            done.wait(0.1)
    else:
        pytest.fail("nobody was let in again")


def test_a_port_that_is_taken_is_told(port: int, vitals: Vitals) -> None:
    with pytest.raises(OSError, match="in use"):
        Listener(vitals, port=port)
