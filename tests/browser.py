"""A real browser for the tests of a module; import the fixture where pages are looked at.

Not for a session: Playwright's own event loop runs in this thread as long as the browser does, and
no other test could run one beside it.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

TABS_MAX = 60
_FOCUSED = """() => {
    const it = document.activeElement;
    const told = it === document.body ? "" : it.textContent + (it.labels?.[0]?.textContent || "");
    return [told, getComputedStyle(it).outlineWidth];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; it is never skipped."""
    executable = shutil.which("chromium")
    assert executable, "there is no chromium: install it, pages are tested in a real browser"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of that text or label has the focus, and see that it shows."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        told, outline = page.evaluate(_FOCUSED)
        if name in told:
            assert outline not in {"0px", ""}, name
            return
    raise AssertionError(f"{name} is not reached by the keyboard")


def enter(page: Page) -> None:
    """Press Enter, which leads to another page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
