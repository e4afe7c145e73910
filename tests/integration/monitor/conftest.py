"""The operators' schema, and connections to it as the monitor."""

from collections.abc import Iterator

import pytest

from credit_bus_connectors.monitor.database import Connections, apply_schema


@pytest.fixture
def provisioned(database: str) -> str:
    """The URL of a database with the operators' schema."""
    apply_schema(database)
    return database


@pytest.fixture
def connections(provisioned: str) -> Iterator[Connections]:
    """Connections as the monitor's role."""
    opened = Connections(provisioned)
    yield opened
    opened.close()
