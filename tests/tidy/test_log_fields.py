"""Every field that code logs is in the table, and every field of the table is logged."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from credit_bus.log_fields import FIELDS, UNLISTED

ROOT = Path(__file__).parents[2]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
BY_STRUCTLOG = {"event", "level", "timestamp", "logger", UNLISTED}
# Dictionaries that are spread into a line: their keys are looked for as literals of these files.
SPREAD = {
    "logs.py": {"error", "sqlstate", "frames", "message"},
    "lanes.py": {"partitions", "read", "written", "refused", "milliseconds"},
    "measured.py": {"delivered", "invalid", "later"},
    "receipts.py": {"accepted", "duplicate", "rejected"},
    "stages.py": {"parties", "reasons"},
    "worker.py": {"waiting"},
}


def is_log(node: ast.expr) -> bool:
    return isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).endswith("log")


def logged(source: str) -> Iterator[str]:
    """Yield the names of fields that the source logs by keyword."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        is_line = isinstance(called, ast.Attribute) and called.attr in LEVELS
        is_bound = isinstance(called, ast.Name | ast.Attribute) and (
            ast.unparse(called).removeprefix("logs.") == "logger"
        )
        if is_bound or (is_line and isinstance(called, ast.Attribute) and is_log(called.value)):
            yield from (keyword.arg for keyword in node.keywords if keyword.arg is not None)


def sources() -> list[Path]:
    return [
        path
        for root in ("streams", "connectors", "deploy")
        for path in sorted((ROOT / root).rglob("*.py"))
    ]


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.name)
def test_a_line_holds_fields_of_the_table(path: Path) -> None:
    assert set() == set(logged(path.read_text("utf-8"))) - FIELDS.keys()


def test_a_field_that_is_not_in_the_table_is_seen() -> None:
    source = "log.info('x', party=1, name='张三')\nself._log.error('y', body=b)\nlogs.logger(key=1)"

    assert {"name", "body", "key"} == set(logged(source)) - FIELDS.keys()


def test_every_field_of_the_table_is_logged() -> None:
    used = {name for path in sources() for name in logged(path.read_text("utf-8"))}
    spread = {name for names in SPREAD.values() for name in names}

    assert set() == FIELDS.keys() - used - spread - BY_STRUCTLOG
