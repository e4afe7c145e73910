"""Whoever waits for what was refused is told soon that the broker is away."""

import time

import pytest

from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor.quarantine_topic import open_quarantine
from credit_bus_deploy import ports

TOLD_SECONDS_MAX = 4.0  # a person waits for a page


def test_a_broker_that_is_away_is_told_before_a_person_gives_up() -> None:
    began = time.monotonic()
    with (
        pytest.raises(UnreachableError, match="does not answer"),
        open_quarantine(f"127.0.0.1:{ports.free_port()}"),
    ):
        pass
    assert time.monotonic() - began < TOLD_SECONDS_MAX
