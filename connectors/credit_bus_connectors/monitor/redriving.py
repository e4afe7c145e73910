"""Sending once more what lies in quarantine: where index, topic and gate's rules are joined."""

from dataclasses import dataclass
from datetime import datetime

from credit_bus.contracts.wire import Message
from credit_bus.flows.outcome import Known
from credit_bus.operations.quarantine.kept import Kept
from credit_bus.operations.quarantine.rejudged import (
    Bench,
    Judgement,
    document_of,
    rejudge,
    to_send,
)
from credit_bus.operations.trace.reading import Reader
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor.quarantine_store import (
    OnePersonError,
    QuarantineStore,
    Redrive,
)
from credit_bus_connectors.monitor.quarantine_topic import home_of, read_kept, say_again


class RedriveError(Exception):
    """It is not done, for the reason in the text."""


class UnsentError(UnreachableError):
    """It is approved, and whether it was sent is not known: approved again it is taken once."""


class UselessError(Exception):
    """Sending it once more would change nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redriving:
    """What looks at the quarantine and sends from it. Raises UnreachableError."""

    store: QuarantineStore
    bench: Bench
    broker: str | None

    def kept(self, partition: int, offset: int) -> Kept | None:
        """Return what lies there in quarantine."""
        return read_kept(self._broker(), partition, offset)

    def judge(self, kept: Kept, now: datetime) -> Judgement:
        """Return what the gate would say today."""
        known, home = self._asked(kept)
        return rejudge(kept, known, self.bench, home=home, now=now)

    def propose(self, kept: Kept, *, by: str, why: str, now: datetime) -> int | None:
        """Note that somebody wants it sent; return the number, None when that waits already."""
        hop = Reader(codec=self.bench.codec, registry=self.bench.registry).hop(kept.message)
        return self.store.propose(
            name=hop.name,
            type_=hop.type,
            partition=kept.partition,
            offset=kept.offset,
            topic=kept.message.topic,
            by=by,
            why=why,
            now=now,
        )

    def decline(self, number: int, *, by: str, now: datetime) -> None:
        """Decline what waits; whoever proposed it may."""
        self._waiting(number)
        if not self.store.decide(number, by=by, approves=False, now=now):
            raise RedriveError(f"redrive {number} is decided already")

    def approve(self, number: int, *, by: str, now: datetime) -> Message:
        """Approve what another person proposed, and say it again; return what was said.

        Raises UselessError when it would be refused, or was accepted meanwhile, and UnsentError.
        """
        found = self._waiting(number)
        kept = self.kept(found.partition, found.offset)
        if kept is None:
            raise RedriveError(f"redrive {number}: the message lies in quarantine no more")
        known, home = self._asked(kept)
        judged = rejudge(kept, known, self.bench, home=home, now=now)
        if not judged.is_worth_sending and found.state == "waiting":
            codes = ", ".join(each.code for each in (*judged.stay, *judged.new))
            raise UselessError(f"redrive {number} would change nothing: {codes or 'said before'}")
        try:
            is_decided = self.store.decide(number, by=by, approves=True, now=now)
        except OnePersonError as error:
            raise RedriveError(
                f"{by} proposed redrive {number}: another person must approve it"
            ) from error
        if not is_decided:
            raise RedriveError(f"redrive {number} is decided already")
        message = to_send(kept, known, self.bench, home=home, now=now)
        try:
            say_again(self._broker(), message)
            self.store.sent(number, now=now)
        except UnreachableError as error:
            raise UnsentError(
                f"redrive {number} is approved, whether it was sent is not known: approve it again"
                f" ({error})"
            ) from error
        return message

    def _asked(self, kept: Kept) -> tuple[Known | None, int | None]:
        """Return what is accepted of its document, and the partition in which its key belongs."""
        known = self.store.known(document_of(kept, self.bench.codec))
        return known, home_of(self._broker(), kept.message)

    def _waiting(self, number: int) -> Redrive:
        found = self.store.find(number)
        if found is None or found.state not in ("waiting", "approved"):
            state = "does not exist" if found is None else f"is {found.state}"
            raise RedriveError(f"redrive {number} {state}: see `credit-bus quarantine list`")
        return found

    def _broker(self) -> str:
        if self.broker is None:
            raise RedriveError("no broker is given: give --broker HOST:PORT")
        return self.broker
