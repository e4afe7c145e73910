"""Every metric of the table is measured somewhere: a row that nobody fills shows nothing."""

import ast
import functools
from pathlib import Path

import pytest

from credit_bus.metrics import table
from credit_bus.metrics.table import Metric

ROOT = Path(__file__).parents[2]
NAMES = [name for name in vars(table) if isinstance(getattr(table, name), Metric)]
CALLS = {"count", "set", "show", "observe"}


@functools.cache
def measured() -> frozenset[str]:
    """Return the names in the table that are given to a meter."""
    found: set[str] = set()
    for root in ("streams", "connectors", "deploy"):
        for path in (ROOT / root).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and node.args:
                    called = ast.unparse(node.func).rpartition(".")[2]
                    if called in CALLS:
                        found.add(ast.unparse(node.args[0]).rpartition(".")[2])
    return frozenset(found)


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_is_measured(name: str) -> None:
    assert name in measured()


def test_a_row_that_nobody_fills_is_seen() -> None:
    assert "NO_SUCH_METRIC" not in measured()
    assert len(NAMES) == len(table.METRICS)
