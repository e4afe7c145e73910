"""A penalty, an action on it, and an objection to the penalty, all three of one number."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests import samples

from benchmarks.figures.district import MEASURE
from benchmarks.figures.stamped import number_of
from credit_bus.contracts.wire import Message
from credit_bus.domain.event import action_id
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    ACTION_SUSPENDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
)
from credit_bus.domain.synthetic import SYNTHETIC_CODES_MAX

_RAISED = OBJECTION_RAISED.encode()
_SUSPENDED = ACTION_SUSPENDED.encode()


def action_of(number: int, party: str) -> str:
    """Return the name of the party's action of that number."""
    return action_id(initiator=party, instrument=_document(number), subject=_subject(number))


def beginning(number: int, party: str) -> Iterator[Message]:
    """Yield the party's penalty and its initiation on it."""
    firm = number % SYNTHETIC_CODES_MAX
    penalty = samples.penalty_body(firm, document_number=_document(number))
    instrument = {
        "type": "administrative-penalty-decision",
        "title": "行政处罚决定书",
        "number": _document(number),
        "article": "某法第一条",
        "issuer": "示例部门",
        "issued_on": date(2026, 5, 20),
        "effective_on": date(2026, 5, 20),
    }
    initiation = samples.initiation_body(
        firm,
        action_id=action_of(number, party),
        instrument=instrument,
        field="tendering",
        measures=[MEASURE],
    )
    for kind, body in ((PENALTY_DECIDED, penalty), (ACTION_INITIATED, initiation)):
        yield samples.message(samples.said(kind, body, party=party))


def objection(number: int, *, about: str, party: str) -> Message:
    """Return the party's objection to the penalty of that number by the party `about`."""
    record = {"provider": about, "type": PENALTY_DECIDED, "document_number": _document(number)}
    body = samples.objection_body(
        number % SYNTHETIC_CODES_MAX,
        objection_number=f"异〔2026〕{number}号",
        about={"record": record, "action_id": None},
    )
    return samples.message(samples.said(OBJECTION_RAISED, body, party=party))


def objected(message: Any) -> int | None:
    """Return the number of a record that is an objection; None for every other."""
    return number_of(message.value()) if _header(message, "ce_type") == _RAISED else None


class Suspended:
    """Tells by its headers which action of a range was suspended, from a record."""

    def __init__(self, numbers: range, party: str) -> None:
        self._numbers = {action_of(number, party).encode(): number for number in numbers}

    def __call__(self, message: Any) -> int | None:
        """Return the action's number; None for everything but its suspension."""
        if _header(message, "ce_type") != _SUSPENDED:
            return None
        return self._numbers.get(_header(message, "ce_correlationid"))


def _header(message: Any, name: str) -> bytes:
    return dict(message.headers() or ()).get(name, b"")


def _document(number: int) -> str:
    return f"示罚〔2026〕{number}号"


def _subject(number: int) -> str:
    return str(samples.reference(number % SYNTHETIC_CODES_MAX)["uscc"])
