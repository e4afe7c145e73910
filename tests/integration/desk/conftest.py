"""A browser, a desk with its pages alone, and a desk on a broker with a small gate."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.browser import browser
from tests.integration.departments.small_gate import make_topics
from tests.integration.desk.rig import Office, running_office

__all__ = ["browser"]


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a new visitor, at the width of a desktop and of a phone."""
    height = 900 if request.param > 500 else 844
    context = browser.new_context(viewport={"width": request.param, "height": height})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def office(database: str) -> Iterator[Office]:
    """The pages of a desk without a broker."""
    with running_office("127.0.0.1:1", database, "desk-pages", threads=False) as office:
        yield office


@pytest.fixture
def live(broker: str, database: str, unique_name: Callable[[str], str]) -> Iterator[Office]:
    """A desk at work; a test that wants receipts runs a small gate beside it."""
    party = unique_name("finance")
    make_topics(broker, party)
    with running_office(broker, database, party) as office:
        yield office
