"""The way of a request: claimed, kept, said, judged, answered; resumed when it stopped half-way.

Each step is written down before the next begins, so that a request that ended anywhere goes on
there: when its client sends it again, or by itself (`_Resumer`). A statement is said under a trace
of its own, fixed before the first attempt; its first receipt is its verdict. Knows no web
framework.
"""

import hmac
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.identity import pseudonym
from credit_bus.contracts.schemas import SchemaCatalogue
from credit_bus.logs import logger, told_of
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.failures import ClientError
from credit_bus_connectors.departments.http.claims import Claims
from credit_bus_connectors.departments.http.keys import party_of
from credit_bus_connectors.departments.http.outlet import Outlets
from credit_bus_connectors.departments.http.receipts import Receipts
from credit_bus_connectors.departments.http.request import (
    Item,
    Name,
    Request,
    Response,
    answer,
    digest_of,
    event_answer,
    read_request,
    refused,
)
from credit_bus_connectors.departments.http.store import Kept, Store
from credit_bus_connectors.departments.http.writing import write
from credit_bus_connectors.departments.json_form.statement import (
    Refused,
    Statement,
    read_statement,
    shapes_of,
)
from credit_bus_connectors.departments.sealing import Sealer
from credit_bus_connectors.ending import ending_the_process

ANSWER_WAIT_SECONDS_DEFAULT = 10.0
RESUME_SECONDS = 2.0  # between two looks for requests that stopped half-way
RESUME_AFTER_SECONDS = 1.0  # how old a request must be before it counts as one
FORGET_SECONDS = 3600.0
STOP_SECONDS_MAX = 30.0
READS_AT_ONCE_MAX = 4  # a body takes ten times its bytes while it is read

REQUEST_ANSWERED = "intake.request"
REQUEST_POSTPONED = "intake.postponed"

log = logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSettings:
    """Where an intake's collaborators are.

    `instance` tells apart processes that take in at the same time. `base_path` is what stands
    before `/events` in the links of answers, for a router that is mounted below a path.
    """

    broker: str
    database: str
    secret: bytes = field(repr=False)
    instance: str = "http"
    base_path: str = ""
    answer_wait_seconds: float = ANSWER_WAIT_SECONDS_DEFAULT
    security: Mapping[str, Any] = field(default_factory=dict, repr=False)


class Intake:
    """Takes in what departments say over HTTP. Thread-safe; a context manager."""

    def __init__(self, settings: IntakeSettings, *, catalogue: SchemaCatalogue) -> None:
        """Remember how to connect; nothing is opened before it is entered."""
        self._settings = settings
        self._codec = Codec(catalogue)
        self._shapes = shapes_of(catalogue)
        self._store = Store(settings.database)
        self._claims = Claims(settings.database)
        self._sealer = Sealer(settings.database, secret=settings.secret)
        self.receipts = Receipts(
            {
                "bootstrap_servers": settings.broker,
                "client_id": f"intake-{settings.instance}",
                **settings.security,
            },
            codec=self._codec,
            store=self._store,
        )
        self._reading = threading.BoundedSemaphore(READS_AT_ONCE_MAX)
        self._outlets = Outlets(self._connect)
        self._stop = threading.Event()
        self._resumer = threading.Thread(
            target=ending_the_process(self._resume_all), name="resumer", daemon=True
        )

    def __enter__(self) -> Self:
        """Begin to read receipts, and to finish what a former process left."""
        self.receipts.start()
        self._resumer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of everything; what is not finished is resumed by the next process."""
        self._stop.set()
        self._resumer.join(STOP_SECONDS_MAX)
        self.receipts.stop()
        self._outlets.close()
        self._claims.close()
        self._sealer.close()
        self._store.close()

    def party_of(self, headers: Mapping[str, str]) -> str | Response | None:
        """Return the party whose key these headers carry, None for nobody's, or 503."""
        try:
            with self._store.database() as database:
                return party_of(database, headers)
        except UnreachableError as error:
            return self._postponed("", error)

    def event(self, party: str, event_id: str) -> Response:
        """Return what is known of an event that the party has said here."""
        try:
            verdict = self._store.event(party, event_id)
        except UnreachableError as error:
            return self._postponed(party, error)
        if verdict is None:
            return refused("http-no-such-event")
        return event_answer(verdict, base_path=self._settings.base_path)

    def take(self, request: Request) -> Response:
        """Return the answer to a request, the same for the same key and content.

        Comes back after at most the bounds of a transaction and `answer_wait_seconds`.
        """
        began = time.monotonic()
        party = request.name.party
        try:
            response = self._take(request)
        except (ClientError, UnreachableError) as error:
            return self._postponed(party, error)
        log.info(
            REQUEST_ANSWERED,
            party=party,
            status=response.status,
            bytes=len(request.content),
            seconds=round(time.monotonic() - began, 3),
        )
        return response

    def _take(self, request: Request) -> Response:
        if not self.receipts.is_reading:
            raise UnreachableError("receipts are read no more; start the intake anew")
        digest = digest_of(request, self._settings.secret)
        known = _known(self._store.find(request.name), digest)
        if isinstance(known, Response):
            return known
        with self._claims.taken(request.name) as is_ours:
            if not is_ours:
                return refused("http-under-way")
            # It may have been finished between the look and the claim.
            known = _known(self._store.find(request.name), digest)
            if isinstance(known, Response):
                return known
            if known is not None:
                return self._resume(request.name, known)
            with self._reading:
                items = self._keep(request, digest)
            return items if isinstance(items, Response) else self._finish(request.name, items)

    def _keep(self, request: Request, digest: bytes) -> tuple[Item, ...] | Response:
        """Write down what the request says: ids, times and traces are fixed from now on."""
        now = datetime.now(UTC)

        def read(document: Any) -> Statement | Refused:
            return read_statement(
                document,
                party=request.name.party,
                now=now,
                shapes=self._shapes,
                pseudonym=lambda number: pseudonym(number, self._settings.secret),
            )

        found = read_request(request.content, request.media_type, strict=request.strict, read=read)
        if isinstance(found, Response):
            return found
        said = [each for each in found if isinstance(each, Statement)]
        names = (name for each in said for name in each.pseudonyms)
        items, written = write(found, self._sealer.ready_for(names), self._codec)
        is_new = self._store.keep(
            request.name, digest=digest, received_at=now, items=items, written=written
        )
        return items if is_new else refused("http-under-way")

    def _finish(self, name: Name, items: Sequence[Item]) -> Response:
        """Say what was written down, wait for the receipts, and answer for ever."""
        with self.receipts.waiter(_traces(items)) as waiter:
            self._say(name)
            self._wait(waiter.done)
        return self._answer(name, items)

    def _resume(self, name: Name, kept: Kept) -> Response:
        """Do what is left of a request that stopped anywhere, and answer for ever."""
        with self.receipts.waiter(_traces(kept.items)) as waiter:
            # Of the receipts some may have come before anybody waited for them.
            known = self._store.verdicts(name)
            self.receipts.tell([trace for trace, each in known.items() if each.is_final])
            if not waiter.done.is_set() and not kept.is_said:
                self._say(name)
            elif not kept.is_said:  # it was, and ended before that was written down
                self._store.mark_said(name)
            self._wait(waiter.done)
        return self._answer(name, kept.items)

    def _say(self, name: Name) -> None:
        self.receipts.follow(name.party)
        self._outlets.of(name.party).say(self._store.unsaid(name))
        self._store.mark_said(name)

    def _answer(self, name: Name, items: Sequence[Item]) -> Response:
        verdicts = self._store.verdicts(name)
        response = answer(items, verdicts, base_path=self._settings.base_path)
        self._store.finish(name, response)
        return response

    def _wait(self, done: threading.Event) -> None:
        """Wait until it is done, but not beyond the bound, and not when the process is to end."""
        deadline = time.monotonic() + self._settings.answer_wait_seconds
        while not self._stop.is_set():
            left = deadline - time.monotonic()
            if left <= 0 or done.wait(min(left, RESUME_SECONDS)):
                return

    def _connect(self, party: str) -> DepartmentClient:
        return DepartmentClient(
            party,
            self._settings.broker,
            codec=self._codec,
            instance=self._settings.instance,
            security=self._settings.security,
        )

    def _postponed(self, party: str, error: Exception) -> Response:
        log.warning(REQUEST_POSTPONED, party=party, **told_of(error))
        return refused("http-unavailable")

    def _resume_all(self) -> None:
        """Finish what stopped half-way, and forget what is old, until told to stop."""
        forgotten_at = time.monotonic() - FORGET_SECONDS
        while not self._stop.is_set():
            try:
                for name in self._store.unfinished(older_than_seconds=RESUME_AFTER_SECONDS):
                    if not self._stop.is_set():
                        self._resume_one(name)
                if time.monotonic() - forgotten_at >= FORGET_SECONDS:
                    self._store.forget()
                    forgotten_at = time.monotonic()
            except UnreachableError as error:
                self._postponed("", error)
            self._stop.wait(RESUME_SECONDS)

    def _resume_one(self, name: Name) -> None:
        """Finish the request unless somebody else does; one that fails keeps no other back."""
        try:
            with self._claims.taken(name) as is_ours:
                kept = self._store.find(name) if is_ours else None
                if kept is not None and kept.response is None:
                    self._resume(name, kept)
        except ClientError as error:
            self._postponed(name.party, error)


def _traces(items: Sequence[Item]) -> list[str]:
    return [item.trace for item in items if item.trace is not None]


def _known(kept: Kept | None, digest: bytes) -> Kept | Response | None:
    """Return the answer that a remembered request already has, else the request as it is kept."""
    if kept is None:
        return None
    if not hmac.compare_digest(kept.digest, digest):
        return refused("http-key-of-other-request")
    return kept if kept.response is None else kept.response
