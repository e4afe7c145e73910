"""`POST /events` as `credit-bus web` serves it: beside the other parts, behind the same guard."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.bus import Bus, own_bus
from tests.integration.departments import intakes
from tests.integration.web.conftest import web_process

SECONDS_MAX = 60.0
PARTY = "market-regulation"


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bus]:
    """A bus with a gate."""
    with own_bus(tmp_path_factory.mktemp("bus")) as bus:
        bus.start("gate")
        yield bus


@pytest.fixture
def intake_url(bus: Bus, database: str, tmp_path: Path) -> Iterator[str]:
    """The address of a web process that takes in what departments say."""
    secret = tmp_path / "secret"
    secret.write_text("73" * 32)
    options = ("--broker", bus.broker, "--database", database, "--secret-file", str(secret))
    with web_process(tmp_path, *options) as (url, _):
        yield url


@pytest.fixture
def say(intake_url: str, database: str) -> Callable[..., httpx.Response]:
    """Say a body of bytes as the party, under a new idempotency key."""
    key, _ = intakes.new_key(database, PARTY)

    def post(content: bytes, **headers: str) -> httpx.Response:
        told = {
            "authorization": f"Bearer {key}",
            "idempotency-key": intakes.new_name(),
            "content-type": "application/json",
            **headers,
        }
        return httpx.post(
            f"{intake_url}/events", content=content, headers=told, timeout=SECONDS_MAX
        )

    return post


def test_nobody_without_a_key_is_heard_and_nothing_of_the_body_is_read(say):
    answer = say(b"[" * 3_000_000, authorization="Bearer nobody")

    assert 401 == answer.status_code
    assert "nosniff" == answer.headers["x-content-type-options"]


def test_a_body_beyond_the_bound_is_refused_with_the_rule(say):
    answer = say(b" " * (4 * 1024 * 1024 + 1))

    assert 413 == answer.status_code
    assert "http-too-large" in answer.text


def test_what_is_said_over_the_web_process_has_the_gate_s_verdict(say):
    good = intakes.penalty(1)
    bad = intakes.penalty(2, legal_basis="")

    answer = say(json.dumps([good, bad, good]).encode())

    assert 200 == answer.status_code
    assert ["accepted", "rejected", "accepted"] == [
        each["state"] if each["state"] != "duplicate" else "accepted"
        for each in answer.json()["events"]
    ]


def test_it_is_ready_when_its_intake_is(intake_url):
    assert {"ready": True, "waiting": []} == httpx.get(f"{intake_url}/health/ready").json()


def test_it_is_not_ready_while_broker_and_database_are_away(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("73" * 32)
    options = ("--broker", "127.0.0.1:1", "--database", "postgresql://127.0.0.1:1/none")
    with web_process(tmp_path, *options, "--secret-file", str(secret), is_ready=False) as (
        url,
        web,
    ):
        told = httpx.get(f"{url}/health/ready")
        web.kill()  # it waits half a minute for a broker before it looks whether it is to end

    assert (503, ["intake"]) == (told.status_code, told.json()["waiting"])


def test_half_of_an_intake_is_refused():
    told = subprocess.run(
        [sys.executable, "-m", "credit_bus_deploy", "web", "--broker", "127.0.0.1:1"],
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )

    assert 0 != told.returncode
    assert "give all three, or none" in told.stderr
