"""What a check brings: how much it looked at, and everything it found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from credit_bus.conformance.history import History, Seen
from credit_bus.conformance.plan import Plan

NOTHING = "检测中没有出现可供检查的消息"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong: where, in which header or field, what was seen, what must be."""

    topic: str = ""
    partition: int | None = None
    offset: int | None = None
    field: str = ""
    seen: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The result of looking. `untested` says why nothing could be concluded."""

    examined: int
    findings: tuple[Finding, ...] = ()
    untested: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a check may look at: what was made up, and what happened."""

    plan: Plan
    history: History


Eye = Callable[[Evidence], Look]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A row of the catalogue. Its texts are for the vendor of an adapter."""

    code: str
    group: str
    title: str
    does: str  # what was done
    must: str  # what must be seen
    source: str  # where the rule stands
    remedy: str
    eye: Eye
    needs: str = ""  # "statements" or "orders": what the party must be entitled to
    codes: frozenset[str] = frozenset()  # rules of the gate that this check tells of


def found_in(seen: Seen, field: str, told: str, wanted: str) -> Finding:
    """Return the finding at this record."""
    message = seen.record.message
    return Finding(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        field=field,
        seen=told,
        wanted=wanted,
    )


def looked(examined: int, findings: Iterable[Finding], *, untested: str | None = None) -> Look:
    """Return the look; who examined nothing has tested nothing."""
    found = tuple(findings)
    why = untested or (NOTHING if examined == 0 and not found else None)
    return Look(examined=examined, findings=found, untested=None if found else why)


def header(seen: Seen, name: str) -> str:
    """Return a header as it came, for a sentence; the key as `key`."""
    message = seen.record.message
    if name == "key":
        return repr((message.key or b"").decode("utf-8", "replace"))
    told = [value for known, value in message.headers if known == name]
    return repr(told[-1].decode("utf-8", "replace")) if told and told[-1] else "（没有）"


def is_behind(one: Seen, two: Seen) -> bool:
    """Return whether both lie in one partition, the first one behind the second."""
    first, second = one.record.message, two.record.message
    return first.partition == second.partition and first.offset > second.offset
