"""A batch of rows to events and their answers: one transaction a batch, an outcome for every row.

Good rows go through whatever the bad ones do. Everything here may be done again after a crash: the
ledger gives the same ids, and the gate takes them once.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.identity import pseudonym, seal
from credit_bus.contracts.wire import VALUE_BYTES_MAX
from credit_bus.domain.event import Body, Event
from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.failures import (
    NotPublishedError,
    UnansweredError,
    UncertainError,
)
from credit_bus_connectors.departments.files.header import Layout
from credit_bus_connectors.departments.files.ledger import (
    Entry,
    Ledger,
    Said,
    SeenFile,
    State,
    Verdict,
)
from credit_bus_connectors.departments.files.mapping import Mapped, identity_numbers, map_row
from credit_bus_connectors.departments.files.tables import Row
from credit_bus_connectors.departments.receipts import Answer, Receipt
from credit_bus_connectors.departments.rules import form_reason
from credit_bus_connectors.departments.statement import make_event
from credit_bus_connectors.keys import PostgresKeyStore

ATTEMPTS_MAX = 3
RETRY_WAIT_SECONDS = 1.0  # doubles with each attempt
ANSWER_WAIT_SECONDS_MAX = 60.0
WHY_CHARACTERS_MAX = 300  # of an error in a log line: it may list every id of a batch

# Waits so many seconds, and tells whether to stop instead of going on.
Pause = Callable[[float], bool]

log = structlog.get_logger()


class StoppedError(Exception):
    """The process is to end; the file stays where it is and is taken up again from there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What taking in a party's files needs. One thread at a time."""

    client: DepartmentClient
    codec: Codec
    ledger: Ledger
    keys: PostgresKeyStore
    secret: bytes
    pause: Pause
    answer_wait_seconds: float = ANSWER_WAIT_SECONDS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where rows are from: the file by its content, and the place of their table's first row."""

    file: str
    place: int


# What the ledger would not say anew: why.
_UNTOLD = {
    Verdict.SUPERSEDED: "content-superseded",
    Verdict.CONTRADICTED: "document-contradicted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """A row's outcome: exactly one of the three, with reasons when rejected."""

    row: int
    state: Answer
    reasons: tuple[Reason, ...] = ()


def say_rows(
    desk: Desk, layout: Layout, batch: Sequence[Row], origin: Origin, seen: SeenFile
) -> list[Verdicts]:
    """Return the outcome of each row of the batch, in order.

    Raises what `DepartmentClient.publish` raises after `ATTEMPTS_MAX` attempts, and StoppedError.
    """
    mapped = _map(desk, layout, batch)
    verdicts = {
        row.number: Verdicts(row=row.number, state=Answer.REJECTED, reasons=outcome.reasons)
        for row, outcome in mapped
        if outcome.body is None
    }
    kind = layout.template.type
    good = [
        (_said(kind, outcome, outcome.body, desk.codec, origin, row.number), outcome.body)
        for row, outcome in mapped
        if outcome.body is not None
    ]
    entries = desk.ledger.stage([said for said, _ in good])
    rows = [(said, body, entry) for (said, body), entry in zip(good, entries, strict=True)]
    to_say = [row for row in rows if row[2].verdict is Verdict.SAY]
    events = [
        make_event(
            party=desk.client.party,
            type_=kind,
            body=body,
            subject=said.subject,
            revision=entry.revision,
            time=seen.first_seen_at,
        )
        for said, body, entry in to_say
    ]
    receipts = _publish(desk, events)
    answered = dict(zip([_name(said, entry) for said, _, entry in to_say], receipts, strict=True))
    desk.ledger.answer(
        (
            said,
            entry.revision,
            State.REJECTED if receipt.answer is Answer.REJECTED else State.ACCEPTED,
        )
        for (said, _, entry), receipt in zip(to_say, receipts, strict=True)
    )
    for said, _, entry in rows:
        receipt = answered.get(_name(said, entry))
        verdicts[said.row - origin.place] = _verdict(
            said.row - origin.place, entry, receipt, seen_before=seen.answered_at is not None
        )
    return [verdicts[row.number] for row in batch]


def _map(desk: Desk, layout: Layout, batch: Sequence[Row]) -> list[tuple[Row, Mapped]]:
    """Map the rows; the keys of all identity numbers of the batch are fetched together."""
    numbers = [number for row in batch for number in identity_numbers(layout, row.cells)]
    desk.keys.get_or_create_many({pseudonym(number, desk.secret) for number in numbers})

    def sealed(number: str) -> Mapping[str, Any]:
        return seal(number, desk.secret, desk.keys)

    outcomes = [(row, map_row(layout, row.cells, sealed)) for row in batch]
    kind = layout.template.type
    return [(row, _within_bounds(outcome, kind, desk.codec)) for row, outcome in outcomes]


def _within_bounds(outcome: Mapped, kind: str, codec: Codec) -> Mapped:
    if outcome.body is None or len(codec.encode(kind, outcome.body)) <= VALUE_BYTES_MAX:
        return outcome
    return Mapped(body=None, reasons=(form_reason("row-too-large", ""),))


def _said(
    kind: str, outcome: Mapped, body: Body, codec: Codec, origin: Origin, number: int
) -> Said:
    """Return the row as the ledger compares it: by content, not by how a number is sealed."""
    subject = {
        name: {**value, "box": b""} if isinstance(value, Mapping) else value
        for name, value in body["subject"].items()
    }
    content = codec.encode(kind, {**body, "subject": subject})
    return Said(
        type=kind,
        document=outcome.document,
        subject=outcome.subject,
        digest=hashlib.sha256(content).digest(),
        file=origin.file,
        row=origin.place + number,
    )


def _publish(desk: Desk, events: Sequence[Event]) -> list[Receipt]:
    """Return the gate's receipt for each event; the same events again while none came.

    On a further attempt the gate may call an event said before that the first attempt had said.
    """
    for attempt in range(1, ATTEMPTS_MAX + 1):
        try:
            receipts = desk.client.publish(
                events, wait=True, timeout_seconds=desk.answer_wait_seconds
            )
        except (UnansweredError, NotPublishedError, UncertainError) as error:
            if attempt == ATTEMPTS_MAX:
                raise
            log.warning(
                "folder.retry",
                party=desk.client.party,
                attempt=attempt,
                why=str(error)[:WHY_CHARACTERS_MAX],
            )
            if desk.pause(RETRY_WAIT_SECONDS * 2 ** (attempt - 1)):
                raise StoppedError from error
        else:
            return receipts if attempt == 1 else [_first_said(receipt) for receipt in receipts]
    raise AssertionError("the last attempt returns or raises")


def _first_said(receipt: Receipt) -> Receipt:
    duplicate = receipt.answer is Answer.DUPLICATE
    return replace(receipt, answer=Answer.ACCEPTED) if duplicate else receipt


def _name(said: Said, entry: Entry) -> tuple[str, str, int]:
    return (said.document, said.subject, entry.revision)


def _verdict(row: int, entry: Entry, receipt: Receipt | None, *, seen_before: bool) -> Verdicts:
    """Return the outcome of a row; the receipt is the one for its document and revision.

    A row accepted in a run that did not end is accepted; in one that did, it was said before.
    """
    match entry.verdict:
        case Verdict.SUPERSEDED | Verdict.CONTRADICTED as untold:
            reasons = (form_reason(_UNTOLD[untold], ""),)
            return Verdicts(row=row, state=Answer.REJECTED, reasons=reasons)
        case Verdict.ANSWERED | Verdict.DUPLICATE as known:
            anew = known is Verdict.ANSWERED and not seen_before
            return Verdicts(row=row, state=Answer.ACCEPTED if anew else Answer.DUPLICATE)
        case Verdict.SAY | Verdict.REPEATED:
            assert receipt is not None, f"row {row} was said and has no receipt"
    if receipt.answer is Answer.REJECTED:
        return Verdicts(row=row, state=Answer.REJECTED, reasons=receipt.reasons)
    if entry.verdict is Verdict.REPEATED:
        return Verdicts(row=row, state=Answer.DUPLICATE)
    state = Answer.ACCEPTED if entry.resumed else receipt.answer
    return Verdicts(row=row, state=state)
