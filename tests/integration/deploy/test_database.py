"""`database apply`: what casework needs is made, again without harm, and refused with a reason."""

import subprocess
from collections.abc import Callable
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from credit_bus.runtime.casework.connection import CASEWORK_ROLE, RELAY_ROLE, REPORTS_ROLE, connect
from credit_bus_connectors.enquiry.store import Store, read_about
from credit_bus_deploy.database import ROLES, apply_database
from credit_bus_deploy.failures import InstallationError

CreditBus = Callable[..., subprocess.CompletedProcess[str]]
CASEWORK_ROLES = (CASEWORK_ROLE, RELAY_ROLE, REPORTS_ROLE)
STRANGER = "credit_bus_test_stranger"


def assert_enquiries_work(url: str) -> None:
    with closing(Store(url, connections_max=1)) as store, store.transaction() as connection:
        assert [] == read_about(connection, "nobody")


def as_user(url: str, user: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{user}@"))


def test_a_user_without_the_right_to_make_it_is_refused_with_what_to_do(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"DROP ROLE IF EXISTS {STRANGER}".encode())
        connection.execute(f"CREATE ROLE {STRANGER} LOGIN".encode())

    with pytest.raises(InstallationError, match="has CREATEROLE"):
        apply_database(as_user(database, STRANGER))


def test_the_schema_of_a_newer_release_is_refused(database: str) -> None:
    apply_database(database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE casework.version SET version_num = '9999'")

    with pytest.raises(InstallationError, match="newer release"):
        apply_database(database)


def test_the_command_makes_what_the_processes_need_once_and_again(
    database: str, credit_bus: CreditBus
) -> None:
    said = [credit_bus("database", "apply", "--database", database) for _ in range(2)]

    assert [0, 0] == [each.returncode for each in said]
    assert ["the schemas are those of this release\n"] * 2 == [each.stdout for each in said]
    for role in CASEWORK_ROLES:
        connect(database, role).close()
    assert_enquiries_work(database)


@pytest.mark.parametrize(
    ("attribute", "option"),
    [("CREATEROLE", "WITH ADMIN OPTION"), ("NOCREATEROLE", "")],
    ids=["may make roles", "is a member of each"],
)
def test_an_owner_need_be_no_superuser(database: str, attribute: str, option: str) -> None:
    owner = f"credit_bus_test_owner_{attribute.lower()}"
    name = urlsplit(database).path.removeprefix("/")
    apply_database(database)  # the roles are there, made by another

    def ask(*statements: str) -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            for each in statements:
                connection.execute(each.encode())

    ask(
        "DROP SCHEMA casework, site, enquiry, desk, district, intake, operations CASCADE",
        f"DROP ROLE IF EXISTS {owner}",
        f"CREATE ROLE {owner} LOGIN {attribute}",
        f"GRANT {', '.join(ROLES)} TO {owner} {option}",
        f"ALTER DATABASE {name} OWNER TO {owner}",
    )
    apply_database(as_user(database, owner))
    for role in CASEWORK_ROLES:
        connect(as_user(database, owner), role).close()
    assert_enquiries_work(as_user(database, owner))
    ask(
        f"REASSIGN OWNED BY {owner} TO CURRENT_USER",
        f"DROP OWNED BY {owner}",
        f"DROP ROLE {owner}",
    )
