"""What the pages show of lag, legal time and refusals: values made of values. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from credit_bus.domain.calendar import local_day
from credit_bus.domain.registry import Registry, Role
from credit_bus.operations.canaries import Canaries, Trip
from credit_bus.operations.freshness import is_current
from credit_bus.operations.lag.burrow import Status, worst
from credit_bus.operations.lag.rollup import Sum, TopicLag, by_party
from credit_bus.operations.lag.windows import PartitionLag
from credit_bus.reports.legal_time import LegalTime, Line, Standing
from credit_bus_connectors.console import shown
from credit_bus_connectors.console.sparkline import Spark

LATE_SECONDS = 60.0  # a receipt is promised within seconds: a minute is worth a look
ROLES = {Role.DEPARTMENT: "部门", Role.PLATFORM: "平台", Role.HUB: "总线"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One figure of the whole bus. `mark` is done, near or late."""

    title: str
    figure: str
    note: str
    mark: str
    path: str


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


def cards_of(
    lag: Sequence[TopicLag],
    legal: LegalTime | None,
    *,
    refused: int,
    alarms: int,
    read_to: datetime | None,
    sampled_at: datetime | None,
    now: datetime,
) -> list[Card]:
    """Return the figures at the head: what is wrong shows by its mark."""
    status = worst(row.status for row in lag)
    behind = max((row.seconds_behind or 0.0 for row in lag), default=0.0)
    age = None if sampled_at is None else (now - sampled_at).total_seconds()
    is_stale = age is None or age > LATE_SECONDS
    return [
        _alarm_card(alarms, read_to, is_known=is_current(read_to, now=now)),
        Card(
            title="时间滞后",
            figure=shown.UNKNOWN if is_stale else shown.duration(behind),
            note="监测程序没有新的数据" if is_stale else f"状态：{shown.STATUSES[status]}",
            mark="late" if is_stale else _behind_mark(status, behind),
            path="/groups",
        ),
        Card(
            title="退回（24 小时）",
            figure=str(refused),
            note="退回的信息等待报送单位改正",
            mark="near" if refused else "done",
            path="/quarantine",
        ),
        _legal_card(legal),
    ]


def _alarm_card(alarms: int, read_to: datetime | None, *, is_known: bool) -> Card:
    is_good = is_known and not alarms
    note = "报送、受理、送达相符" if is_good else "对账不符，点此查看"
    stands = "还没有读完一次" if read_to is None else f"停在 {shown.moment(read_to)}，此后不明"
    return Card(
        title="告警",
        figure=str(alarms) if alarms or is_known else shown.UNKNOWN,
        note=note if is_known else f"对账程序{stands}",
        mark="done" if is_good else "late",
        path="/alarms",
    )


def _legal_card(legal: LegalTime | None) -> Card:
    """Return what is overdue by law; what has no day yet may be overdue as well."""
    if legal is None:
        return Card(
            title="已逾期",
            figure=shown.UNKNOWN,
            note="办理期限暂时无法读取",
            mark="late",
            path="/due",
        )
    overdue, at_risk, undated = (
        legal.number(each) for each in (Standing.OVERDUE, Standing.AT_RISK, Standing.UNDATED)
    )
    waiting = f"，{undated} 项待公布工作日安排" if undated else ""
    return Card(
        title="已逾期",
        figure=str(overdue),
        note=f"即将到期 {at_risk} 项{waiting}",
        mark="late" if overdue else "near" if at_risk or undated else "done",
        path="/due",
    )


def canary_card(found: Canaries) -> Card:
    """Return how canaries fare: the slowest platform's 99th percentile, and what is missing."""
    slowest = max((each.p99 for each in found.platforms if each.p99 is not None), default=None)
    is_quiet = not found.parties
    note = f"{found.missing} 次未回" if found.missing else "往返 p99，最慢的平台"
    silent = silence_of(found)
    return Card(
        title="巡检",
        figure=shown.UNKNOWN if silent else shown.duration(slowest),
        note="没有巡检" if is_quiet else silent or note,
        mark="late" if found.is_amiss else "near" if is_quiet else "done",
        path="/canaries",
    )


def silence_of(found: Canaries) -> str:
    """Return since when nothing is known of canaries; "" when something is."""
    return f"{shown.moment(found.silent_since)} 以来情况不明" if found.silent_since else ""


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


def _behind_mark(status: Status, behind: float) -> str:
    if status.is_above_warn:
        return "late"
    return "near" if status is Status.WARN or behind > LATE_SECONDS else "done"


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
