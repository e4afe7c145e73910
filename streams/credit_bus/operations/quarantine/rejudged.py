"""A refused message judged once more, by the schemas and rules of today and the real gate. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.headers import read_claims
from credit_bus.contracts.wire import Message, arrival_of, read_event
from credit_bus.domain.channels import owner_of_outbox
from credit_bus.domain.event import document_key
from credit_bus.domain.event_types import CANARY_SENT
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Registry
from credit_bus.flows.gate import gate
from credit_bus.flows.outcome import Forward, Known, Outcome, Quarantine
from credit_bus.flows.refusals import refusal
from credit_bus.operations.quarantine.kept import Kept

REDRIVEN_HEADER = "bus_redriven_from"
# Why a message is left where it lies, besides the codes of reasons.
SAID_BEFORE, CANARY = "said-before", "canary"
NOT_KEPT, OUTBOX_GONE = "not-kept", "outbox-gone"


class Verdict(Enum):
    """What the gate would say today."""

    ACCEPTED = "accepted"
    SAID_BEFORE = "said-before"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the gate would say today, against what it said then."""

    verdict: Verdict
    rule: str  # version of the registry that judges today
    gone: tuple[Reason, ...]  # reasons of then that are none today
    stay: tuple[Reason, ...]
    new: tuple[Reason, ...]
    known: Known | None = None  # of its document, once it is accepted
    is_canary: bool = False  # it shows how long the way takes now: an old one would show nothing

    @property
    def hindrances(self) -> tuple[str, ...]:
        """Return why sending it again would change nothing; none when it is worth sending."""
        if self.is_canary:
            return (CANARY,)
        if self.verdict is Verdict.SAID_BEFORE:
            return (SAID_BEFORE,)
        return tuple(dict.fromkeys(each.code for each in (*self.stay, *self.new)))

    @property
    def is_accepted(self) -> bool:
        """Whether the gate would take it as new."""
        return self.verdict is Verdict.ACCEPTED

    @property
    def is_worth_sending(self) -> bool:
        """Whether sending it again would change anything."""
        return not self.hindrances


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What judging needs: schemas and rules of today."""

    codec: Codec
    registry: Registry


def document_of(kept: Kept, codec: Codec) -> bytes | None:
    """Return the document whose newest revision must be known to judge it; None for none."""
    event = read_event(kept.message, codec).event
    return None if event is None else document_key(event)


def rejudge(
    kept: Kept, known: Known | None, bench: Bench, *, home: int | None, now: datetime
) -> Judgement:
    """Return what the gate would say today.

    `known` is what is accepted of its document, `home` the partition in which its key belongs.
    """
    outcome = _outcome(kept.message, known, bench, home=home, now=now)
    then = {(each.code, each.field): each for each in kept.reasons}
    today = {(each.code, each.field): each for each in _reasons(outcome)}
    return Judgement(
        verdict=_verdict(outcome),
        rule=bench.registry.version,
        gone=tuple(each for key, each in then.items() if key not in today),
        stay=tuple(each for key, each in today.items() if key in then),
        new=tuple(each for key, each in today.items() if key not in then),
        known=outcome.known,
        is_canary=read_claims(kept.message.headers).type == CANARY_SENT,
    )


def to_send(
    kept: Kept, known: Known | None, bench: Bench, *, home: int | None, now: datetime
) -> Message:
    """Return the original as it is to be said again: same place, key, headers and bytes.

    One header more tells where it lay, unless that would change what the gate says.
    """
    mark = (REDRIVEN_HEADER, kept.place.encode())
    original = kept.message
    marked = replace(original, headers=(*original.headers, mark))
    plain = _outcome(original, known, bench, home=home, now=now)
    return marked if _outcome(marked, known, bench, home=home, now=now) == plain else original


def _outcome(
    message: Message, known: Known | None, bench: Bench, *, home: int | None, now: datetime
) -> Outcome:
    is_astray = home is not None and home != message.partition
    arrival = arrival_of(
        message,
        read_event(message, bench.codec),
        sender=owner_of_outbox(message.topic),
        more=(refusal("wrong-partition", "key"),) if is_astray else (),
    )
    return gate(arrival, known, registry=bench.registry, now=now)


def _reasons(outcome: Outcome) -> tuple[Reason, ...]:
    refused = [each for each in outcome.outputs if isinstance(each, Quarantine)]
    return refused[0].reasons if refused else ()


def _verdict(outcome: Outcome) -> Verdict:
    if _reasons(outcome):
        return Verdict.REJECTED
    is_new = any(isinstance(each, Forward) for each in outcome.outputs)
    return Verdict.ACCEPTED if is_new else Verdict.SAID_BEFORE
