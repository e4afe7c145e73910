"""One broken body: which event type, what is changed in it, and every reason that follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credit_bus.domain.event_types import ACTION_INITIATED, PENALTY_DECIDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A change of the valid body, and the `code field` pairs that it must be refused with."""

    kind: str
    changes: Mapping[str, Any]
    reasons: tuple[str, ...]
    context: Mapping[str, Any]

    def __str__(self) -> str:
        """Name the case in a test's id."""
        return f"{self.kind} {' '.join(self.reasons)}"


def case(kind: str, changes: Mapping[str, Any], *reasons: str, **context: Any) -> Case:
    """A case of any event type; `context` changes who speaks, about whom, and when."""
    return Case(kind=kind, changes=changes, reasons=reasons, context=context)


def coded(uscc: str | None, *reasons: str, **changes: Any) -> Case:
    """A penalty on a subject with that code, which is also its key."""
    places = {f"subject.{name}": value for name, value in changes.items()}
    return case(PENALTY_DECIDED, {"subject.uscc": uscc, **places}, *reasons, subject=uscc or "")


def measured(measure: str, *codes: str, **changes: Any) -> Case:
    """An initiation of that measure alone, refused on its account."""
    reasons = tuple(f"{code} measures[0]" for code in codes)
    return case(ACTION_INITIATED, {"measures": [measure], **changes}, *reasons)
