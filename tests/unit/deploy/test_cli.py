"""Every refusal of the command line is one sentence on standard error and exit code 2."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from credit_bus.contracts.topics import Plan
from credit_bus_deploy import jars, java, ports, provision, registries
from credit_bus_deploy.choices import PARTITIONS_DEFAULT, choose
from credit_bus_deploy.cli import command
from credit_bus_deploy.home import Home, make_home
from credit_bus_deploy.run_record import RunPublisher

SHORT_HELP_CHARACTERS_MAX = 57  # beside the longest command's name on 80 columns


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(command, arguments, env=environment, prog_name="credit-bus")


def check(result: Result, sentence: str) -> None:
    assert 2 == result.exit_code
    assert "" == result.stdout
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("credit-bus: ")
    assert sentence in last
    assert "Traceback" not in result.stderr


@pytest.fixture
def made(tmp_path: Path) -> Home:
    """A home that has been started once."""
    return make_home(tmp_path / "home", free_bytes_min=0)


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port of loopback on which somebody else listens."""
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


def test_up_on_a_taken_port_is_refused(tmp_path: Path, taken_port: int) -> None:
    result = run("up", "--home", str(tmp_path), "--kafka-port", str(taken_port))

    check(result, f"port {taken_port} on 127.0.0.1, which Kafka needs, is taken")


def test_up_with_too_little_room_is_refused(tmp_path: Path) -> None:
    result = run("up", "--home", str(tmp_path), CREDIT_BUS_FREE_BYTES_MIN=str(1 << 60))

    check(result, "free some space or give another --home")


def test_a_disk_that_fills_up_during_a_command_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jars, "resolve_lock", lambda: jars.LOCK_FILE.read_text("utf-8"))
    check(run("kafka", "lock", "--file", "/dev/full"), "the disk is full")


def test_up_without_java_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "find_spec", lambda name: None)
    result = run("up", "--home", str(tmp_path), JAVA_HOME=str(tmp_path / "nothing"))

    check(result, "Kafka needs Java 17 or newer")


def test_up_with_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    result = run("up", "--home", str(file / "home"))

    check(result, "give a --home that this user owns")


def test_up_with_a_broken_registry_names_its_mistakes(tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    registry.mkdir()
    result = run("up", "--home", str(tmp_path / "home"), "--registry", str(registry))

    assert 2 == result.exit_code
    assert f"credit-bus: the registry {registry} " in result.stderr


def test_status_where_nothing_runs_is_refused(tmp_path: Path) -> None:
    check(
        run("status", "--home", str(tmp_path)),
        f"nothing runs in {tmp_path}: start it with `credit-bus up --home {tmp_path}`",
    )


def test_a_hint_names_no_home_but_another_than_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    check(run("status"), "start it with `credit-bus up`")
    check(run("status", "--home", "a b"), f"`credit-bus up --home '{tmp_path}/a b'`")


def test_status_says_so_until_every_process_has_joined(made: Home) -> None:
    publisher = RunPublisher(made)
    publisher.addresses({"broker": "127.0.0.1:9092"})
    before = run("status", "--home", str(made.root))
    publisher.ready()
    after = run("status", "--home", str(made.root))

    assert "starting: not every process has joined yet" == before.stdout.splitlines()[-1]
    assert "starting" not in after.stdout
    assert (0, 0) == (before.exit_code, after.exit_code)


def test_down_where_nothing_runs_says_so_and_is_content(tmp_path: Path) -> None:
    result = run("down", "--home", str(tmp_path))

    assert (0, f"nothing runs in {tmp_path}\n") == (result.exit_code, result.stdout)


def test_what_is_due_of_no_party_or_from_a_database_that_is_away_is_one_sentence(
    tmp_path: Path,
) -> None:
    nowhere = f"postgresql://{ports.LOOPBACK}:{ports.free_port()}/nobody"
    asked = ("due", "--home", str(tmp_path), "--database", nowhere)

    check(run(*asked, "--party", "nobody"), "nobody is no party of the registry: use its code")
    check(run(*asked), "the figures cannot be read from the database")


@pytest.mark.parametrize("name", ["plan", "apply"])
def test_topics_without_a_broker_are_refused(name: str, tmp_path: Path) -> None:
    check(
        run("topics", name, "--home", str(tmp_path)),
        f"give --broker HOST:PORT, or start one with `credit-bus up --home {tmp_path}`",
    )


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        (("127.0.0.1:1", "own-registry", 7), ()),
        (("127.0.0.1:1", "own-registry", 9), ("--partitions", "9")),
        (("127.0.0.1:1", "own-registry", 7), ("--broker", "127.0.0.1:1")),
        (("127.0.0.1:2", None, PARTITIONS_DEFAULT), ("--broker", "127.0.0.1:2")),
    ],
)
def test_topics_are_those_of_the_installation_whose_broker_it_is(
    expected: tuple[str, str | None, int],
    arguments: tuple[str, ...],
    made: Home,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[Any, ...]] = []

    def plan_topics(broker: str, registry: Any, *, partitions: int, replication: int) -> Plan:
        asked.append((broker, registry, partitions))
        return Plan(create=(), change=(), refused=(), unknown=())

    monkeypatch.setattr(registries, "registry_of", lambda folder: (folder and folder.name, None))
    monkeypatch.setattr(provision, "plan_topics", plan_topics)
    RunPublisher(made).addresses({"broker": "127.0.0.1:1", "registry": "/some/own-registry"})
    choose(made, kafka_port=None, partitions=7)
    result = run("topics", "plan", "--home", str(made.root), *arguments)

    assert 0 == result.exit_code, result.output
    assert [expected] == asked


def test_topics_where_nobody_listens_are_refused() -> None:
    result = run("topics", "plan", "--broker", f"127.0.0.1:{ports.free_port()}")

    check(result, "no broker listens at")


def test_a_worker_without_its_settings_names_the_option_and_the_variable() -> None:
    result = run("worker", "gate")

    assert 2 == result.exit_code
    assert "--broker" in result.stderr


def test_casework_without_a_database_is_refused(tmp_path: Path) -> None:
    result = run("worker", "casework", "--broker", "127.0.0.1:1", "--state", str(tmp_path))

    assert 2 == result.exit_code
    assert "give --database URL" in result.stderr
    assert [] == list(tmp_path.iterdir())


def test_a_schema_for_no_database_or_for_one_that_is_not_there_is_refused(tmp_path: Path) -> None:
    nowhere = f"postgresql://u:secret@127.0.0.1:{ports.free_port()}/d"
    result = run("database", "apply", "--database", nowhere)

    check(run("database", "apply", "--home", str(tmp_path)), "no database is given")
    check(result, "the schemas could not be made")
    assert "secret" not in result.stderr


@pytest.mark.parametrize("name", sorted(command.commands))
def test_every_command_explains_itself(name: str) -> None:
    result = run(name, "--help")

    assert 0 == result.exit_code
    assert f"Usage: credit-bus {name}" in result.stdout


def test_no_short_help_is_cut_off() -> None:
    groups = [
        command,
        *(each for each in command.commands.values() if isinstance(each, click.Group)),
    ]
    listed = [each for group in groups for each in group.commands.values() if not each.hidden]
    shown = [each.get_short_help_str(SHORT_HELP_CHARACTERS_MAX) for each in listed]

    assert len(shown) > len(command.commands)
    assert [] == [
        each for each in shown if each.endswith("...") or len(each) > SHORT_HELP_CHARACTERS_MAX
    ]


def test_a_key_for_nobody_is_refused(tmp_path: Path) -> None:
    check(run("keys", "create", "--party", "nobody"), "nobody is no party of the registry")


def test_keys_without_a_database_are_refused(tmp_path: Path) -> None:
    given = ("--party", "transport", "--home", str(tmp_path))

    check(run("keys", "create", *given), "no database is given")
    check(run("keys", "list", *given), "no database is given")
    check(run("keys", "revoke", "0a1b2c3d", *given), "no database is given")


@pytest.mark.parametrize(
    ("sentence", "arguments"),
    [
        ("--to: give both --from and --to", ("--from", "2026-01-01")),
        ("--from: write the day as YYYY-MM-DD", ("--from", "1.1.26", "--to", "2026-03-31")),
        ("--to: it comes before --from", ("--from", "2026-02-01", "--to", "2026-01-01")),
        ("no database is given", ("--from", "2026-01-01", "--to", "2026-03-31")),
        ("the figures cannot be read", ("--database", "postgresql://127.0.0.1:1/x")),
        ("no broker is given", ("--database", "postgresql://127.0.0.1:1/x", "--recount")),
    ],
)
def test_a_report_that_cannot_be_made_says_what_to_do(
    sentence: str, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    check(run("report", "--home", str(tmp_path), *arguments), sentence)


def test_a_recount_makes_no_file(tmp_path: Path) -> None:
    given = ("--recount", "--xlsx", str(tmp_path / "x.xlsx"))
    result = run("report", "--home", str(tmp_path), *given)

    assert 2 == result.exit_code
    assert "leave --json and --xlsx out" in result.stderr


def test_a_recount_where_nobody_listens_is_refused() -> None:
    given = ("--broker", f"127.0.0.1:{ports.free_port()}", "--database", "postgresql://x")

    check(run("report", "--recount", *given), "no broker listens at")
