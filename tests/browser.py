"""A real browser for the tests of a module; import the fixture where pages are looked at.

Not for a session: Playwright's own event loop runs in this thread as long as the browser does, and
no other test could run one beside it.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; it is never skipped."""
    executable = shutil.which("chromium")
    assert executable, "there is no chromium: install it, pages are tested in a real browser"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()
