"""The outbox's tables: what each role may do, and what is said of tables that are wrong."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from tests.integration.departments.outbox_rig import Department, department, penalty

from credit_bus_connectors.departments.table.run import table_ddl
from credit_bus_connectors.departments.table.shape import check_shape, excess_rights
from credit_bus_connectors.departments.table.store import Store, WrongTableError
from credit_bus_deploy.cli import command
from credit_bus_deploy.postgres import PostgresServer


@pytest.fixture
def dept(database_server: PostgresServer) -> Iterator[Department]:
    with department(database_server) as made:
        yield made


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM credit_bus.outbox",
        "UPDATE credit_bus.outbox SET payload = NULL",
        "TRUNCATE credit_bus.outbox",
        (
            "INSERT INTO credit_bus.outbox (id, aggregateid, type)"
            " VALUES (gen_random_uuid(), 'x', 'x')"
        ),
        "SELECT nextval('credit_bus.outbox_position_seq')",
        "ALTER TABLE credit_bus.outbox ADD COLUMN more text",
        "DELETE FROM credit_bus.answer",
        "UPDATE credit_bus.answer SET taken_at = now()",
        "DELETE FROM credit_bus.reader",
        "INSERT INTO credit_bus.reader DEFAULT VALUES",
        "CREATE TABLE credit_bus.more (id integer)",
    ],
)
def test_the_adapter_can_read_the_outbox_and_change_nothing_in_it(
    dept: Department, statement: str
) -> None:
    dept.say([penalty("文号1号")])
    with (
        psycopg.connect(dept.adapter) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT payload FROM credit_bus.outbox",
        "DELETE FROM credit_bus.outbox",
        "UPDATE credit_bus.outbox SET payload = NULL",
        (
            "INSERT INTO credit_bus.outbox (id, aggregateid, type, position)"
            " OVERRIDING SYSTEM VALUE VALUES (gen_random_uuid(), 'x', 'x', 7)"
        ),
        "UPDATE credit_bus.answer SET state = 'accepted'",
        (
            "INSERT INTO credit_bus.answer (id, position, state, taken_at)"
            " VALUES (gen_random_uuid(), 1, 'accepted', now())"
        ),
        "DELETE FROM credit_bus.answer",
        "SELECT * FROM credit_bus.reader",
    ],
)
def test_the_application_can_say_rows_and_read_answers_and_no_more(
    dept: Department, statement: str
) -> None:
    with psycopg.connect(dept.application) as connection:
        connection.execute("SELECT * FROM credit_bus.answer")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement.encode())


def test_debezium_s_own_columns_are_enough_for_a_row(dept: Department) -> None:
    """What an outbox library writes: the five columns of Debezium's event router."""
    with psycopg.connect(dept.application) as connection:
        connection.execute(
            "INSERT INTO credit_bus.outbox (id, aggregatetype, aggregateid, type, payload)"
            " VALUES (gen_random_uuid(), 'penalty', '1', 'penalty.decided', '{}')"
        )


def test_the_tables_may_be_made_twice(dept: Department) -> None:
    dept.say([penalty("文号1号")])
    with psycopg.connect(dept.owner, autocommit=True) as connection:
        connection.execute(table_ddl().encode())
        row = connection.execute("SELECT count(*) FROM credit_bus.outbox").fetchone()

    assert (1,) == row
    store = Store(dept.adapter)
    check_shape(store.connection)
    assert [] == excess_rights(store.connection)
    store.close()


def wrong(dept: Department, *changes: str) -> list[str]:
    """Return the lines of the report once the owner has changed this."""
    with psycopg.connect(dept.owner, autocommit=True) as connection:
        for change in changes:
            connection.execute(change.encode())
    store = Store(dept.adapter)
    try:
        with pytest.raises(WrongTableError) as caught:
            check_shape(store.connection)
    finally:
        store.close()
    return [line.strip().removeprefix("- ") for line in str(caught.value).splitlines()[1:-1]]


def test_everything_that_is_wrong_with_the_tables_stands_in_one_report(dept: Department) -> None:
    told = wrong(
        dept,
        "ALTER TABLE credit_bus.outbox DROP COLUMN causationid",
        "ALTER TABLE credit_bus.outbox ALTER COLUMN payload TYPE bytea USING NULL",
        "ALTER TABLE credit_bus.outbox ALTER COLUMN type TYPE text",  # of its kind: no mistake
        "ALTER SEQUENCE credit_bus.outbox_position_seq CACHE 20 CYCLE",
        "ALTER TABLE credit_bus.outbox DROP CONSTRAINT outbox_position_key",
        "ALTER TABLE credit_bus.answer DROP CONSTRAINT answer_pkey",
        "REVOKE INSERT ON credit_bus.answer FROM credit_bus_adapter",
        "DROP TABLE credit_bus.reader",
    )

    assert [
        "there is no table credit_bus.reader",
        "credit_bus.outbox.payload is bytea, not json or jsonb",
        "credit_bus.outbox has no column causationid (character varying or text)",
        *(
            f"the right INSERT on credit_bus.answer.{column} is missing"
            for column in (
                "id",
                "position",
                "state",
                "event_id",
                "reasons",
                "rule_version",
                "taken_at",
                "answered_at",
            )
        ),
        "the sequence of credit_bus.outbox.position has CACHE 20, not 1",
        "the sequence of credit_bus.outbox.position has CYCLE, not NO CYCLE",
        "credit_bus.outbox has no primary or unique key (position)",
        "credit_bus.answer has no primary or unique key (id, position)",
    ] == told


def test_a_position_that_the_application_could_give_is_refused(dept: Department) -> None:
    told = wrong(dept, "ALTER TABLE credit_bus.outbox ALTER COLUMN position DROP IDENTITY")

    assert ["credit_bus.outbox.position is not GENERATED ALWAYS AS IDENTITY"] == told


def test_a_database_without_the_schema_is_told_the_remedy(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("73" * 32)
    arguments = ["table", "market-regulation", "--source-database", database]
    arguments += ["--broker", "127.0.0.1:1", "--database", database, "--secret-file", str(secret)]
    with pytest.raises(SystemExit) as ended:
        command.main(arguments, prog_name="credit-bus")

    told = capsys.readouterr().err
    assert 2 == ended.value.code
    assert "there is no schema credit_bus" in told
    assert "credit-bus table --ddl" in told


def test_rights_that_are_too_wide_are_seen(dept: Department) -> None:
    store = Store(dept.owner)
    try:
        assert ["INSERT", "UPDATE", "DELETE", "TRUNCATE"] == excess_rights(store.connection)
    finally:
        store.close()


def test_another_party_s_outbox_is_refused(
    dept: Department, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(dept.owner) as connection:
        connection.execute("UPDATE credit_bus.reader SET party = 'district-court'")
    secret = tmp_path / "secret"
    secret.write_text("73" * 32)
    arguments = ["table", "market-regulation", "--source-database", dept.adapter]
    arguments += ["--broker", "127.0.0.1:1", "--database", database, "--secret-file", str(secret)]
    with pytest.raises(SystemExit) as ended:
        command.main(arguments, prog_name="credit-bus")

    assert 2 == ended.value.code
    assert "district-court's, not market-regulation's" in capsys.readouterr().err
