"""A peer that cannot be run is named, and says what it lacks."""

import sys
from dataclasses import fields
from pathlib import Path

import pytest
from benchmarks.peers import kafka_streams
from benchmarks.peers.peer import NotHereError, Worker, told
from benchmarks.peers.roster import OURS, roster

from credit_bus_deploy import jars

WORKER = Worker(
    stage="router",
    broker="127.0.0.1:1",
    group="g",
    state=Path("/state"),
    partitions=4,
    registry=Path("/registry"),
)


def test_ours_comes_first_and_names_are_unique(tmp_path: Path) -> None:
    names = [peer.name for peer in roster(peers_python=tmp_path, threads=1, commit_ms=100)]

    assert OURS == names[0]
    assert len(set(names)) == len(names)


def test_a_peer_whose_environment_is_missing_is_not_here(tmp_path: Path) -> None:
    peers = roster(peers_python=tmp_path / "python", threads=1, commit_ms=100)
    quix = next(peer for peer in peers if peer.name == "Quix Streams")

    with pytest.raises(NotHereError, match="make peers"):
        quix.prepare(tmp_path)


def test_a_peer_whose_library_is_missing_is_not_here(tmp_path: Path) -> None:
    peers = roster(peers_python=Path(sys.executable), threads=1, commit_ms=100)
    quix = next(peer for peer in peers if peer.name == "Quix Streams")

    with pytest.raises(NotHereError, match="has no quixstreams"):
        quix.prepare(tmp_path)


def test_a_peer_in_python_is_started_with_what_a_worker_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    peers = roster(peers_python=tmp_path, threads=1, commit_ms=100)
    by_hand = next(peer for peer in peers if peer.name == "aiokafka by hand")

    command = by_hand.prepare(tmp_path)(WORKER)

    assert WORKER.options() == command[-len(WORKER.options()) :]
    monkeypatch.setattr(sys, "argv", command[2:])
    assert vars(told()) == {each.name: getattr(WORKER, each.name) for each in fields(WORKER)}


def test_ours_does_the_stage_by_the_registry_that_it_is_told(tmp_path: Path) -> None:
    ours = roster(peers_python=tmp_path, threads=1, commit_ms=100)[0].prepare(tmp_path)(WORKER)

    assert {WORKER.stage, WORKER.broker, str(WORKER.state), str(WORKER.registry)} < set(ours)


def test_without_a_jdk_kafka_streams_is_not_here(tmp_path: Path) -> None:
    for environment in ({}, {"PATH": ""}, {"JAVA_HOME": str(tmp_path), "PATH": str(tmp_path)}):
        with pytest.raises(NotHereError, match="no JDK of Java 17 or newer"):
            kafka_streams.find_javac(environment)


def test_the_lock_file_holds_each_coordinate_and_one_kafka() -> None:
    locked = jars.parse_lock(kafka_streams.LOCK_FILE.read_text("utf-8"))

    named = {f"{jar.group}:{jar.artifact}:{jar.version}" for jar in locked}
    assert {c for c in kafka_streams.COORDINATES if c.count(":") == 2} <= named
    assert {"4.4.0"} == {jar.version for jar in locked if jar.group == "org.apache.kafka"}
    assert "rocksdbjni" in {jar.artifact for jar in locked}
    assert len({jar.file_name for jar in locked}) == len(locked)
