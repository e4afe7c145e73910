"""Each platform in turn, empty, and its sink."""

from collections.abc import Iterator

import pytest
from tests.conformance.platforms import (
    Platform,
    district,
    municipal,
    provincial,
    public_site,
    standin,
)

from credit_bus_connectors.contract import Sink


@pytest.fixture(params=["district", "municipal", "provincial", "public-site"])
def platform(request: pytest.FixtureRequest, database: str) -> Iterator[Platform]:
    if request.param == "municipal":
        with standin(database) as running:
            yield municipal(database, running)
    else:
        made = {"district": district, "provincial": provincial, "public-site": public_site}
        yield made[request.param](database)


@pytest.fixture
def sink(platform: Platform) -> Iterator[Sink]:
    connected = platform.connect()
    yield connected
    connected.close()
