"""The meter of one process: counts, moments and durations under the names of the table.

A registry of its own, nothing global. A metric begins with its first value, so a process shows what
it does and nothing else. Never raises for a label's value: what may not be told is `other`.
"""

from collections.abc import Mapping
from threading import Lock
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from credit_bus.metrics.labels import LABELS
from credit_bus.metrics.table import Kind, Metric

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


class Meter:
    """The metrics of one process. Safe to use from several threads."""

    def __init__(self) -> None:
        """Measure nothing yet."""
        # A series more for each, that nobody asks for.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's own lack
        self._registry = CollectorRegistry()
        self._collectors: dict[str, Any] = {}
        self._children: dict[tuple[str, tuple[str, ...]], Any] = {}
        self._known: dict[str, set[str]] = {name: set() for name in LABELS}
        self._shown: dict[str, set[tuple[str, ...]]] = {}
        self._making = Lock()
        ProcessCollector(registry=self._registry)

    def count(self, metric: Metric, amount: float = 1, **labels: str) -> None:
        """Add to a counter."""
        assert metric.kind is Kind.COUNTER, metric.name
        self._child(metric, labels).inc(amount)

    def set(self, metric: Metric, value: float, **labels: str) -> None:
        """Set a gauge."""
        assert metric.kind is Kind.GAUGE, metric.name
        self._child(metric, labels).set(value)

    def show(self, metric: Metric, values: Mapping[tuple[str, ...], float]) -> None:
        """Set a gauge to these values by their labels, and show no other series of it any more.

        Of those that come to be told alike, as `other`, the first is shown.
        """
        assert metric.kind is Kind.GAUGE, metric.name
        known: dict[str, set[str]] = {name: set() for name in metric.labels}
        told: dict[tuple[str, ...], float] = {}
        for labels, value in values.items():
            given = zip(metric.labels, labels, strict=True)
            told.setdefault(tuple(_told(known[name], name, each) for name, each in given), value)
        with self._making:
            collector = self._collector(metric)
            for key, value in told.items():
                collector.labels(*key).set(value)
            for gone in self._shown.get(metric.name, set()) - told.keys():
                collector.remove(*gone)
            self._shown[metric.name] = set(told)

    def observe(self, metric: Metric, value: float, **labels: str) -> None:
        """Add one observation to a histogram."""
        assert metric.kind is Kind.HISTOGRAM, metric.name
        self._child(metric, labels).observe(value)

    def exposition(self) -> bytes:
        """Return everything in Prometheus' text form."""
        return bytes(generate_latest(self._registry))

    def value(self, metric: Metric, **labels: str) -> float | None:
        """Return what a counter or a gauge stands at, or how often a histogram observed."""
        name = metric.name + ("_count" if metric.kind is Kind.HISTOGRAM else "")
        return self._registry.get_sample_value(name, labels)

    def _child(self, metric: Metric, labels: dict[str, str]) -> Any:
        """Return what counts for these labels; made once, then found by one look-up."""
        key = (metric.name, tuple(labels.values()))
        child = self._children.get(key)
        if child is None:
            assert tuple(labels) == metric.labels, f"{metric.name} has the labels {metric.labels}"
            with self._making:  # two threads may count for the first time at once
                told = [_told(self._known[name], name, value) for name, value in labels.items()]
                collector = self._collector(metric)
                child = collector.labels(*told) if told else collector
                if tuple(told) == key[1]:  # what became `other` is not remembered: it has no bound
                    self._children[key] = child
        return child

    def _collector(self, metric: Metric) -> Any:
        found = self._collectors.get(metric.name)
        if found is None:
            given: dict[str, Any] = {
                "name": metric.name,
                "documentation": f"{metric.meaning} ({metric.unit})",
                "labelnames": metric.labels,
                "registry": self._registry,
            }
            match metric.kind:
                case Kind.COUNTER:
                    found = Counter(**given)
                case Kind.GAUGE:
                    found = Gauge(**given)
                case Kind.HISTOGRAM:
                    found = Histogram(**given, buckets=metric.buckets)
            self._collectors[metric.name] = found
        return found


def _told(known: set[str], name: str, value: str) -> str:
    """Return what a label tells of this value, and know it from now on."""
    told = LABELS[name].told(value, known)
    if told == value:
        known.add(value)
    return told
