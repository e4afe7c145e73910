"""The migrations come to what is declared, go forward only, and give least rights."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import create_engine

from credit_bus.runtime.casework import connection as module
from credit_bus.runtime.casework.connection import (
    CASEWORK_ROLE,
    RELAY_ROLE,
    SCHEMA_REVISION,
    WrongSchemaError,
    connect,
)
from credit_bus.runtime.casework.migrate import VERSION_TABLE, configuration, migrate
from credit_bus.runtime.casework.schema import METADATA

SHAPE = f"""
SELECT c.relname, c.relkind::text, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
       a.attnotnull, l.collname, pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, NULL, NULL
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = 'casework'::regnamespace AND c.relname NOT LIKE '{VERSION_TABLE}%'
   AND c.relkind <> 'v'  -- what a role may see is no part of the schema's shape
UNION ALL
SELECT r.relname, 'constraint', NULL, n.conname, pg_get_constraintdef(n.oid),
       NULL, NULL, NULL, NULL, NULL, NULL
  FROM pg_constraint n JOIN pg_class r ON r.oid = n.conrelid
 WHERE n.connamespace = 'casework'::regnamespace AND r.relname <> '{VERSION_TABLE}'
UNION ALL
SELECT tablename, 'index', NULL, indexname, indexdef, NULL, NULL, NULL, NULL, NULL, NULL
  FROM pg_indexes WHERE schemaname = 'casework' AND tablename <> '{VERSION_TABLE}'
 ORDER BY 1, 2, 3, 4
"""

FORBIDDEN = [
    (CASEWORK_ROLE, "DELETE FROM casework.row"),
    (CASEWORK_ROLE, "DELETE FROM casework.position"),
    (CASEWORK_ROLE, "SELECT FROM casework.outbox"),
    (CASEWORK_ROLE, "DELETE FROM casework.outbox"),
    (CASEWORK_ROLE, "UPDATE casework.relayed SET next_seq = 0"),
    (CASEWORK_ROLE, "CREATE TABLE casework.mine ()"),
    (CASEWORK_ROLE, "DROP TABLE casework.count"),
    (CASEWORK_ROLE, "UPDATE casework.version SET version_num = 'x'"),
    (RELAY_ROLE, "SELECT FROM casework.row"),
    (RELAY_ROLE, "SELECT FROM casework.count"),
    (RELAY_ROLE, "INSERT INTO casework.outbox VALUES (0, 0, '', '[]', '')"),
    (RELAY_ROLE, "UPDATE casework.outbox SET seq = 0"),
    (RELAY_ROLE, "UPDATE casework.position SET next_seq = 0"),
]


def shape(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(SHAPE.encode()).fetchall()


def test_all_migrations_together_make_what_is_declared(casework_database: str) -> None:
    upgraded = shape(casework_database)
    with psycopg.connect(casework_database, autocommit=True) as connection:
        connection.execute("DROP SCHEMA casework CASCADE")
        connection.execute("CREATE SCHEMA casework")
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(casework_database)
    )
    METADATA.create_all(engine)
    engine.dispose()

    assert shape(casework_database) == upgraded
    assert 20 < len(upgraded)


def test_a_migration_back_is_refused_and_changes_nothing(casework_database: str) -> None:
    before = shape(casework_database)
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(casework_database)
    )
    with pytest.raises(NotImplementedError, match="forward only"), engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
    engine.dispose()

    assert before == shape(casework_database)
    migrate(casework_database)  # and once more is no harm


def test_this_release_needs_the_newest_migration() -> None:
    scripts = ScriptDirectory.from_config(configuration(None))  # type: ignore[arg-type]

    assert scripts.get_current_head() == SCHEMA_REVISION


def test_a_database_without_the_schema_is_refused_with_what_to_do(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:  # the roles are the server's
        connection.execute(sql.SQL("CREATE SCHEMA casework"))
    migrate(database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DROP TABLE casework.version")

    with pytest.raises(WrongSchemaError, match="credit-bus database apply"):
        connect(database, CASEWORK_ROLE)


def test_a_database_of_another_release_is_refused(
    casework_database: str, monkeypatch: pytest.MonkeyPatch, ask: Callable[[str], Any]
) -> None:
    monkeypatch.setattr(module, "SCHEMA_REVISION", "9999")
    with pytest.raises(WrongSchemaError, match=f"is at {SCHEMA_REVISION}, this release needs 9999"):
        connect(casework_database, CASEWORK_ROLE)

    ask("UPDATE casework.version SET version_num = '9999'")
    with pytest.raises(WrongSchemaError, match="newer release"):
        migrate(casework_database)


@pytest.mark.parametrize(("role", "statement"), FORBIDDEN)
def test_a_process_may_do_no_more_than_it_must(
    casework_database: str, role: str, statement: str
) -> None:
    connection = connect(casework_database, role)
    with connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


def test_every_wait_of_a_connection_has_a_bound(casework_database: str) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    with connect(casework_database, CASEWORK_ROLE) as connection:
        found = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in names]

    assert [("10s",), ("8s",), ("5s",)] == found
