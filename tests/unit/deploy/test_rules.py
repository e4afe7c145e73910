"""The registry in force is that which was copied at the start, whatever becomes of its folder."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests import samples

from credit_bus.operations.quarantine.rejudged import Bench
from credit_bus.operations.rehearsal import rehearse
from credit_bus_deploy import home, registries
from credit_bus_deploy.cli import command
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.home import Home
from credit_bus_deploy.registries import follow, registry_in, registry_of
from credit_bus_deploy.rules import activation_of
from credit_bus_deploy.run_record import RunPublisher

BROKER = "127.0.0.1:9"


@pytest.fixture
def made(tmp_path: Path) -> Home:
    return home.make_home(tmp_path / "home", free_bytes_min=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(samples.REGISTRY_FOLDER, tmp_path / "registry"))


def edit(folder: Path) -> str:
    """Change the registry in its place; return its version now."""
    routes = folder / "routes.toml"
    routes.write_text(routes.read_text("utf-8") + "# changed\n", "utf-8")
    return registry_of(folder)[0].version


def publish(made: Home, registry: Path) -> None:
    """Let it look as if an installation ran in the home: this process."""
    RunPublisher(made).addresses({"broker": BROKER, "registry": str(registry)})


def run(made: Home, *words: str) -> Result:
    return CliRunner().invoke(command, ["rules", *words, "--home", str(made.root)])


def test_a_folder_that_is_edited_is_followed_from_the_next_start_on(
    made: Home, folder: Path
) -> None:
    first = follow(made, folder)
    edited = edit(folder)
    publish(made, first.folder)
    meanwhile = registry_in(made.root, None).version
    second = follow(made, folder)
    third = follow(made, folder)

    assert (None, meanwhile) == (first.former, first.registry.version)
    assert edited != meanwhile
    assert (meanwhile, edited) == (second.former, second.registry.version)
    assert (edited, edited) == (third.former, third.registry.version)
    assert first.folder == second.folder == made.registry
    assert not list(made.root.glob(".registry-*"))


def test_a_folder_that_changes_while_it_is_copied_is_refused(
    made: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = registries.registry_of

    def late(given: Path | None) -> object:
        found = read(given)
        edit(folder)
        return found

    monkeypatch.setattr(registries, "registry_of", late)

    with pytest.raises(InstallationError, match="changed while it was copied"):
        follow(made, folder)


def test_the_registry_in_force_is_not_guessed(made: Home, folder: Path) -> None:
    nothing = run(made, "rehearse", str(folder), "--broker", BROKER)
    publish(made, follow(made, None).folder)
    other = run(made, "rehearse", str(folder), "--broker", "10.0.0.1:9092")

    for told in (nothing, other):
        assert 2 == told.exit_code
        assert "give --registry" in told.output


def test_an_activation_names_both_versions_and_the_day_of_its_rehearsal() -> None:
    codec, day = samples.codec(), date(2027, 1, 1)
    old = Bench(codec=codec, registry=samples.registry())
    new = replace(old, registry=replace(old.registry, version="f" * 12))
    found = rehearse([samples.penalty(1)], old, new, day=day)
    body = activation_of(found, samples.HUB, reason="试", now=samples.NOW).body

    assert (old.registry.version, "f" * 12) == (body["previous_version"], body["registry_version"])
    assert (day, 1, 0) == (body["rehearsed_for"], body["events_rehearsed"], body["events_changed"])


@pytest.mark.parametrize("words", [("rehearse",), ("activate", "--reason", "试")])
def test_what_is_in_force_is_neither_rehearsed_nor_activated(
    made: Home, folder: Path, words: tuple[str, ...]
) -> None:
    kept = follow(made, folder)
    publish(made, kept.folder)
    told = run(made, words[0], str(folder), *words[1:])

    assert 2 == told.exit_code
    assert f"{kept.registry.version} is in force" in told.output
