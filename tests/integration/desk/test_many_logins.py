"""However many try to log in at once: pages answer, and the process lives."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpx
import pytest
from tests.integration.desk.rig import PASSWORD, WAIT_SECONDS_MAX, Office, eventually

from credit_bus_connectors.departments.desk.accounts import HASHES_AT_ONCE_MAX
from credit_bus_connectors.departments.desk.visits import BUSY, LOGINS_WAITING_MAX

LOGINS = 60  # more than there are threads
HELD_SECONDS_MAX = 4 * WAIT_SECONDS_MAX
ANSWERED = HASHES_AT_ONCE_MAX + LOGINS_WAITING_MAX


def test_beyond_a_few_a_login_is_told_to_come_again_and_nobody_else_waits(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at, go_on = threading.Event(), threading.Event()

    def slowly(*_: Any, **__: Any) -> None:
        looked_at.set()
        assert go_on.wait(HELD_SECONDS_MAX)

    monkeypatch.setattr(office.desk.accounts, "log_in", slowly)
    with httpx.Client(
        base_url=office.url,
        trust_env=False,
        limits=httpx.Limits(max_connections=None),
        timeout=HELD_SECONDS_MAX,
    ) as client:
        opened = client.get("/login")
        cookie = opened.headers["set-cookie"].partition(";")[0]
        token = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', opened.text)[0]
        given = {"csrf_token": token, "account": "nobody.here", "password": PASSWORD}
        log_in = partial(client.post, "/login", data=given, headers={"cookie": cookie})
        with ThreadPoolExecutor(LOGINS) as threads:
            try:
                told = [threads.submit(log_in) for _ in range(LOGINS)]
                assert looked_at.wait(WAIT_SECONDS_MAX)
                eventually(lambda: sum(each.done() for each in told) == LOGINS - ANSWERED)
                for path in ("/health/live", "/health/ready", "/login"):
                    assert 200 == client.get(path, timeout=WAIT_SECONDS_MAX).status_code
            finally:
                go_on.set()
            answers = [each.result() for each in told]

    assert LOGINS - ANSWERED == sum(each.status_code == 503 for each in answers)
    assert ANSWERED == sum(each.status_code == 401 for each in answers)
    assert all(BUSY in each.text for each in answers if each.status_code == 503)
