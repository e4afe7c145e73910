"""Dashboard and alerts ask for metrics and labels of the table alone, and say what to do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from credit_bus.metrics.labels import LABELS
from credit_bus.metrics.table import LIBRARY_SERIES, METRICS

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARD = DEPLOY / "grafana" / "dashboard.json"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
SCRAPE = DEPLOY / "prometheus" / "scrape.yml"

OF_TARGETS = {"process", "instance", "job"}  # labels that a scrape adds
LABELS_OF: dict[str, set[str]] = {
    **{
        series: {*metric.labels, *(["le"] if series.endswith("_bucket") else [])}
        for metric in METRICS
        for series in metric.series
    },
    **{series: set() for series in LIBRARY_SERIES},
    "up": set(),
}
WORDS = {
    "sum", "by", "rate", "increase", "changes", "count", "max", "time", "topk", "and", "or",
    "histogram_quantile", "unless", "on", "ignoring", "absent",
}  # fmt: skip

INTERVAL = "$__rate_interval"  # Grafana's own word, put in before Prometheus is asked

_STRING = re.compile(r'"[^"]*"')
_RANGE = re.compile(r"\[(\d+[smhd]|\$__rate_interval)\]")
_SELECTED = re.compile(r"([a-z_][a-z0-9_]*)\s*\{([^}]*)\}")
_MATCHER = re.compile(r"([a-z_]+)\s*(=~|!=|!~|=)")
_BY = re.compile(r"\bby\s*\(([^)]*)\)")
_NAME = re.compile(r"\b[a-z_][a-z0-9_]*\b")
_CHINESE = re.compile(r"[一-鿿]")


def mistakes(expression: str) -> list[str]:
    """Return what an expression asks for that no process has, or what no Prometheus would read."""
    try:
        promql_parser.parse(expression.replace(INTERVAL, "5m"))
    except ValueError as error:
        return [str(error)]
    bare = _RANGE.sub("", _STRING.sub('""', expression))
    found = []
    for series, matchers in _SELECTED.findall(bare):
        known = LABELS_OF.get(series, set()) | OF_TARGETS
        found += [
            f"{series} has no {name}" for name, _ in _MATCHER.findall(matchers) if name not in known
        ]
    outside = re.sub(r"\{[^}]*\}", "", bare)
    grouped = {name.strip() for names in _BY.findall(outside) for name in names.split(",")}
    names = set(_NAME.findall(_BY.sub("by", outside))) - WORDS
    found += [f"no metric {name}" for name in sorted(names - LABELS_OF.keys())]
    for series in names & LABELS_OF.keys():
        found += [
            f"{series} has no {name} to group by"
            for name in sorted(grouped - LABELS_OF[series] - OF_TARGETS)
        ]
    return found


def matched_values(expression: str) -> Iterator[tuple[str, str]]:
    for name, _, value in re.findall(r'([a-z_]+)\s*(=~|=)\s*"([^"]*)"', expression):
        yield name, value


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    return [
        panel
        for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]
        if panel["type"] != "row"
    ]


def expressions() -> list[str]:
    asked = [target["expr"] for panel in panels() for target in panel["targets"]]
    return [*asked, *(rule["expr"] for rule in alerts())]


@pytest.mark.parametrize("expression", expressions())
def test_an_expression_asks_for_what_there_is(expression: str) -> None:
    assert [] == mistakes(expression)


@pytest.mark.parametrize("expression", expressions())
def test_a_label_is_compared_with_a_word_that_it_can_have(expression: str) -> None:
    for name, value in matched_values(expression):
        words = LABELS[name].words if name in LABELS else frozenset()
        assert not words or value in words, f"{name} is never {value}"


@pytest.mark.parametrize(
    ("expected", "expression"),
    [
        ("no metric credit_bus_event_total", "rate(credit_bus_event_total[5m])"),
        ("no metric credit_bus_batch_seconds", "credit_bus_batch_seconds"),
        ("credit_bus_parked_events has no stage", 'credit_bus_parked_events{stage="gate"} > 1'),
        (
            "credit_bus_files_total has no code to group by",
            "sum by (code) (rate(credit_bus_files_total[1h]))",
        ),
        ("unclosed left parenthesis", "sum(credit_bus_ready"),
        ("unexpected character inside brackets: ')'", "rate(credit_bus_files_total[5m)"),
        (
            "expected type matrix in call to function 'rate', got vector",
            "rate(credit_bus_files_total)",
        ),
        ("unknown function with name 'rates'", "rates(credit_bus_files_total[5m])"),
    ],
)
def test_a_mistake_is_seen(expected: str, expression: str) -> None:
    assert [expected] == mistakes(expression)


def test_every_metric_is_on_the_dashboard_or_in_an_alert() -> None:
    asked = set(_NAME.findall(" ".join(expressions())))

    assert [] == [metric.name for metric in METRICS if not metric.series & asked]


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: rule["alert"])
def test_an_alert_says_in_chinese_what_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    told = rule["annotations"]

    assert {"summary", "action"} == set(told)
    assert len(_CHINESE.findall(told["summary"])) >= 4
    assert len(_CHINESE.findall(told["action"])) >= 10
    assert told["action"].endswith("。")
    assert rule["labels"]["severity"] in {"info", "warning", "critical"}
    assert re.fullmatch(r"\d+[mh]", rule["for"])


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: rule["alert"])
def test_an_alert_names_only_labels_that_its_expression_keeps(rule: dict[str, Any]) -> None:
    text = " ".join(rule["annotations"].values())
    used = set(re.findall(r"\$labels\.([a-z_]+)", text))
    grouped = {name.strip() for names in _BY.findall(rule["expr"]) for name in names.split(",")} - {
        "le"
    }
    own = {
        label
        for series in set(_NAME.findall(rule["expr"])) & LABELS_OF.keys()
        for label in LABELS_OF[series]
    }

    assert used <= (grouped or own | OF_TARGETS)


def test_alerts_have_names_of_their_own() -> None:
    names = [rule["alert"] for rule in alerts()]

    assert len(names) == len(set(names))


def test_panels_have_places_and_chinese_titles() -> None:
    assert len(panels()) == len({panel["id"] for panel in panels()})
    assert all(_CHINESE.search(panel["title"]) for panel in panels())


def test_the_scrape_example_keeps_the_labels_of_the_supervisor_and_loads_the_alerts() -> None:
    scrape = yaml.safe_load(SCRAPE.read_text("utf-8"))

    assert [ALERTS.name] == scrape["rule_files"]
    assert all(job["honor_labels"] for job in scrape["scrape_configs"])
