"""Sending once more what lies in quarantine: where index, topic and gate's rules are joined."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from credit_bus.contracts.wire import Message
from credit_bus.flows.outcome import Known
from credit_bus.operations.quarantine.kept import Kept
from credit_bus.operations.quarantine.rejudged import (
    NOT_KEPT,
    OUTBOX_GONE,
    Bench,
    Judgement,
    document_of,
    rejudge,
    to_send,
)
from credit_bus.operations.quarantine.tally import Tally, tally_of
from credit_bus.operations.trace.hops import Hop
from credit_bus.operations.trace.reading import Reader
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor.quarantine_store import PLACES_MAX, QuarantineStore
from credit_bus_connectors.monitor.quarantine_topic import (
    Place,
    Quarantine,
    open_quarantine,
    partition_of,
    say_again,
)
from credit_bus_connectors.monitor.redrive_store import OnePersonError, Redrive, RedriveStore

LOOKED_AT_ONCE_MAX = 50  # messages in memory, of whatever size
SENT_AT_ONCE_MAX = 100  # messages in a transaction of the log; a body that is taken has 1 MiB


class RedriveError(Exception):
    """It is not done, for the reason in the text."""


class UnsentError(UnreachableError):
    """It is approved, and whether it was sent is not known: approved again it is taken once."""


class UselessError(Exception):
    """Sending it once more would change nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What lies at a place in quarantine, and what the gate would say of it today."""

    place: Place
    kept: Kept | None
    judged: Judgement | None  # None as long as `kept` is
    known: Known | None = None  # what is accepted of its document
    home: int | None = None  # the partition in which its key belongs
    has_outbox: bool = True

    @property
    def codes(self) -> tuple[str, ...]:
        """Return why it is left where it lies; none when sending it would change anything."""
        if self.judged is None:
            return (NOT_KEPT,)
        return self.judged.hindrances if self.has_outbox else (OUTBOX_GONE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a redrive would do: the counts, and those worth sending with what they were."""

    tally: Tally
    worth: Mapping[Place, Hop]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redriving:
    """What looks at the quarantine and sends from it. Raises UnreachableError.

    Who may do what is the caller's to ask; that two persons stand behind it is the table's.
    """

    store: QuarantineStore
    redrives: RedriveStore
    bench: Bench
    broker: str | None

    def look(self, place: Place, now: datetime) -> Look:
        """Return what lies there, and what the gate would say today."""
        return next(self.looked([place], now))

    def looked(self, places: Iterable[Place], now: datetime) -> Iterator[Look]:
        """Yield what lies at each place, in order, judged as if those before it were sent."""
        learnt: dict[bytes, Known] = {}
        with open_quarantine(self._broker()) as quarantine:
            found = quarantine.kept(places)
            while several := list(islice(found, LOOKED_AT_ONCE_MAX)):
                documents = {place: self._document(kept) for place, kept in several}
                known = self.store.known({each for each in documents.values() if each}) | learnt
                for place, kept in several:
                    document = documents[place]
                    of_it = None if document is None else known.get(document)
                    look = self._judged(quarantine, place, kept, of_it, now)
                    if document and look.judged and look.judged.known and not look.codes:
                        known[document] = learnt[document] = look.judged.known
                    yield look

    def weigh(self, looks: Iterable[Look]) -> Weighed:
        """Return what a redrive of these would do."""
        reader = Reader(codec=self.bench.codec, registry=self.bench.registry)
        hindrances: list[tuple[str, ...]] = []
        worth: dict[Place, Hop] = {}
        for look in looks:
            hindrances.append(look.codes)
            if look.kept is not None and not look.codes:
                worth[look.place] = reader.hop(look.kept.message)
        return Weighed(tally=tally_of(hindrances), worth=worth)

    def waiting(self, redrive: Redrive, now: datetime) -> Iterator[Look]:
        """Yield what a redrive has not sent yet."""
        return self.looked(self.redrives.waiting(redrive.number, most=PLACES_MAX), now)

    def open_redrive(self, number: int) -> Redrive:
        """Return a redrive that has not ended. Raises RedriveError for any other."""
        found = self.redrives.find(number)
        if found is None or not found.is_open:
            state = "does not exist" if found is None else f"is {found.state}"
            raise RedriveError(f"redrive {number} {state}: see `credit-bus quarantine redrives`")
        return found

    def decline(self, number: int, *, by: str, now: datetime) -> None:
        """Decline what waits; whoever proposed it may."""
        self.open_redrive(number)
        if not self.redrives.decide(number, by=by, approves=False, now=now):
            raise RedriveError(f"redrive {number} is decided already")

    def approve(self, number: int, *, by: str, now: datetime) -> Redrive:
        """Approve what another person proposed, and say it again; return how it ended.

        Of what is approved already the rest is sent; the first decision stands. Raises
        UselessError when all of it would be refused, or was accepted meanwhile, and UnsentError
        when it is approved and broker or database went.
        """
        found = self.open_redrive(number)
        if found.state == "waiting":
            self._approve(found, by=by, now=now)
        try:
            self._send(number, now)
        except UnreachableError as error:
            raise UnsentError(
                f"redrive {number} is approved, whether all was sent is not known: approve it again"
                f" ({error})"
            ) from error
        ended = self.redrives.find(number)
        assert ended is not None, "nobody deletes a redrive"
        return ended

    def _approve(self, found: Redrive, *, by: str, now: datetime) -> None:
        codes: set[str] = set()
        for look in self.waiting(found, now):
            if not look.codes:
                break
            codes.update(look.codes)
        else:
            told = ", ".join(sorted(codes))
            raise UselessError(f"redrive {found.number} would change nothing: {told}")
        try:
            is_decided = self.redrives.decide(found.number, by=by, approves=True, now=now)
        except OnePersonError as error:
            raise RedriveError(
                f"{by} proposed redrive {found.number}: another person must approve it"
            ) from error
        if not is_decided:
            raise RedriveError(f"redrive {found.number} is decided already")

    def _send(self, number: int, now: datetime) -> None:
        """Send what waits, so many at once; whoever dies goes on by approving again."""
        while places := self.redrives.waiting(number, most=SENT_AT_ONCE_MAX):
            ended: dict[Place, tuple[str, ...]] = {}
            messages: dict[Place, Message] = {}
            for look in self.looked(places, now):
                ended[look.place] = look.codes
                if look.kept is not None and not look.codes:
                    messages[look.place] = to_send(
                        look.kept, look.known, self.bench, home=look.home, now=now
                    )
            self._end(number, ended, messages, now)

    def _end(
        self,
        number: int,
        ended: Mapping[Place, tuple[str, ...]],
        messages: Mapping[Place, Message],
        now: datetime,
    ) -> None:
        def send(still: set[Place]) -> None:
            say_again(self._broker(), [messages[place] for place in sorted(still)])

        self.redrives.end(number, ended, send=send, now=now)

    def _document(self, kept: Kept | None) -> bytes | None:
        return None if kept is None else document_of(kept, self.bench.codec)

    def _judged(
        self,
        quarantine: Quarantine,
        place: Place,
        kept: Kept | None,
        known: Known | None,
        now: datetime,
    ) -> Look:
        if kept is None:
            return Look(place=place, kept=None, judged=None)
        partitions = quarantine.partitions_of(kept.message.topic)
        home = partition_of(kept.message, partitions) if partitions else None
        return Look(
            place=place,
            kept=kept,
            judged=rejudge(kept, known, self.bench, home=home, now=now),
            known=known,
            home=home,
            has_outbox=partitions > 0,
        )

    def _broker(self) -> str:
        if self.broker is None:
            raise UnreachableError("no broker is given: give --broker HOST:PORT")
        return self.broker
