"""`POST /events` before an intake that does not come to an end: the bounds hold all the same."""

import asyncio
import threading
from collections.abc import Mapping
from typing import Any, cast

import httpx
from fastapi import FastAPI

from credit_bus_connectors.departments.http.intake import Intake
from credit_bus_connectors.departments.http.request import Request, Response
from credit_bus_connectors.departments.http.routes import REQUESTS_OF_A_PARTY_MAX, intake_router

SETTLED_SECONDS = 0.2
HEADERS = {"idempotency-key": "1", "content-type": "application/json"}


class StuckIntake:
    """Takes requests, and answers none before it is told to."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def party_of(self, _: Mapping[str, str]) -> str:
        return "finance"

    def take(self, _: Request) -> Response:
        self.go.wait(10)
        return Response(status=200, content=b"{}")


def test_a_request_that_nobody_waits_for_any_more_keeps_its_place() -> None:
    assert [429, 200] == asyncio.run(_statuses(StuckIntake()))


async def _statuses(intake: StuckIntake) -> list[int]:
    """Ask as often as a party may, give up, and ask once more; and when all is done, again."""
    application = FastAPI()
    application.include_router(intake_router(cast("Intake", intake)))
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://bus") as client:

        def asked() -> Any:
            return client.post("/events", headers=HEADERS, content=b"{}")

        try:
            await asyncio.gather(
                *(asyncio.wait_for(asked(), 1.0) for _ in range(REQUESTS_OF_A_PARTY_MAX)),
                return_exceptions=True,
            )
            refused = await asyncio.wait_for(asked(), 5.0)
        finally:
            intake.go.set()
        await asyncio.sleep(SETTLED_SECONDS)
        return [refused.status_code, (await asked()).status_code]
