"""What an official reads in a report, on paper and on screen alike."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from credit_bus.casework.counts import COLUMNS, ON_TIME
from credit_bus.domain.calendar import SHANGHAI, local_day
from credit_bus.reports.period import FROM, PERIOD_DAYS_MAX, TO, Period, PeriodMistake
from credit_bus.reports.report import Report, Row

TITLE = "信用信息共享和联合奖惩工作情况统计表"
PARTY = "单位"
OTHERS = "平台和总线（不计入部门合计）"
MONTHS = "各月部门合计"
NOTHING = "—"

# Which columns belong together, by their first one.
GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "said": "信息报送",
        "initiated": "发起",
        "ordered": "响应和执行",
        "objected": "异议处理",
        "repair_requested": "信用修复",
        "overdue": "督办",
    }
)
MISTAKES: Mapping[PeriodMistake, str] = MappingProxyType(
    {
        PeriodMistake.MISSING: "请填写日期：起止日期要么都填，要么都不填。",
        PeriodMistake.MALFORMED: "日期无法识别，请写成“年-月-日”，例如 2026-03-31。",
        PeriodMistake.OUT_OF_ORDER: "截止日期早于起始日期，请调整。",
        PeriodMistake.TOO_LONG: f"一次最多统计 {PERIOD_DAYS_MAX // 366} 年，请缩短报告期。",
    }
)
FIELDS: Mapping[str, str] = MappingProxyType({FROM: "起始日期", TO: "截止日期"})

_NOTES = (
    "本表统计各单位办理工作的情况，不涉及任何信用主体，也不构成对任何主体的评价。",
    "数字来自总线受理并记入总台账的事件，按记入总台账的日期（北京时间）统计。",
    "被闸口退回的报送不记入总台账，因此本表没有“退回”一栏；退回情况见发给各单位的退回回执。",
    "“按期”各栏写作“按期件数/办结件数（比例，舍去小数）”；期限以登记册中的办理期限为准。",
    "已撤并的单位以原名称列出；撤并以后的事项由承接单位办理。",
)
_RUNNING = "报告期尚未结束，数字会继续变化。"


def notes_of(report: Report) -> tuple[str, ...]:
    """Return what is to be known of the figures: the foot of a report."""
    running = report.period.last >= local_day(report.made_at)
    return (*_NOTES, _RUNNING) if running else _NOTES


def groups() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each group's name and its columns, in the order of columns."""
    found: list[tuple[str, list[str]]] = []
    for what in COLUMNS:
        if what in GROUPS:
            found.append((GROUPS[what], []))
        found[-1][1].append(what)
    return tuple((name, tuple(whats)) for name, whats in found)


def is_share(what: str) -> bool:
    """Return whether the column is told as a share of the one before it."""
    return what.endswith(ON_TIME)


def shown(row: Row, what: str) -> str:
    """Return a cell as text: a number, or for what was on time `18/20 (90%)`, rounded down."""
    n = row.counts[what]
    if not is_share(what):
        return f"{n:,}"
    of = row.counts[what.removesuffix(ON_TIME)]
    return f"{n}/{of} ({n * 100 // of}%)" if of else NOTHING


def name_of(row: Row, period: Period) -> str:
    """Return the line's name; of a department that is gone by the period's end, since when."""
    if row.until is None or row.until > period.last:
        return row.name
    return f"{row.name}（{day_text(row.until)}起撤并）"


def period_text(period: Period) -> str:
    """Return the period in words."""
    return f"{day_text(period.first)}至{day_text(period.last)}"


def quarter_text(period: Period) -> str:
    """Return a quarter's name."""
    return f"{period.first.year}年第{'一二三四'[period.first.month // 3]}季度"


def day_text(day: date) -> str:
    """Return the day in words."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_text(moment: datetime) -> str:
    """Return the moment in words, in the district's time."""
    local = moment.astimezone(SHANGHAI)
    return f"{day_text(local.date())} {local:%H:%M}"


def heads_of(report: Report) -> tuple[str, ...]:
    """Return the lines between title and table."""
    return (
        f"报告期：{period_text(report.period)}",
        f"行政区划：{report.district}",
        f"登记册版本：{report.registry_version}",
        f"制表时间：{moment_text(report.made_at)}",
    )
