"""The house rules that a machine can hold: sizes, docstrings, words that do not belong here."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES_PER_FILE_MAX = 300
LINES_PER_FUNCTION_MAX = 70
CODE = ("streams", "connectors", "deploy", "benchmarks")
TEXT_SUFFIXES = {".py", ".md", ".toml", ".sql", ".avsc", ".json", ".yml", ".yaml", ""}

# An 18-digit number with a real region would look like somebody's. 999999 is no division.
RESIDENT_ID = re.compile(
    r"(?<![0-9A-Za-z])(?!999999)[1-6]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d\d{3}[0-9X](?![0-9A-Za-z])"
)
REGISTRY_HOSTS = re.compile(
    r"pypi\.org|pythonhosted|repo1?\.maven|registry\.npmjs|docker\.io/", re.IGNORECASE
)


def tracked() -> list[Path]:
    """Every text file that belongs to the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.suffix in TEXT_SUFFIXES and path.is_file()]


def code() -> list[Path]:
    return [
        path for path in tracked() if path.suffix == ".py" and path.parts[len(ROOT.parts)] in CODE
    ]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", code(), ids=lambda path: path.name)
def test_a_file_fits_on_a_few_screens(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES_PER_FILE_MAX


@pytest.mark.parametrize("path", code(), ids=lambda path: path.name)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    long = [
        f.name for f in functions(path) if (f.end_lineno or 0) - f.lineno >= LINES_PER_FUNCTION_MAX
    ]

    assert [] == long


@pytest.mark.parametrize("path", code(), ids=lambda path: path.name)
def test_everything_public_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert ast.get_docstring(tree) or not tree.body, "a module says what it knows"
    assert [] == silent


def test_no_number_looks_like_a_real_person_s() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if RESIDENT_ID.search(path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert [] == found


def test_no_registry_s_host_is_written_down() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path != Path(__file__)
        and REGISTRY_HOSTS.search(path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert [] == found


def test_the_search_for_persons_numbers_sees_one() -> None:
    number = "110101" + "19900307" + "1234"

    assert RESIDENT_ID.search(f"'{number}'")
    assert not RESIDENT_ID.search("999999190001010007")
    assert not RESIDENT_ID.search("0123456789abcdef620702199003071234")
