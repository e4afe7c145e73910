"""What of a record may be read in public: the values of one row of the public site.

Pure. There is no place for an identity number, a representative or a seat. A subject without a
code is taken for a natural person: its name is masked wherever it stands, and only what the law
publishes of persons is kept at all (DECISIONS 74).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from credit_bus.domain.dates import LONG_TERM, months_after
from credit_bus.domain.event import Body, Event
from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    PENALTY_DECIDED,
    REPUTATION_RESTORED,
)
from credit_bus.domain.identifiers import USCC_NONE
from credit_bus.domain.public_text import masked_name, without_numbers

PENALTY_SHOWN_MONTHS_MAX = 36  # the longest of all rules on repair; the hub may end it earlier
RESTORATION_SHOWN_DAYS_MAX = 365  # the district's own choice

OF_PERSONS = frozenset({LICENCE_GRANTED, LISTING_ENTERED})  # what is published of a natural person

# In the standard of 2016: 0 shown, 1 withdrawn, 2 disputed, 3 other; and 0 for publication at all.
_DISPUTED_STATE = "2"
_SHOWN_STATES = frozenset({None, "0", _DISPUTED_STATE})
_PUBLIC_SCOPES = frozenset({None, "0"})

# Where a name may stand, and where a number may: the number of a certificate is nobody's.
_PROSE = frozenset({"title", "matter", "basis", "outcome", "removal_conditions", "remedies"})
_TEXTS = _PROSE | {"document_number", "certificate", "instrument_title", "instrument_number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRecord:
    """A record as anybody may read it. Every value is the record's own, or its masked form."""

    kind: str
    provider: str
    category: str
    name: str
    uscc: str | None  # None for whoever has none: such a subject cannot be looked up
    document_number: str
    title: str
    authority: str | None
    decided_on: date
    shown_from: date
    shown_until: date | None  # the last day on which it is shown; None: until it is ended
    classes: str | None = None
    matter: str | None = None
    basis: str | None = None
    outcome: str | None = None
    certificate: str | None = None
    fine_10k: Decimal | None = None
    confiscated_10k: Decimal | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    until_performance: bool = False
    instrument_type: str | None = None
    instrument_title: str | None = None
    instrument_number: str | None = None
    instrument_article: str | None = None
    instrument_issuer: str | None = None
    instrument_issued_on: date | None = None
    removal_conditions: str | None = None
    remedies: str | None = None
    said_disputed: bool = False  # its provider itself says that it is (当前状态 2 of 2016)


def public_record(event: Event) -> PublicRecord | None:
    """Return what of a record's event may be read in public, or None when nothing may."""
    body = event.body
    subject = body["subject"]
    has_code = subject["uscc"] not in {None, USCC_NONE}
    if event.type not in _READERS or not (has_code or event.type in OF_PERSONS):
        return None
    values = _READERS[event.type](body)
    if values is None:
        return None
    record = PublicRecord(
        kind=event.type,
        provider=event.source,
        category=subject["category"],
        name=subject["name"],
        uscc=subject["uscc"] if has_code else None,
        **values,
    )
    return _cleaned(record)


def _cleaned(record: PublicRecord) -> PublicRecord:
    """Return the record without anybody's number, and without the name of whoever has no code."""
    shown = record.name if record.uscc else masked_name(record.name)
    told = {name: text for name in _TEXTS if isinstance(text := getattr(record, name), str)}
    texts: dict[str, Any] = {
        name: told[name].replace(record.name, shown) for name in _TEXTS & told.keys() if record.name
    }
    texts |= {name: without_numbers(texts.get(name, told[name])) for name in _PROSE & told.keys()}
    return replace(record, **{**texts, "name": without_numbers(shown)})


def _licence(body: Body) -> dict[str, Any] | None:
    if not _is_published(body):
        return None
    valid_from, valid_to = body["valid_from"], body["valid_to"]
    certificate = " ".join(filter(None, (body["certificate_name"], body["licence_number"])))
    return {
        "document_number": body["document_number"],
        "title": body["document_title"] or body["project_name"] or "行政许可",
        "authority": body["authority_name"],
        "decided_on": body["decided_on"],
        "shown_from": body["decided_on"],
        "shown_until": None if valid_to is None or valid_to >= LONG_TERM else valid_to,
        "classes": body["category"],
        "matter": body["content"],
        "certificate": certificate or None,
        "begins_on": valid_from,
        "ends_on": valid_to,
        "said_disputed": body["publicity_state"] == _DISPUTED_STATE,
    }


def _penalty(body: Body) -> dict[str, Any] | None:
    if not _is_published(body):
        return None
    longest = months_after(body["decided_on"], PENALTY_SHOWN_MONTHS_MAX)
    return {
        "document_number": body["document_number"],
        "title": body["title"] or body["violation"] or "行政处罚",
        "authority": body["authority_name"],
        "decided_on": body["decided_on"],
        "shown_from": body["decided_on"],
        "shown_until": min(filter(None, (body["publish_until"], longest))),
        "classes": "；".join(body["categories"]),
        "matter": body["facts"],
        "basis": body["legal_basis"],
        "outcome": body["content"],
        "certificate": body["revoked_certificate"],
        "fine_10k": body["fine_10k"],
        "confiscated_10k": body["confiscated_10k"],
        "ends_on": body["valid_until"],
        "said_disputed": body["publicity_state"] == _DISPUTED_STATE,
    }


def _listing(body: Body) -> dict[str, Any] | None:
    if not body["publish"]:
        return None
    return {
        "document_number": body["document_number"],
        "title": body["list"],
        "authority": body["decided_by"],
        "decided_on": body["decided_on"],
        "classes": body["field"],
        "matter": body["cause"],
        "removal_conditions": body["removal_conditions"],
        "remedies": body["remedies"],
        **_instrument(body["instrument"]),
        **_term(body["term"]),
    }


def _defaulter(body: Body) -> dict[str, Any]:
    done, left = body["performed_part"], body["unperformed_part"]
    parts = (body["performance"], done and f"已履行：{done}", left and f"未履行：{left}")
    return {
        "document_number": body["case_number"],
        "title": "失信被执行人",
        "authority": body["court_name"],
        "decided_on": body["listed_on"],
        "matter": f"{body['conduct']}。应履行义务：{body['duty']}",
        "basis": f"{body['basis_issuer']} {body['basis_number']}",
        "outcome": "；".join(filter(None, parts)),
        **_instrument(body["instrument"]),
        **_term(body["term"]),
    }


def _restoration(body: Body) -> dict[str, Any]:
    about = body["about"]["record"]
    return {
        "document_number": about["document_number"] if about else "",
        "title": "恢复信誉说明",
        "authority": None,
        "decided_on": body["restored_on"],
        "shown_from": body["restored_on"],
        "shown_until": body["restored_on"] + timedelta(days=RESTORATION_SHOWN_DAYS_MAX),
        "matter": body["statement"],
    }


def _is_published(body: Body) -> bool:
    return body["publicity_state"] in _SHOWN_STATES and body["usage_scope"] in _PUBLIC_SCOPES


def _instrument(instrument: Body) -> dict[str, Any]:
    names = ("type", "title", "number", "article", "issuer", "issued_on")
    return {f"instrument_{name}": instrument[name] for name in names}


def _term(term: Body) -> dict[str, Any]:
    return {
        "begins_on": term["begins_on"],
        "ends_on": term["ends_on"],
        "until_performance": term["until_performance"],
        "shown_from": term["begins_on"],
        "shown_until": term["ends_on"],
    }


_READERS: Mapping[str, Callable[[Body], dict[str, Any] | None]] = MappingProxyType(
    {
        LICENCE_GRANTED: _licence,
        PENALTY_DECIDED: _penalty,
        LISTING_ENTERED: _listing,
        DEFAULTER_LISTED: _defaulter,
        REPUTATION_RESTORED: _restoration,
    }
)
PUBLIC_KINDS = frozenset(_READERS)
