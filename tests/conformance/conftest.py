"""Each platform in turn, empty, and its sink."""

from collections.abc import Iterator

import pytest
from tests.conformance.platforms import Platform, district, municipal, provincial, standin

from credit_bus_connectors.contract import Sink


@pytest.fixture(params=["district", "municipal", "provincial"])
def platform(request: pytest.FixtureRequest, database: str) -> Iterator[Platform]:
    if request.param == "municipal":
        with standin(database) as running:
            yield municipal(database, running)
    else:
        yield {"district": district, "provincial": provincial}[request.param](database)


@pytest.fixture
def sink(platform: Platform) -> Iterator[Sink]:
    connected = platform.connect()
    yield connected
    connected.close()
