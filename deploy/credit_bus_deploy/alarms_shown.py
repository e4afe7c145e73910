"""Alarms and counts as lines of a terminal of 80 columns."""

from collections.abc import Iterator, Sequence

from credit_bus.domain.calendar import local_text
from credit_bus.operations.adding_up.tally import (
    ACCEPTED,
    DELIVERED,
    REFUSED,
    REJECTED,
    REPEATED,
    ROUTED,
    SAID,
)
from credit_bus_connectors.monitor.trace_store import COUNTS_SHOWN_MAX, HourCounts, KeptAlarm


def standing_lines(open_now: int, shown: int, *, is_known: bool) -> Iterator[str]:
    """Yield what can be said of everything: how much is amiss, or that it is not known."""
    if open_now > shown:
        yield f"{open_now} alarms are open; these are the newest {shown}"
    if not is_known:
        yield "not known whether all adds up: the monitor has read nothing new"
    elif not open_now:
        yield "everything adds up"


def alarm_lines(found: Sequence[KeptAlarm]) -> Iterator[str]:
    """Yield the lines of alarms, two for each, three when it is cleared."""
    for each in found:
        yield f"{each.number:>6}  {each.fault}  {each.place}  {each.type or '?'}"
        since, raised = local_text(each.since), local_text(each.raised_at)
        yield f"        {each.event}  since {since}  raised {raised}"
        if each.cleared_at is not None:
            by = f" by {each.cleared_by}: {each.cleared_why}" if each.cleared_by else ""
            yield f"        cleared {local_text(each.cleared_at)}{by}"


def count_lines(counts: Sequence[HourCounts]) -> Iterator[str]:
    """Yield the sums of each hour and type, with what has no verdict or answer yet."""
    for each in counts:
        of = {word: each.times.get(word, 0) for word in (SAID, ACCEPTED, REPEATED, REJECTED)}
        said, *answers = of.values()
        yield f"{local_text(each.hour)}  {each.type}"
        yield f"    {_sum(of)} + open {said - sum(answers)}"
        of = {word: each.times.get(word, 0) for word in (ROUTED, DELIVERED, REFUSED)}
        routed, *answers = of.values()
        yield f"    {_sum(of)} + in flight {routed - sum(answers)}"
    if len(counts) == COUNTS_SHOWN_MAX:
        yield f"the newest {COUNTS_SHOWN_MAX} lines are shown; ask for fewer hours to see all"


def _sum(of: dict[str, int]) -> str:
    first, *rest = (f"{word} {number}" for word, number in of.items())
    return f"{first} = {' + '.join(rest)}"
