"""One real browser for a session; import the fixture where pages are looked at."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; it is never skipped."""
    executable = shutil.which("chromium")
    assert executable, "there is no chromium: install it, pages are tested in a real browser"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()
