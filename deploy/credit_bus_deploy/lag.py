"""What `credit-bus lag` looks at: what the monitor kept, or else the broker itself."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from credit_bus.domain.channels import party_of
from credit_bus.domain.registry import Registry
from credit_bus.operations.lag.rollup import TopicLag, by_group, by_party, by_topic
from credit_bus.operations.lag.windows import PartitionLag, Windows, moved
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.lag_reads import Readers
from credit_bus_connectors.monitor.lag_requests import Requests
from credit_bus_connectors.monitor.lag_sampling import Sampler
from credit_bus_connectors.monitor.lag_store import LagStore
from credit_bus_connectors.monitor.lag_watch import SAMPLE_SECONDS
from credit_bus_deploy.broker_admin import admin_of
from credit_bus_deploy.readers import topics_of_groups

FRESH = timedelta(seconds=3 * SAMPLE_SECONDS)  # what the monitor kept is of now
BETWEEN_SAMPLES_SECONDS = 3.0
NEAR_MAX, NEAR_CUTOFF = 3, 0.5
MONITOR, BROKER = "monitor", "broker"
_NO_DATABASE = "no database is given, and no installation with one runs here"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Lag at a moment, and where that was learned."""

    at: datetime
    rows: tuple[TopicLag, ...]
    partitions: tuple[PartitionLag, ...] = ()
    source: str
    because: str = ""  # why it is not the monitor's

    def only(self, *, group: str | None, party: str | None) -> "View":
        """Return what concerns a group, a party, or both; None: all."""
        return replace(
            self,
            rows=tuple(
                row
                for row in self.rows
                if group in {None, row.group} and party in {None, row.party}
            ),
            partitions=tuple(
                each
                for each in self.partitions
                if group in {None, each.group} and party in {None, party_of(each.topic)}
            ),
        )

    @property
    def is_wrong(self) -> bool:
        """Whether anything is above WARN."""
        return any(row.status.is_above_warn for row in self.rows)

    @property
    def is_judged(self) -> bool:
        """Whether there is anything, and every status is a verdict."""
        return bool(self.rows) and all(row.is_judged for row in self.rows)


def of_monitor(database: str | None, now: datetime) -> View | str:
    """Return what the monitor kept a moment ago, or why there is nothing of it."""
    if database is None:
        return _NO_DATABASE
    connections = Connections(database, connections_max=1)
    try:
        newest = LagStore(connections).newest()
    except UnreachableError as error:
        return str(error)
    finally:
        connections.close()
    if newest is None:
        return "the monitor has taken no sample yet"
    if now - newest.at > FRESH:
        return f"the monitor's newest sample is of {newest.at:%Y-%m-%d %H:%M:%S}Z"
    return View(
        at=newest.at,
        rows=by_topic(newest.states, now),
        partitions=newest.states,
        source=MONITOR,
    )


@dataclass(slots=True, kw_only=True)
class Looking:
    """Looks at the broker by itself; the longer it looks, the more it can judge."""

    sampler: Sampler
    because: str
    _windows: Windows = field(default_factory=dict)

    def first(self) -> View:
        """Return the view after two samples, a little apart. Raises KafkaError."""
        self.next()
        time.sleep(BETWEEN_SAMPLES_SECONDS)
        return self.next()

    def next(self) -> View:
        """Return the view after one more sample. Raises KafkaError."""
        sample = self.sampler.sample()
        self._windows, states = moved(self._windows, sample.partitions, sample.unseen, at=sample.at)
        return View(
            at=sample.at,
            rows=by_topic(states, sample.at),
            partitions=states,
            source=BROKER,
            because=self.because,
        )


@contextmanager
def looking_at(broker: str, registry: Registry, *, because: str) -> Iterator[Looking]:
    """Yield what looks at the broker. Raises InstallationError when it does not answer.

    A reader that keeps its positions in the database is not seen: so nothing is nobody's here.
    """
    readers = Readers(groups=topics_of_groups(registry))
    with admin_of(broker) as admin:
        yield Looking(sampler=Sampler(requests=Requests(admin), readers=readers), because=because)


def near(name: str, known: Iterable[str]) -> str:
    """Return the known names that look like it, as a sentence ends; nothing where none does."""
    found = get_close_matches(name, sorted(known), n=NEAR_MAX, cutoff=NEAR_CUTOFF)
    return f"; near it: {', '.join(found)}" if found else ""


def to_json(view: View) -> dict[str, Any]:
    """Return the view for machines: moments in ISO 8601, UTC; spans in seconds, null: unknown."""
    return {
        "sampled_at": _moment(view.at),
        "source": view.source,
        "is_complete": all(row.completeness >= 1.0 for row in view.rows),
        "is_judged": view.is_judged,
        "is_wrong": view.is_wrong,
        "rows": [_row(row) for row in view.rows],
        "groups": [_sum(each) for each in by_group(view.rows)],
        "parties": [_sum(each) for each in by_party(view.rows)],
        "partitions": [_partition(each, view.at) for each in view.partitions],
    }


def _row(row: TopicLag) -> dict[str, Any]:
    return {
        "party": row.party,
        "group": row.group,
        "topic": row.topic,
        "status": str(row.status),
        "completeness": row.completeness,
        "events": row.events,
        "lost": row.lost,
        "ahead": row.ahead,
        "seconds_behind": row.seconds_behind,
        "coming_per_second": row.coming,
        "going_per_second": row.going,
        "drains_in_seconds": row.drains_in,
        "lost_in_seconds": row.lost_in,
        "members": row.members,
        "last_commit_at": _moment(row.last_commit_at),
        "partitions": row.partitions,
    }


def _partition(each: PartitionLag, at: datetime) -> dict[str, Any]:
    return {
        "group": each.group,
        "topic": each.topic,
        "partition": each.partition,
        "status": str(each.status),
        "completeness": each.completeness,
        "committed": each.committed,
        "log_start": each.log_start,
        "end": each.end,
        "events": each.events,
        "lost": each.lost,
        "ahead": each.ahead,
        "seconds_behind": each.behind(at),
        "lost_in_seconds": each.lost_in(at),
        "last_commit_at": _moment(each.last_commit_at),
        "client": each.client,
        "host": each.host,
    }


def _sum(each: Any) -> dict[str, Any]:
    return {
        "name": each.name,
        "status": str(each.status),
        "events": each.events,
        "lost": each.lost,
        "seconds_behind": each.seconds_behind,
        "lost_in_seconds": each.lost_in,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()
