"""Jars: the lock file, the checksums, the cache, and the network that is not asked."""

import hashlib
import socket
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jgo.maven._core
import pytest

from credit_bus_deploy import jars
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.jars import Jar

CONTENT = b"not really a jar"
JAR = Jar(
    group="org.example", artifact="thing", version="1.0", sha256=hashlib.sha256(CONTENT).hexdigest()
)
ENTRY = """
[[dependencies]]
groupId = "org.example"
artifactId = "thing"
version = "1.0"
packaging = "jar"
sha256 = "{sha256}"
"""


class Quiet(SimpleHTTPRequestHandler):
    """A repository of files that keeps its requests to itself."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A Maven repository on loopback that jgo takes for the only one."""
    folder = tmp_path / "repository"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(jgo.maven._core, "DEFAULT_REMOTE_REPOS", {"here": url})
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield folder
        server.shutdown()
        thread.join()


def publish_with_pom(
    repository: Path, group: str, artifact: str, version: str, *needs: tuple[str, str, str]
) -> None:
    """Put an artifact there that needs these others: its description, and a jar with its name."""
    folder = repository.joinpath(*group.split("."), artifact, version)
    folder.mkdir(parents=True)
    dependencies = "".join(
        f"<dependency><groupId>{g}</groupId><artifactId>{a}</artifactId>"
        f"<version>{v}</version></dependency>"
        for g, a, v in needs
    )
    (folder / f"{artifact}-{version}.pom").write_text(
        f"<project><modelVersion>4.0.0</modelVersion><groupId>{group}</groupId>"
        f"<artifactId>{artifact}</artifactId><version>{version}</version>"
        f"<dependencies>{dependencies}</dependencies></project>"
    )
    (folder / f"{artifact}-{version}.jar").write_text(f"{artifact} {version}")


def publish(repository: Path, content: bytes) -> None:
    """Put the jar's file where Maven's layout has it."""
    path = repository / "org" / "example" / "thing" / "1.0" / JAR.file_name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every attempt to connect fails the test."""

    def connect(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", connect)


@pytest.mark.parametrize(
    ("says", "text"),
    [
        ("is not TOML", "[[dependencies"),
        ("no entries at all", ""),
        ("wrong: thing", ENTRY.format(sha256="0" * 63)),
        ("wrong: thing", ENTRY.format(sha256="0" * 64) + 'classifier = "sources"\n'),
        ("wrong: thing", ENTRY.format(sha256="0" * 64).replace('"jar"', '"pom"')),
        ("wrong: number 1", '[[dependencies]]\nversion = "1.0"\n'),
    ],
)
def test_a_lock_file_with_a_mistake_is_refused(says: str, text: str) -> None:
    with pytest.raises(InstallationError, match=says):
        jars.parse_lock(text)


def test_the_shipped_lock_file_is_one_kafka_and_one_log_binding() -> None:
    locked = jars.locked_jars()

    kafka = {jar.version for jar in locked if jar.group == "org.apache.kafka"}
    log4j = {jar.version for jar in locked if jar.group == "org.apache.logging.log4j"}
    assert {jars.KAFKA.rpartition(":")[2]} == kafka
    assert len(log4j) == 1
    assert len({jar.file_name for jar in locked}) == len(locked)


def test_a_full_cache_asks_no_network(tmp_path: Path, no_network: None) -> None:
    (tmp_path / JAR.file_name).write_bytes(CONTENT)

    assert (tmp_path / JAR.file_name,) == jars.ensure_jars([JAR], tmp_path)


def test_a_missing_jar_without_network_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    with pytest.raises(InstallationError, match=r"thing-1\.0\.jar is not in .*check the network"):
        jars.ensure_jars([JAR], tmp_path)

    assert [] == list(tmp_path.iterdir())


def test_a_jar_of_another_checksum_is_refused_and_not_kept(
    tmp_path: Path, repository: Path
) -> None:
    cache = tmp_path / "cache"
    publish(repository, b"something else")

    with pytest.raises(InstallationError, match="the lock file says"):
        jars.ensure_jars([JAR], cache)

    assert [] == list(cache.iterdir())


def test_a_damaged_jar_in_the_cache_is_fetched_anew(tmp_path: Path, repository: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / JAR.file_name).write_bytes(CONTENT[:-1])
    publish(repository, CONTENT)

    jars.ensure_jars([JAR], cache)

    assert [(JAR.file_name, CONTENT)] == [
        (each.name, each.read_bytes()) for each in cache.iterdir()
    ]


def test_the_cache_can_be_put_elsewhere(tmp_path: Path) -> None:
    assert tmp_path == jars.cache_folder({"CREDIT_BUS_CACHE": str(tmp_path)})
    assert Path.home() / ".cache" / "credit-bus" / "jars" == jars.cache_folder({})


def test_of_two_versions_that_coordinates_bring_the_first_one_s_stands(repository: Path) -> None:
    publish_with_pom(repository, "org.shared", "core", "2.0")
    publish_with_pom(repository, "org.shared", "core", "3.0")
    publish_with_pom(repository, "org.one", "one", "1.0", ("org.shared", "core", "2.0"))
    publish_with_pom(repository, "org.two", "two", "1.0", ("org.shared", "core", "3.0"))

    text = jars.resolve_lock(("org.one:one:1.0", "org.two:two:1.0"), command="lock it")

    locked = {jar.artifact: jar for jar in jars.parse_lock(text)}
    assert {"one": "1.0", "two": "1.0", "core": "2.0"} == {
        name: jar.version for name, jar in locked.items()
    }
    assert hashlib.sha256(b"core 2.0").hexdigest() == locked["core"].sha256
    assert text.startswith("# Written by `lock it`;")


def test_a_coordinate_without_a_version_takes_that_of_its_group(repository: Path) -> None:
    publish_with_pom(repository, "org.shared", "core", "2.0")
    publish_with_pom(repository, "org.shared", "binding", "2.0")
    publish_with_pom(repository, "org.one", "one", "1.0", ("org.shared", "core", "2.0"))

    text = jars.resolve_lock(("org.one:one:1.0", "org.shared:binding"))

    assert ["1.0", "2.0", "2.0"] == [jar.version for jar in jars.parse_lock(text)]
