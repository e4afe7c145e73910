"""The feed for 信用甘肃: every change of what the site shows, in order, as JSON.

A document stands at its newest change alone. Who asks for what came after the last number it was
told, again and again, and keeps by id what is `shown` and drops what is not, comes to what the site
shows; `shown_from` and `shown_until` say on which days.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from credit_bus.logs import told_of
from credit_bus_connectors.platforms.public_record import PublicRecord
from credit_bus_connectors.platforms.public_standing import State
from credit_bus_connectors.site.store import CHANGES_MAX, Publication, Store, UnreadableError

PREFIX = "/feed"
CHANGES_DEFAULT = 100
NUMBER_MAX = 2**63 - 1
FEED_UNREADABLE = "site.feed-unreadable"


class FeedRecord(BaseModel):
    """A record that is shown. Amounts are decimals in text, in 万元."""

    kind: str = Field(description="licence.granted, penalty.decided, listing.entered, …")
    provider: str = Field(description="code of the party that provided it")
    category: str = Field(description="organisation, individual_business or natural_person")
    name: str = Field(description="masked for whoever has no unified social credit code")
    uscc: str | None
    document_number: str
    title: str
    authority: str | None
    decided_on: date
    shown_from: date = Field(description="first day on which it is shown (Asia/Shanghai)")
    shown_until: date | None = Field(description="last day; null: until a change says otherwise")
    classes: str | None
    matter: str | None
    basis: str | None
    outcome: str | None
    certificate: str | None
    fine_10k: Decimal | None
    confiscated_10k: Decimal | None
    begins_on: date | None
    ends_on: date | None
    until_performance: bool
    instrument_type: str | None
    instrument_title: str | None
    instrument_number: str | None
    instrument_article: str | None
    instrument_issuer: str | None
    instrument_issued_on: date | None
    removal_conditions: str | None
    remedies: str | None


class FeedChange(BaseModel):
    """A change: the record as it is shown from now on, or why it is shown no more."""

    number: int
    id: str = Field(description="of the document, the same in all its revisions: 32 hex digits")
    state: State
    changed_at: datetime
    revision: int
    corrected: bool
    disputed: bool = Field(description="异议: to be marked wherever the record is shown")
    record: FeedRecord | None = Field(description="null unless the state is shown")


class FeedPage(BaseModel):
    """Changes in the order of their numbers."""

    changes: list[FeedChange]
    next: int = Field(description="ask with after=next for what follows")
    more: bool = Field(description="whether more changes are there already")


class Asked(BaseModel):
    """What one may ask for; a name that is none of these is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")

    after: int = Field(0, ge=0, le=NUMBER_MAX, description="0 for everything")
    limit: int = Field(CHANGES_DEFAULT, ge=1, le=CHANGES_MAX)


class Away(BaseModel):
    """Why there is no answer now."""

    detail: str


def feed_router(store: Store, log: Any) -> APIRouter:
    """Return the route of the feed."""
    router = APIRouter(tags=["feed"])

    away: dict[int | str, dict[str, Any]] = {
        int(HTTPStatus.SERVICE_UNAVAILABLE): {"model": Away, "description": "try again later"}
    }

    @router.get("/records", summary="Changes of the public records after a number", responses=away)
    def records(asked: Annotated[Asked, Query()]) -> FeedPage:
        return _read(lambda: page_of(store, after=asked.after, limit=asked.limit), log)

    return router


def page_of(store: Store, *, after: int, limit: int) -> FeedPage:
    """Return a page of the feed. Raises UnreadableError."""
    changes, more = store.changes(after=after, limit=limit)
    return FeedPage(
        changes=[_change(each) for each in changes],
        next=changes[-1].number if changes else after,
        more=more,
    )


def _read(read: Callable[[], FeedPage], log: Any) -> FeedPage:
    try:
        return read()
    except UnreadableError as error:
        log.error(FEED_UNREADABLE, **told_of(error.__cause__ or error))
        raise HTTPException(
            HTTPStatus.SERVICE_UNAVAILABLE, "the database does not answer"
        ) from None


def _record(record: PublicRecord) -> FeedRecord:
    return FeedRecord(**{name: getattr(record, name) for name in FeedRecord.model_fields})


def _change(publication: Publication) -> FeedChange:
    record = publication.record
    return FeedChange(
        number=publication.number,
        id=publication.id,
        state=State(publication.state),
        changed_at=publication.changed_at,
        revision=publication.revision,
        corrected=publication.corrected,
        disputed=publication.disputed,
        record=None if record is None else _record(record),
    )
