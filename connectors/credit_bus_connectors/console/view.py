"""What the pages show of lag, legal time and refusals: values made of values. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from credit_bus.domain.calendar import local_day
from credit_bus.domain.registry import Registry, Role
from credit_bus.operations.canaries import Trip
from credit_bus.operations.lag.burrow import Status
from credit_bus.operations.lag.rollup import Sum, TopicLag, by_party
from credit_bus.operations.lag.windows import PartitionLag
from credit_bus.reports.legal_time import LegalTime, Line, Standing
from credit_bus_connectors.console import shown
from credit_bus_connectors.console.sparkline import Spark

ROLES = {Role.DEPARTMENT: "部门", Role.PLATFORM: "平台", Role.HUB: "总线"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """One party: what waits in its topics, what was refused, what is overdue by law."""

    code: str
    name: str
    role: str
    status: str
    mark: str
    events: str
    behind: str
    lost_in: str
    refused: int
    parked: int
    overdue: int
    at_risk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LagRow:
    """One group on one topic, as a table shows it."""

    group: str
    reader: str
    topic: str
    status: str
    mark: str
    events: str
    lost: str
    behind: str
    coming: str
    going: str
    drains: str
    lost_in: str
    members: int | None  # None: not known
    committed: str
    curve: Spark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionRow:
    """One partition of one group."""

    number: int
    status: str
    mark: str
    committed: str
    end: str
    events: str
    lost: str
    behind: str
    lost_in: str
    holder: str


def trip_rows(trips: Iterable[Trip], registry: Registry) -> list[dict[str, str]]:
    """Return the rows of a table of round trips."""
    return [
        {
            "name": registry.name_of(each.name),
            "sent": str(each.sent),
            "missing": shown.count(each.missing),
            "p50": shown.duration(each.p50),
            "p99": shown.duration(each.p99),
        }
        for each in trips
    ]


def party_rows(
    lag: Sequence[TopicLag],
    legal: LegalTime | None,
    refused: Mapping[str, int],
    parked: Mapping[str, int],
    registry: Registry,
    now: datetime,
) -> list[PartyRow]:
    """Return a row for each party of whom there is anything to say today, the worst first."""
    sums = {each.name: each for each in by_party(lag)}
    lines = [] if legal is None else legal.lines
    overdue = _by_party(lines, Standing.OVERDUE)
    at_risk = _by_party(lines, Standing.AT_RISK)
    today = local_day(now)
    rows = [
        (
            _urgency(sums.get(code), overdue.get(code, 0), at_risk.get(code, 0), refused.get(code)),
            PartyRow(
                code=code,
                name=party.name,
                role=ROLES[party.role],
                refused=refused.get(code, 0),
                parked=parked.get(code, 0),
                overdue=overdue.get(code, 0),
                at_risk=at_risk.get(code, 0),
                **_lag_of(sums.get(code)),
            ),
        )
        for code, party in registry.parties.items()
        if party.exists_on(today) or code in sums or code in overdue
    ]
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def lag_rows(
    rows: Iterable[TopicLag], curves: Mapping[tuple[str, str], Spark] | None = None
) -> list[LagRow]:
    """Return the rows of a table of lag, in the order given."""
    return [
        LagRow(
            group=row.group,
            reader=shown.reader(row.group),
            topic=row.topic,
            status=shown.STATUSES[row.status] if row.is_judged else shown.NOT_JUDGED,
            mark=shown.MARKS[row.status if row.is_judged else Status.WARN],
            events=shown.count(row.events),
            lost=shown.count(row.lost),
            behind=shown.duration(row.seconds_behind),
            coming=shown.rate(row.coming),
            going=shown.rate(row.going),
            drains=shown.duration(row.drains_in),
            lost_in=shown.duration(row.lost_in),
            members=row.members,
            committed=shown.moment(row.last_commit_at),
            curve=None if curves is None else curves.get((row.group, row.topic)),
        )
        for row in rows
    ]


def partition_rows(states: Iterable[PartitionLag], now: datetime) -> list[PartitionRow]:
    """Return the rows of a group's partitions on one topic."""
    return [
        PartitionRow(
            number=state.partition,
            status=shown.STATUSES[state.status],
            mark=shown.MARKS[state.status],
            committed=shown.UNKNOWN if state.committed is None else str(state.committed),
            end=str(state.end),
            events=shown.count(state.events),
            lost=shown.count(state.lost),
            behind=shown.duration(state.behind(now)),
            lost_in=shown.duration(state.lost_in(now)),
            holder=" ".join(each for each in (state.client, state.host) if each),
        )
        for state in states
    ]


def _lag_of(found: Sum | None) -> dict[str, str]:
    if found is None:
        unknown = shown.UNKNOWN
        return {"status": "", "mark": "", "events": "", "behind": unknown, "lost_in": unknown}
    return {
        "status": shown.STATUSES[found.status],
        "mark": shown.MARKS[found.status],
        "events": shown.count(found.events),
        "behind": shown.duration(found.seconds_behind),
        "lost_in": shown.duration(found.lost_in),
    }


def _urgency(
    found: Sum | None, overdue: int, at_risk: int, refused: int | None
) -> tuple[int, float, int, int, int]:
    rank = 0 if found is None else found.status.rank
    behind = 0.0 if found is None else found.seconds_behind or 0.0
    return (-rank, -behind, -overdue, -at_risk, -(refused or 0))


def _by_party(lines: Iterable[Line], standing: Standing) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in lines:
        number = line.counts.get(standing, 0)
        if number:
            found[line.party] = found.get(line.party, 0) + number
    return found
