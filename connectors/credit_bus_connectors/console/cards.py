"""The figures at the head of the overview: what is wrong shows by its mark. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from credit_bus.operations.canaries import Canaries
from credit_bus.operations.freshness import is_current
from credit_bus.operations.lag.burrow import Status, worst
from credit_bus.operations.lag.rollup import TopicLag
from credit_bus.reports.legal_time import LegalTime, Standing
from credit_bus_connectors.console import shown

LATE_SECONDS = 60.0  # a receipt is promised within seconds: a minute is worth a look


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One figure of the whole bus. `mark` is done, near or late."""

    title: str
    figure: str
    note: str
    mark: str
    path: str


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


def _behind_mark(status: Status, behind: float) -> str:
    if status.is_above_warn:
        return "late"
    return "near" if status is Status.WARN or behind > LATE_SECONDS else "done"
