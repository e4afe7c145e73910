"""Figures as officials read them: durations, counts, standings. Pure."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from credit_bus.domain.calendar import local_text
from credit_bus.operations.lag.burrow import Status
from credit_bus.operations.lag.rollup import NOBODY

STATUSES: Mapping[Status, str] = MappingProxyType(
    {
        Status.OK: "正常",
        Status.WARN: "落后",
        Status.UNKNOWN: "无法判断",
        Status.STALL: "停滞",
        Status.STOP: "停止",
        Status.REWIND: "回退",
        Status.ERR: "丢失",
    }
)
MARKS: Mapping[Status, str] = MappingProxyType(
    {
        Status.OK: "done",
        Status.WARN: "near",
        Status.UNKNOWN: "late",
        Status.STALL: "late",
        Status.STOP: "late",
        Status.REWIND: "late",
        Status.ERR: "late",
    }
)
UNKNOWN = "—"
NOT_JUDGED = "取样不足"  # what waits is judged after a window of samples
_UNITS = ((86_400, "天"), (3_600, "小时"), (60, "分"), (1, "秒"))


def reader(group: str) -> str:
    """Return who reads: a group's own name, or that nobody does."""
    return "（无人读取）" if group == NOBODY else group


def duration(seconds: float | None) -> str:
    """Return so many seconds in the two largest units; `UNKNOWN` for None."""
    if seconds is None:
        return UNKNOWN
    if seconds < 10:
        return f"{seconds:.1f} 秒" if seconds else "0"
    left, told = round(seconds), []
    for size, unit in _UNITS:
        number, left = divmod(left, size)
        if number:
            told.append(f"{number} {unit}")
    return " ".join(told[:2])


def count(number: float | None) -> str:
    """Return a number with separators of thousands; nothing for zero."""
    if number is None:
        return UNKNOWN
    return f"{number:,.0f}" if number else ""


def rate(per_second: float | None) -> str:
    """Return events a second."""
    if per_second is None:
        return UNKNOWN
    return f"{per_second:,.1f}" if per_second < 10 else f"{per_second:,.0f}"


def moment(at: datetime | None) -> str:
    """Return the district's day and time, to the second."""
    return UNKNOWN if at is None else local_text(at)
