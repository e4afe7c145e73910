"""What the embedded servers and the processes are told."""

import tempfile
from datetime import date
from pathlib import Path

import pytest

from credit_bus.domain.registry import Party, Registry, Role
from credit_bus_deploy import kafka, postgres, ready, table
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.home import home_at
from credit_bus_deploy.table import Addresses

NODE = kafka.KafkaNode(
    java=Path("/java"),
    jars=(Path("/a.jar"), Path("/b.jar")),
    folder=Path("/home/kafka"),
    log_folder=Path("/home/logs"),
    port=9092,
    controller_port=9093,
)


def party(code: str, role: Role) -> Party:
    return Party(code=code, name=code, role=role, since=date(2018, 1, 1))


def names_in_table(*platforms: str, municipal_port: int | None) -> list[str]:
    """Return the names of the rows for a district with these platforms."""
    parties = [party("hub", Role.HUB), party("tax", Role.DEPARTMENT)]
    parties += [party(code, Role.PLATFORM) for code in platforms]
    registry = Registry(
        version="0" * 12,
        district="620702",
        parties={each.code: each for each in parties},
        routes=(),
        measures={},
        instrument_types={},
        uscc_exceptions=frozenset(),
    )
    addresses = Addresses(
        broker="127.0.0.1:9092",
        database="postgresql://u:secret@h/d",
        registry_folder=Path("/registry"),
        partitions=4,
        municipal_endpoint="http://127.0.0.1:1",
        municipal_port=municipal_port,
        pages={"web": 8620, "site": 8630, "desk": 8640, "console": 8650},
    )
    specs = table.application_specs(registry, addresses, home_at(Path("/home")))
    assert not any("secret@" in part for spec in specs for part in spec.argv)
    return [spec.name for spec in specs]


@pytest.mark.parametrize("text", ["", "localhost", "localhost:", ":9092", "h:0", "h:65536", "h:x"])
def test_an_address_that_is_no_host_and_port_is_refused(text: str) -> None:
    with pytest.raises(InstallationError, match="write HOST:PORT"):
        ready.split_address(text)


def test_the_broker_listens_on_loopback_alone() -> None:
    settings = kafka.server_properties(NODE)

    listeners = settings["listeners"].split(",") + settings["advertised.listeners"].split(",")
    assert {"127.0.0.1"} == {each.rpartition("//")[2].rpartition(":")[0] for each in listeners}


def test_the_broker_makes_no_topic_by_itself_and_takes_whole_quarantined_messages() -> None:
    settings = kafka.server_properties(NODE)

    expected = ("false", str(6 * 1024 * 1024))
    assert expected == (settings["auto.create.topics.enable"], settings["message.max.bytes"])


def test_the_heap_is_bounded() -> None:
    argv = kafka.process_spec(NODE).argv

    assert f"-Xmx{kafka.HEAP_MEBIBYTES_MAX}m" in argv
    assert argv[argv.index("-cp") + 1] == "/a.jar:/b.jar"


def test_a_cluster_id_is_never_taken_for_an_option() -> None:
    made = {kafka.new_cluster_id() for _ in range(500)}

    assert {22} == {len(each) for each in made}
    assert not any(each.startswith("-") for each in made)


def test_a_long_home_puts_the_socket_where_its_name_fits() -> None:
    folder = Path("/" + "long" * 30)
    short = postgres.PostgresServer(folder=Path("/h"), user=None)
    long = postgres.PostgresServer(folder=folder, user=None)
    other = postgres.PostgresServer(folder=folder / "other", user=None)

    assert Path("/h/socket") == short.socket_folder
    assert len(str(long.socket_folder / postgres.SOCKET_NAME)) <= postgres.SOCKET_PATH_BYTES_MAX
    assert long.socket_folder != other.socket_folder
    assert "host=%2Fh%2Fsocket" in short.url()


def test_what_a_killed_server_leaves_outside_its_home_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    server = postgres.PostgresServer(folder=tmp_path / ("h" * 100), user=None)
    server.socket_folder.mkdir()
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (server.socket_folder / name).touch()
    postgres.remove_socket_folder(server)
    postgres.remove_socket_folder(server)

    assert [] == list(tmp_path.iterdir())


def test_the_database_is_durable_and_listens_on_no_network() -> None:
    argv = postgres.process_spec(postgres.PostgresServer(folder=Path("/h"), user=None)).argv

    assert "listen_addresses=" in argv
    assert not any("fsync" in part or "synchronous_commit" in part for part in argv)


def test_every_platform_has_a_connector_a_real_municipal_one_no_stand_in_the_site_its_pages() -> (
    None
):
    common = ["worker-gate", "worker-router", "worker-casework", "relay", "enquiries"]
    pages = ["folders", "web", "desk", "console", "monitor"]

    assert [*common, "connector-other", *pages] == names_in_table("other", municipal_port=1)
    assert [*common, f"connector-{table.MUNICIPAL}", *pages] == names_in_table(
        table.MUNICIPAL, municipal_port=None
    )
    assert "municipal-standin" == names_in_table(table.MUNICIPAL, municipal_port=1)[0]
    assert [
        *(
            *common,
            f"connector-{table.PUBLIC_SITE}",
            "folders",
            "web",
            "site",
            "desk",
            "console",
            "monitor",
        ),
    ] == names_in_table(table.PUBLIC_SITE, municipal_port=1)


def test_a_process_is_known_by_the_group_it_joins() -> None:
    names = ["kafka", "folders", "relay", "worker-gate", "worker-casework", "connector-x"]

    expected = [None, None, None, "credit-bus.gate", "credit-bus.casework", "connector-x"]
    assert expected == [table.group_of(name) for name in names]
