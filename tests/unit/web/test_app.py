"""The web application: bounds, headers, health, and nothing from other hosts."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Request

from credit_bus.metrics import table
from credit_bus.metrics.meter import Meter
from credit_bus_connectors.web.app import Part, create_app
from credit_bus_connectors.web.guard import SECURITY_HEADERS, Guard


class Log:
    """Keeps what was logged."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def info(self, event: str, **values: Any) -> None:
        self.lines.append((event, values))

    error = info


def parts() -> tuple[Part, ...]:
    router = APIRouter()

    @router.post("/length/{number}")
    async def length(number: str, request: Request) -> int:
        return len(await request.body())

    @router.get("/broken", include_in_schema=False)
    def broken() -> None:
        raise RuntimeError("张三 must not be told")

    @router.get("/slow", include_in_schema=False)
    async def slow() -> None:
        await asyncio.Event().wait()

    return (Part(router=router, prefix="/some"),)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def ready() -> dict[str, bool]:
    return {"broker": True}


@pytest.fixture
def ask(log: Log, ready: dict[str, bool]) -> Iterator[Any]:
    """Ask the application one thing."""
    app = create_app(
        parts=parts(), probes={"broker": lambda: ready["broker"]}, log=log, version="1"
    )
    bounded = Guard(
        app, log=log, body_bytes_max=1000, body_wait_seconds_max=0.2, answer_wait_seconds_max=0.3
    )

    def asked(method: str, path: str, **given: Any) -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(app=bounded)
            async with httpx.AsyncClient(transport=transport, base_url="http://bus") as client:
                return await client.request(method, path, **given)

        return asyncio.run(call())

    return asked


def test_a_body_beyond_the_bound_is_refused_whole(ask: Any) -> None:
    assert 413 == ask("POST", "/some/length/1", content=b"x" * 1001).status_code
    assert 1000 == ask("POST", "/some/length/1", content=b"x" * 1000).json()


def test_a_body_that_does_not_come_is_not_waited_for_ever(ask: Any) -> None:
    async def slowly() -> Any:
        yield b"x"
        await asyncio.Event().wait()

    assert 408 == ask("POST", "/some/length/1", content=slowly()).status_code


def test_a_route_that_does_not_answer_is_not_waited_for_for_ever(ask: Any) -> None:
    assert 503 == ask("GET", "/some/slow").status_code


@pytest.mark.parametrize("path", ["/some/broken?code=%00", "/some/%00", "/health/live?a=1&b=x%00"])
def test_the_one_character_that_no_database_keeps_is_refused_before_any_route(
    ask: Any, path: str
) -> None:
    assert 400 == ask("GET", path).status_code


def test_what_breaks_tells_nobody_why_and_the_log_without_the_library_s_text(
    ask: Any, log: Log
) -> None:
    answer = ask("GET", "/some/broken")

    assert (500, False) == (answer.status_code, "张三" in answer.text)
    assert "RuntimeError" in str(log.lines)
    assert "张三" not in str(log.lines)


def test_a_log_line_names_the_route_and_not_the_path(ask: Any, log: Log) -> None:
    ask("POST", "/some/length/one-person-s-number", content=b"")

    assert "one-person" not in str(log.lines)
    assert "/length/{number}" in str(log.lines)


@pytest.mark.parametrize("path", ["/health/live", "/nowhere", "/some/broken", "/openapi.json"])
def test_every_answer_forbids_other_hosts_and_scripts(ask: Any, path: str) -> None:
    headers = ask("GET", path).headers

    for name, value in SECURITY_HEADERS:
        assert [value.decode()] == headers.get_list(name.decode())
    assert "script-src" not in headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect"])
def test_no_page_that_loads_from_elsewhere_is_there(ask: Any, path: str) -> None:
    assert 404 == ask("GET", path).status_code


def test_openapi_lists_what_wants_to_be_listed(ask: Any) -> None:
    assert ["/some/length/{number}"] == list(ask("GET", "/openapi.json").json()["paths"])


def test_it_lives_while_it_is_not_ready(ask: Any, ready: dict[str, bool]) -> None:
    ready["broker"] = False
    answer = ask("GET", "/health/ready")

    assert 200 == ask("GET", "/health/live").status_code
    assert (503, ["broker"]) == (answer.status_code, answer.json()["waiting"])

    ready["broker"] = True

    assert 200 == ask("GET", "/health/ready").status_code


def test_requests_are_measured_by_route_and_status_and_the_port_shows_no_metrics(
    log: Log,
) -> None:
    meter = Meter()
    app = create_app(parts=parts(), probes={}, log=log, version="1", meter=meter)

    async def call(path: str) -> int:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bus") as client:
            return (await client.get(path)).status_code

    assert 404 == asyncio.run(call("/metrics"))
    assert 200 == asyncio.run(call("/health/live"))
    assert 500 == asyncio.run(call("/some/broken"))

    shown = meter.exposition().decode()
    assert 'route="/broken",status="500"' in shown
    assert 1 == meter.value(table.REQUESTS, route="/health/live", method="GET", status="200")
    assert 1 == meter.value(table.REQUESTS, route="/", method="GET", status="404")
