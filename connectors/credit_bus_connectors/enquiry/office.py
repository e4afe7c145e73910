"""Enquiries over HTTP without the HTTP: whose key, a body in, a reply out. Thread-safe.

What is refused is refused with every reason, each at its field. What is answered is in the log.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from credit_bus.contracts.identity import pseudonym
from credit_bus.domain.calendar import local_day
from credit_bus.domain.event_types import ENQUIRY_MADE
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Party, Registry, Role
from credit_bus.logs import logger, told_of
from credit_bus.metrics import table
from credit_bus.metrics.meter import Meter
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.http.keys import UsedKey
from credit_bus_connectors.departments.http.rules import http_reason
from credit_bus_connectors.enquiry.about import about, told_lines
from credit_bus_connectors.enquiry.answers import HTTP, answer
from credit_bus_connectors.enquiry.reading import read_question, read_request
from credit_bus_connectors.enquiry.rules import STATUS, enquiry_reason
from credit_bus_connectors.enquiry.store import Kept, Store

RETRY_AFTER_SECONDS = 1

ENQUIRY_ANSWERED_HTTP = "enquiry.request"
ENQUIRY_POSTPONED = "enquiry.postponed"

_FORBIDDEN = frozenset({"purpose-not-for-asker"})

log = logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquirySettings:
    """What enquiries need. A subject learns who asked about it at the registry's windows."""

    database: str
    registry: Registry
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A status and a body of JSON; `retry_after` in seconds, when the same may come again."""

    status: int
    content: bytes
    retry_after: int | None = None


class Office:
    """Answers enquiries, and subjects' windows."""

    def __init__(
        self,
        settings: EnquirySettings,
        *,
        now: Callable[[], datetime],
        meter: Meter | None = None,
    ) -> None:
        """Remember how to connect; the first request connects."""
        self._meter = meter or Meter()
        for outcome in ("answered", "unanswered"):  # an alert watches the increase
            self._meter.count(table.ENQUIRIES, 0, way=HTTP, outcome=outcome)
        self._settings = settings
        self._store = Store(settings.database)
        self._now = now

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def key_of(self, headers: Mapping[str, str]) -> UsedKey | Reply | None:
        """Return whose key these headers carry, None for nobody's, or 503."""
        try:
            return self._store.key_of(headers)
        except UnreachableError as error:
            return self._postponed("", error)

    def ask(self, key: UsedKey, content: bytes) -> Reply:
        """Return the answer to an enquiry, the same for the same enquiry."""
        began = time.monotonic()
        try:
            reply = self._ask(key, content)
        except UnreachableError as error:
            return self._postponed(key.party, error)
        outcome = "answered" if reply.status == HTTPStatus.OK else "unanswered"
        self._meter.count(table.ENQUIRIES, way=HTTP, outcome=outcome)
        log.info(
            ENQUIRY_ANSWERED_HTTP,
            party=key.party,
            status=reply.status,
            bytes=len(reply.content),
            milliseconds=round((time.monotonic() - began) * 1000, 1),
        )
        return reply

    def about(self, key: UsedKey, content: bytes) -> Reply:
        """Return who asked about a subject, to a window that asks for it; that is logged, too."""
        try:
            return self._about(key, content)
        except UnreachableError as error:
            return self._postponed(key.party, error)

    def _ask(self, key: UsedKey, content: bytes) -> Reply:
        registry, now = self._settings.registry, self._now()
        if not self._may_enquire(key.party, now):
            return refusal(enquiry_reason("enquiry-no-right"))
        question = read_question(
            content,
            asker=key.party,
            now=now,
            registry=registry,
            today=local_day(now),
            pseudonym=self._pseudonym,
        )
        if isinstance(question, tuple):
            return refused(question)
        # Each way to the server and back costs a tenth of an answer: the line commits by itself.
        with self._store.single() as connection:
            found = answer(connection, question, registry, way=HTTP, key=key.key_id, now=now)
        return _reply(found)

    def _about(self, key: UsedKey, content: bytes) -> Reply:
        registry, now = self._settings.registry, self._now()
        if not self._is_window(key.party, now):
            return refusal(enquiry_reason("enquiry-not-a-window"))
        request = read_request(
            content, registry=registry, today=local_day(now), pseudonym=self._pseudonym
        )
        if isinstance(request, tuple):
            return refused(request)
        with self._store.transaction() as connection:
            lines = about(
                connection,
                party=key.party,
                key=key.key_id,
                subject=request.subject,
                case_reference=request.case_reference,
                now=now,
            )
        return Reply(status=200, content=_json(told_lines(request.subject, lines, registry)))

    def _may_enquire(self, party: str, now: datetime) -> bool:
        known = self._party(party, now)
        return known is not None and ENQUIRY_MADE in known.publishes

    def _is_window(self, party: str, now: datetime) -> bool:
        known = self._party(party, now)
        return known is not None and (known.window or known.role is Role.HUB)

    def _party(self, code: str, now: datetime) -> Party | None:
        """Return the party, unless it is unknown or does not exist today."""
        known = self._settings.registry.parties.get(code)
        return known if known is not None and known.exists_on(local_day(now)) else None

    def _pseudonym(self, number: str) -> str:
        return pseudonym(number, self._settings.secret)

    def _postponed(self, party: str, error: UnreachableError) -> Reply:
        log.warning(ENQUIRY_POSTPONED, party=party, **told_of(error))
        return refusal(enquiry_reason("enquiry-unavailable"), retry_after=RETRY_AFTER_SECONDS)


def unknown_key() -> Reply:
    """Return the refusal of whoever shows no valid key."""
    return _told(401, (http_reason("http-key-needed"),), None)


def refusal(reason: Reason, *, retry_after: int | None = None) -> Reply:
    """Return the refusal for one rule of `rules.py`."""
    return _told(STATUS[reason.code], (reason,), retry_after)


def refused(reasons: Sequence[Reason]) -> Reply:
    """Return the refusal of what a body says, with every reason.

    403 when nothing but the right to that purpose is missing, else 400.
    """
    status = 403 if {each.code for each in reasons} <= _FORBIDDEN else 400
    return _told(status, reasons, None)


def _told(status: int, reasons: Sequence[Reason], retry_after: int | None) -> Reply:
    content = _json({"reasons": [asdict(each) for each in reasons]})
    return Reply(status=status, content=content, retry_after=retry_after)


def _reply(found: Kept) -> Reply:
    if not found.is_same:
        return refusal(enquiry_reason("enquiry-number-used", "enquiry_number"))
    if found.text is None:
        return refusal(enquiry_reason("enquiry-late", "enquiry_number"))
    return Reply(status=200, content=found.text.encode())


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
