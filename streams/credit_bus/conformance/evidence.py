"""Questions to a history: what of the plan has been said, how often, in answer to what."""

from collections.abc import Iterator
from dataclasses import dataclass

from credit_bus.conformance.history import History, Seen
from credit_bus.conformance.orders import Case
from credit_bus.conformance.plan import ANSWERS, of, says
from credit_bus.conformance.statements import Statement
from credit_bus.domain.answers import REFUSED
from credit_bus.domain.event_types import MEASURE_EXECUTED, MEASURE_LIFTED, MEASURE_RESPONDED

EXECUTED = "executed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was said in answer to one order, with places in the history, in order."""

    responses: tuple[tuple[int, Seen], ...]
    executions: tuple[tuple[int, Seen], ...]
    liftings: tuple[tuple[int, Seen], ...]

    @property
    def refused(self) -> bool:
        """Return whether the order was not taken on."""
        return any(seen.body and seen.body["decision"] == REFUSED for _, seen in self.responses)

    @property
    def done(self) -> bool:
        """Return whether nothing more is to be said: fed back, or refused."""
        return bool(self.responses) and (self.refused or bool(self.executions))

    @property
    def over(self) -> bool:
        """Return whether nothing more is to be said after the end: lifted, or refused."""
        return self.refused or bool(self.liftings)


def visible(history: History) -> Iterator[tuple[int, Seen]]:
    """Yield every record that readers of committed records see, with its place."""
    for place, entry in enumerate(history):
        if isinstance(entry, Seen) and entry.record.is_visible:
            yield place, entry


def sayings(history: History, statement: Statement) -> list[tuple[int, Seen]]:
    """Return every record that says what the statement says of its document."""
    return [
        (place, seen)
        for place, seen in visible(history)
        if seen.kind == statement.kind and seen.body is not None and says(seen.body, statement)
    ]


def of_document(history: History, statement: Statement) -> list[tuple[int, Seen]]:
    """Return every record about the statement's document, whatever it says."""
    return [
        (place, seen)
        for place, seen in visible(history)
        if seen.kind == statement.kind and seen.body is not None and of(seen.body, statement)
    ]


def arrived(history: History, statement: Statement) -> bool:
    """Return whether something about the document was said as the statement wants it.

    A correction under a new document number counts: it was said, though wrongly.
    """
    if statement.corrects is not None:
        return bool(corrections(history, statement))
    return bool(of_document(history, statement))


def corrections(history: History, statement: Statement) -> list[tuple[int, Seen]]:
    """Return every record with the corrected words, under whatever document number."""
    document = {"document_number", "case_number"}
    words = {k: v for k, v in statement.body.items() if k not in document}
    return [
        (place, seen)
        for place, seen in visible(history)
        if seen.kind == statement.kind
        and seen.body is not None
        and all(seen.body.get(k) == v for k, v in words.items() if k in _WORDS)
    ]


_WORDS = frozenset({"facts", "content", "duty"})


def said_again(history: History, statement: Statement) -> bool:
    """Return whether the statement's document was said at least twice."""
    return len(of_document(history, statement)) > 1


def answers_to(history: History, case: Case) -> Answers:
    """Return everything that was said about the case's action and measure."""
    about = [
        (place, seen)
        for place, seen in visible(history)
        if seen.body is not None
        and seen.kind in ANSWERS
        and (seen.body["action_id"], seen.body["measure"]) == (case.action, case.measure)
    ]
    return Answers(
        responses=tuple(each for each in about if each[1].kind == MEASURE_RESPONDED),
        executions=tuple(each for each in about if each[1].kind == MEASURE_EXECUTED),
        liftings=tuple(each for each in about if each[1].kind == MEASURE_LIFTED),
    )


def executions(history: History, case: Case) -> list[tuple[int, Seen]]:
    """Return every record that says the case's measure was carried out."""
    found = answers_to(history, case).executions
    return [
        (place, seen) for place, seen in found if seen.body and seen.body["outcome"] == EXECUTED
    ]
