"""Each platform in turn, empty, and its sink.

The whole suite has one database and one stand-in, emptied before each test: making them anew took
four fifths of its time.
"""

import secrets
from collections.abc import Callable, Iterator
from functools import cache

import psycopg
import pytest
from psycopg import sql
from tests.conformance.platforms import (
    Platform,
    Standin,
    district,
    municipal,
    provincial,
    public_site,
    rows,
    standin,
)

from credit_bus_connectors.contract import Sink
from credit_bus_deploy import postgres, ready

_TABLES = """
SELECT schemaname, tablename FROM pg_tables
 WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'migration'
"""


Databases = Callable[[str], str]


@pytest.fixture(scope="session")
def suite_databases(database_server: postgres.PostgresServer) -> Databases:
    """The URL of the suite's database for a platform: each has its own, as a test may end all
    sessions of one.
    """

    @cache
    def made(platform: str) -> str:
        name = f"conformance_{platform.replace('-', '_')}_{secrets.token_hex(6)}"
        ready.ensure_database(database_server.url("postgres"), name)
        return database_server.url(name)

    return made


@pytest.fixture
def database(request: pytest.FixtureRequest, suite_databases: Databases) -> str:
    """The URL of the platform's database; its tables, as far as there are any, are empty."""
    url = suite_databases(request.node.callspec.params["platform"])
    tables = [sql.Identifier(*found) for found in rows(url, _TABLES)]
    if tables:
        emptying = sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(tables))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(emptying)
    return url


@pytest.fixture(scope="session")
def suite_standin(suite_databases: Databases) -> Iterator[Standin]:
    """The suite's stand-in of the municipal platform."""
    with standin(suite_databases("municipal")) as running:
        yield running


@pytest.fixture(params=["district", "municipal", "provincial", "public-site"])
def platform(request: pytest.FixtureRequest, database: str) -> Platform:
    if request.param == "municipal":
        running: Standin = request.getfixturevalue("suite_standin")
        running.faults()
        return municipal(database, running)
    made = {"district": district, "provincial": provincial, "public-site": public_site}
    return made[request.param](database)


@pytest.fixture
def sink(platform: Platform) -> Iterator[Sink]:
    connected = platform.connect()
    yield connected
    connected.close()
