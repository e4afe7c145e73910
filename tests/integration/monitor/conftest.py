"""The operators' schema, connections to it as the monitor, and accounts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import samples
from tests.integration.desk.rig import PASSWORD

from credit_bus_connectors.console.database import Connections as ConsoleConnections
from credit_bus_connectors.departments.desk.access import Role
from credit_bus_connectors.departments.desk.accounts import Accounts
from credit_bus_connectors.monitor.database import Connections, apply_schema

ACCOUNTS = (
    ("clerk.one", samples.HUB, [Role.CLERK]),
    ("both.one", samples.HUB, [Role.CLERK, Role.REVIEWER]),
    ("reviewer.one", samples.HUB, [Role.REVIEWER]),
    ("reviewer.two", samples.HUB, [Role.REVIEWER]),
    ("accounts.one", samples.HUB, [Role.ADMINISTRATOR]),
    ("finance.one", "finance", [Role.CLERK, Role.REVIEWER]),
)


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


@pytest.fixture
def operators(provisioned: str, tmp_path: Path) -> Path:
    """Accounts of the hub and of a department; a file with the password of all of them."""
    connections = ConsoleConnections(provisioned, connections_max=1)
    accounts = Accounts(connections)
    for name, party, roles in ACCOUNTS:
        accounts.add(name, party, roles, PASSWORD, by="test")
    connections.close()
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n")
    return file
