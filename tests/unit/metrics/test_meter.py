"""The table of metrics is what processes show, and no label can name a subject."""

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from credit_bus.domain.event import event_id
from credit_bus.metrics import table
from credit_bus.metrics.labels import LABELS, OTHER, kind_of
from credit_bus.metrics.meter import Meter
from credit_bus.metrics.table import LIBRARY_SERIES, METRICS, Kind, Metric

NAME = re.compile(r"credit_bus_[a-z][a-z_]*")
THREADS = 4
ROUNDS = 300
WAIT_SECONDS_MAX = 30.0
PERSONAL = ("subject", "key", "event", "id", "name", "number", "trace", "document")


@pytest.mark.parametrize("metric", METRICS, ids=lambda each: each.name)
def test_a_row_has_a_name_of_the_form_known_labels_and_a_meaning(metric: Metric) -> None:
    assert NAME.fullmatch(metric.name)
    assert metric.unit
    assert metric.meaning
    assert set(metric.labels) <= set(LABELS)
    assert (metric.kind is Kind.COUNTER) == metric.name.endswith("_total")
    assert (metric.kind is Kind.HISTOGRAM) == bool(metric.buckets)
    assert metric.kind is not Kind.HISTOGRAM or metric.name.endswith("_seconds")


def test_names_are_given_once_and_every_label_is_used() -> None:
    assert len(METRICS) == len({each.name for each in METRICS})
    assert set(LABELS) == {name for each in METRICS for name in each.labels}


@pytest.mark.parametrize("name", PERSONAL)
def test_no_label_is_made_to_name_what_an_event_is_about(name: str) -> None:
    assert name not in LABELS


def shown(meter: Meter) -> dict[str, list[dict[str, str]]]:
    """Return the labels of each series."""
    found: dict[str, list[dict[str, str]]] = {}
    for family in text_string_to_metric_families(meter.exposition().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(dict(sample.labels))
    return found


def measure(meter: Meter, metric: Metric, labels: dict[str, str]) -> None:
    match metric.kind:
        case Kind.COUNTER:
            meter.count(metric, **labels)
        case Kind.GAUGE:
            meter.set(metric, 1, **labels)
        case Kind.HISTOGRAM:
            meter.observe(metric, 0.1, **labels)


def test_a_process_shows_the_series_of_the_table_and_the_library_s_alone() -> None:
    meter = Meter()
    for metric in METRICS:
        measure(meter, metric, dict.fromkeys(metric.labels, "gate"))

    expected = {name for each in METRICS for name in each.series} | LIBRARY_SERIES
    assert expected == set(shown(meter))


def test_what_is_not_measured_is_not_shown() -> None:
    assert not [name for name in shown(Meter()) if name.startswith("credit_bus")]


SUBJECTS = st.one_of(
    st.from_regex(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", fullmatch=True),
    st.binary(min_size=32, max_size=32).map(bytes.hex),
    st.binary(min_size=8, max_size=16).map(bytes.hex),
    st.from_regex(r"[0-9]{17}[0-9Xx]", fullmatch=True),
    st.uuids().map(str),
    st.text(alphabet="张三李四王五甘州区信用公司", min_size=2, max_size=12),
    st.text(min_size=1, max_size=20).map(
        lambda document: event_id(
            source="tax", kind="penalty.decided", document=document, subject="s", revision=1
        )
    ),
)


@given(value=SUBJECTS, metric=st.sampled_from([each for each in METRICS if each.labels]))
def test_no_subject_key_number_or_event_id_becomes_a_label(value: str, metric: Metric) -> None:
    meter = Meter()
    measure(meter, metric, dict.fromkeys(metric.labels, value))

    assert value not in meter.exposition().decode()
    assert OTHER in meter.exposition().decode()


def test_a_label_has_no_more_values_than_its_bound() -> None:
    meter = Meter()
    most = LABELS["party"].values_max
    names = [f"{a}{b}{c}" for a in "ghijk" for b in "lmnopqrstu" for c in "ghijklmnopqrstu"]
    assert len(names) > most
    for name in names:
        meter.count(table.FILES, party=name)

    told = {labels["party"] for labels in shown(meter)["credit_bus_files_total"]}
    assert most + 1 == len(told)
    assert OTHER in told


@pytest.mark.parametrize(
    ("expected", "topic"),
    [
        ("inbox", "credit.inbox.district-platform"),
        ("replies", "credit.replies.tax"),
        ("records", "credit.records"),
        ("quarantine", "credit.quarantine"),
        (OTHER, "credit.somebody.else"),
        (OTHER, "foreign"),
    ],
)
def test_a_topic_is_told_by_its_kind(expected: str, topic: str) -> None:
    assert expected == kind_of(topic)


def test_labels_that_are_not_the_metric_s_are_our_mistake() -> None:
    with pytest.raises(AssertionError, match="has the labels"):
        Meter().count(table.FILES, stage="gate")


@pytest.fixture
def _threads_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_threads_take_turns_often")
def test_threads_that_count_for_the_first_time_at_once_count_all() -> None:
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in range(ROUNDS):
            meter, together = Meter(), Barrier(THREADS)

            def count(meter: Meter = meter, together: Barrier = together) -> None:
                together.wait(WAIT_SECONDS_MAX)
                meter.count(table.EVENTS_READ, stage="gate")

            for done in [threads.submit(count) for _ in range(THREADS)]:
                done.result(WAIT_SECONDS_MAX)
            assert meter.value(table.EVENTS_READ, stage="gate") == THREADS
