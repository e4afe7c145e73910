"""The READMEs name only what exists, and both say the same."""

import re
from pathlib import Path

import click
import pytest

from credit_bus_deploy.cli import command as credit_bus

ROOT = Path(__file__).parents[2]
IN_BOTH_LANGUAGES = ("README", "connectors/README")
READMES = tuple(f"{name}{language}.md" for name in IN_BOTH_LANGUAGES for language in ("", ".zh-CN"))
DOCUMENTS = (*READMES, "ARCHITECTURE.md", "CONTRIBUTING.md")
# Whoever reads these builds nothing.
WITHOUT_MAKE = {"ARCHITECTURE.md", *READMES[2:]}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(name: str) -> set[str]:
    """Every `credit-bus ...` command that a document names, sub-commands joined by a blank."""
    found = re.findall(r"credit-bus ((?:[a-z][a-z-]+ ?){1,2}(?:\|[a-z-]+)*)", text(name))
    return {command.strip() for command in found}


def exists(command: str) -> bool:
    found: click.Command | None = credit_bus
    for word in command.split("|", maxsplit=1)[0].split():
        if not isinstance(found, click.Group):
            return found is not None  # the rest are its arguments
        found = found.get_command(click.Context(found), word)
    return found is not None


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_exists(name: str) -> None:
    assert [] == [command for command in commands(name) if not exists(command)]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b(?=`|\s+#|$)", text(name), re.MULTILINE))

    assert set() == named - targets
    assert named or name in WITHOUT_MAKE


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_exists(name: str) -> None:
    paths = re.findall(
        r"[(`]((?:streams|connectors|deploy|schemas|tests|benchmarks)/[\w./*-]+)", text(name)
    )
    missing = [path for path in paths if not list(ROOT.glob(path.rstrip("/")))]

    assert [] == missing


@pytest.mark.parametrize("name", IN_BOTH_LANGUAGES)
def test_both_languages_have_the_same_parts(name: str) -> None:
    def shape(name: str) -> tuple[int, int, set[str], list[str]]:
        blocks = re.findall(r"```sh\n(.*?)```", text(name), re.DOTALL)
        said = [re.sub(r"\s+#.*", "", line) for block in blocks for line in block.splitlines()]
        rows = len(re.findall(r"^\|", text(name), re.MULTILINE))
        found = re.findall(r"\]\(([^)]+)\)", text(name))
        links = {link.replace(".zh-CN.md", ".md") for link in found} - {"README.md"}
        return len(re.findall(r"^## ", text(name), re.MULTILINE)), rows, links, said

    assert shape(f"{name}.md") == shape(f"{name}.zh-CN.md")


def test_a_command_that_does_not_exist_is_seen() -> None:
    assert not exists("fly")
    assert not exists("topics fly")
    assert exists("topics plan|apply")
