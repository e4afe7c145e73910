"""A database with the schema of casework, and what a test asks of it."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from credit_bus.runtime.casework.migrate import migrate
from credit_bus.runtime.casework.store import Store

Asked = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def casework_database(database: str) -> str:
    """The URL of a database of the test's own, provisioned."""
    migrate(database)
    return database


@pytest.fixture
def store(casework_database: str) -> Iterator[Store]:
    """The store as the worker has it."""
    store = Store(casework_database)
    yield store
    store.close()


@pytest.fixture
def ask(casework_database: str) -> Asked:
    """Return a function that runs a query as the owner and returns its rows."""

    def asked(query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(casework_database, autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    return asked
