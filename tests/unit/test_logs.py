"""Log lines go where the standard error is when they are written."""

import io
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from credit_bus.logs import configure_logs, logger


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """What a test configures is not the next one's."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_standard_error_that_was_replaced_and_closed_holds_no_line_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", first)
    configure_logs("INFO")
    log = logger()
    log.info("while.it.was.there")
    first.close()
    monkeypatch.setattr(sys, "stderr", second)
    log.info("ours.later")
    logging.getLogger("library").warning("theirs.later")

    assert ["ours.later", "theirs.later"] == [
        name for name in ("ours.later", "theirs.later") if name in second.getvalue()
    ]
