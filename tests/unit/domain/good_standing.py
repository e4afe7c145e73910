"""Listings, registrations, corrections and withdrawals that look odd and may stand."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tests.unit.domain import world
from tests.unit.domain.district import EXCEPTED

from credit_bus.domain.event_types import (
    LISTING_ENTERED,
    LISTING_REMOVED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
    SUBJECT_REGISTERED,
)

_SHOP = {
    "subject.category": "individual_business",
    "subject.uscc": world.SHOP,
    "subject.organisation_code": None,
    "kind": "个体工商户",
    "capital_10k": None,
    "currency": None,
    "term_from": None,
    "term_to": None,
    "seat": None,
    "scope": None,
    "industry_code": "F",
}

GOOD_STANDING: Mapping[str, tuple[str, Mapping[str, Any], Mapping[str, Any]]] = {
    "an entry by the successor of who may enter": (LISTING_ENTERED, {}, {"source": "market"}),
    "an entry on a list of watch that is not published": (
        LISTING_ENTERED,
        {"list": "watched", "publish": False},
        {"source": "court"},
    ),
    "an entry told on the day of the decision": (
        LISTING_ENTERED,
        {"notice.given_on": date(2026, 5, 4)},
        {},
    ),
    "an entry of the longest term": (LISTING_ENTERED, {"term.ends_on": date(2029, 5, 4)}, {}),
    "an entry of long ago on a list that is no more": (
        LISTING_ENTERED,
        {"list": "former", "decided_on": date(2026, 5, 2), "notice.given_on": date(2026, 5, 1)},
        {},
    ),
    "an entry of a person on a document of their own": (
        LISTING_ENTERED,
        {"subject": world.PERSON_REFERENCE},
        {"subject": world.PERSON},
    ),
    "an honour without notice and without end": (LISTING_ENTERED, world.HONOUR, {}),
    "an honour with a notice all the same": (
        LISTING_ENTERED,
        {**world.HONOUR, "notice": world.VALID[LISTING_ENTERED]["notice"]},
        {},
    ),
    "an honour of a year": (
        LISTING_ENTERED,
        {**world.HONOUR, "list": "models-of-a-year", "term.ends_on": date(2027, 5, 4)},
        {},
    ),
    "a code and an amount in a public text": (
        LISTING_ENTERED,
        {"cause": f"拖欠{world.COMPANY}职工工资 1380000000 元，合同编号 A13800000000"},
        {},
    ),
    "a removal because the term is over": (
        LISTING_REMOVED,
        {"cause": "term_over", "explanation": None, "basis": None},
        {"source": "hub"},
    ),
    "a removal by the successor, on an objection": (
        LISTING_REMOVED,
        {
            "entered_by": "quality",
            "cause": "objection_upheld",
            "because_of": world.EVENT,
            "explanation": None,
            "basis": None,
        },
        {},
    ),
    "a removal from a list on which nobody is entered any more": (
        LISTING_REMOVED,
        {"list": "former"},
        {},
    ),
    "a correction by the successor of who is gone": (
        RECORD_CORRECTED,
        {"record.provider": "quality"},
        {},
    ),
    "a correction of a listing, on an objection": (
        RECORD_CORRECTED,
        {
            "record.type": LISTING_ENTERED,
            "fields": ["term.ends_on", "notice.given_on", "publish"],
            "cause": "objection_upheld",
            "because_of": world.EVENT,
        },
        {},
    ),
    "a correction of a registration": (
        RECORD_CORRECTED,
        {"record.type": SUBJECT_REGISTERED, "fields": ["seat", "subject.representative_name"]},
        {},
    ),
    "a withdrawal of what was said in error, without a document": (
        RECORD_WITHDRAWN,
        {"cause": "stated_in_error", "basis": None, "record_revision": 1},
        {},
    ),
    "a withdrawal of what must not be published": (
        RECORD_WITHDRAWN,
        {"cause": "must_not_be_published", "basis": None},
        {},
    ),
    "a withdrawal about a person": (
        RECORD_WITHDRAWN,
        {"subject": world.PERSON_REFERENCE},
        {"subject": world.PERSON},
    ),
    "an end of publicity because of a repair": (
        PUBLICITY_ENDED,
        {"cause": "repaired", "because_of": world.EVENT, "record_revision": 1},
        {},
    ),
    "an end of the publicity of an entry about a person": (
        PUBLICITY_ENDED,
        {
            "cause": "term_over",
            "record.type": LISTING_ENTERED,
            "subject": world.PERSON_REFERENCE,
        },
        {"subject": world.PERSON},
    ),
    "an individual business in its register": (SUBJECT_REGISTERED, _SHOP, {"subject": world.SHOP}),
    "a registered code whose check fails, in its register": (
        SUBJECT_REGISTERED,
        {"subject.uscc": EXCEPTED, "subject.organisation_code": None},
        {"subject": EXCEPTED},
    ),
    "capital in another currency, and an industry by class": (
        SUBJECT_REGISTERED,
        {
            "capital_10k": Decimal("999999999999.999999"),
            "currency": "其他-瑞士法郎",
            "kind": "其他-外国公司分支机构",
            "industry_code": "5226",
        },
        {},
    ),
}
