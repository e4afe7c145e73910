"""Broken entries and removals of lists, registrations, corrections and withdrawals."""

from datetime import date
from decimal import Decimal

from tests.unit.domain import world
from tests.unit.domain.case import case

from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    LISTING_ENTERED,
    LISTING_REMOVED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
    SUBJECT_REGISTERED,
)
from credit_bus.domain.identifiers import USCC_NONE
from credit_bus.domain.standing import FIELDS_MAX
from credit_bus.domain.synthetic import synthetic_resident_id

TOMORROW = date(2026, 6, 2)
CHANGES = (RECORD_CORRECTED, RECORD_WITHDRAWN)
IDENTITY = synthetic_resident_id(1)
MOBILE = "13800000000"
SMALL_X = next(
    number.lower() for number in map(synthetic_resident_id, range(100)) if number.endswith("X")
)

LISTS = (
    case(LISTING_ENTERED, {"list": "defaulters"}, "list-unknown list"),
    case(
        LISTING_ENTERED,
        {"list": "defaulters", "notice.given_on": TOMORROW},
        "list-unknown list",
        "date-in-future notice.given_on",
        "notice-after-begin notice.given_on",
        "notice-after-decision notice.given_on",
    ),
    case(LISTING_ENTERED, {"list": "former"}, "list-not-in-force decided_on"),
    case(LISTING_ENTERED, {}, "list-not-for-party list", source="finance"),
    case(LISTING_ENTERED, {}, "list-not-for-party list", source="hub"),
    case(
        LISTING_ENTERED,
        {
            "list": "firms",
            "subject": {**world.COMPANY_REFERENCE, "category": "individual_business"},
        },
        "list-not-for-subject subject.category",
    ),
    case(
        LISTING_ENTERED,
        {"instrument.type": "court-decision"},
        "list-not-on-instrument instrument.type",
    ),
    case(
        LISTING_ENTERED,
        {"instrument.type": "memorandum"},
        "instrument-may-not-found instrument.type",
    ),
    case(
        LISTING_ENTERED,
        {"instrument.type": "no-such"},
        "instrument-type-unknown instrument.type",
        "list-not-on-instrument instrument.type",
    ),
    case(LISTING_ENTERED, {"field": "judgments"}, "field-not-of-list field"),
    case(LISTING_ENTERED, {"field": "speech"}, "field-unknown field"),
    case(
        LISTING_ENTERED,
        {"field": "honesty"},
        "field-of-other-kind field",
        "field-not-of-list field",
    ),
    case(LISTING_ENTERED, {"list": "watched"}, "list-not-public publish"),
)

GROUNDS = (
    case(LISTING_ENTERED, {"notice": None}, "notice-missing notice"),
    case(LISTING_ENTERED, {"list": "watched", "publish": False, "notice": None},
         "notice-missing notice"),
    case(
        LISTING_ENTERED,
        {"decided_on": date(2026, 5, 2)},
        "notice-after-decision notice.given_on",
    ),
    case(LISTING_ENTERED, {"notice.method": "口头"}, "word-not-in-list notice.method"),
    case(
        LISTING_ENTERED,
        {"removal_conditions": None, "remedies": "/"},
        "listing-incomplete removal_conditions",
        "listing-incomplete remedies",
    ),
    case(
        LISTING_ENTERED,
        {"cause": f"法定代表人证件号码 {IDENTITY}", "removal_conditions": f"请联系{MOBILE}"},
        "personal-number-in-text cause",
        "personal-number-in-text removal_conditions",
    ),
    case(
        LISTING_ENTERED,
        {"document_number": "1 ", "cause": "", "decided_by": "无", "remark": "长" * 513},
        "text-padded document_number",
        "text-missing cause",
        "text-missing decided_by",
        "text-too-long remark",
    ),
)  # fmt: skip

TERMS = (
    case(LISTING_ENTERED, {"term.ends_on": None}, "term-missing term.ends_on"),
    case(LISTING_ENTERED, {"term.ends_on": date(2029, 5, 5)}, "list-term-too-long term.ends_on"),
    case(
        LISTING_ENTERED,
        {"term.ends_on": date(2099, 12, 31)},
        "term-without-end term.ends_on",
        "list-term-too-long term.ends_on",
    ),
    case(
        LISTING_ENTERED,
        {"term.ends_on": None, "term.until_performance": True},
        "term-not-until-performance term.until_performance",
    ),
    case(
        LISTING_ENTERED,
        {**world.HONOUR, "list": "models-of-a-year"},
        "list-term-too-long term.ends_on",
    ),
    case(
        LISTING_ENTERED,
        {"decided_on": date(2026, 5, 5)},
        "dates-out-of-order term.begins_on",
    ),
    case(
        LISTING_ENTERED,
        {"decided_on": date(2026, 4, 30), "notice.given_on": date(2026, 4, 29)},
        "dates-out-of-order decided_on",
    ),
    case(
        LISTING_ENTERED,
        {"decided_on": TOMORROW, "term.begins_on": TOMORROW},
        "date-in-future decided_on",
    ),
)

PERSONS = (
    case(LISTING_ENTERED, {}, "subject-key-mismatch ce_subject", subject=world.PERSON),
    case(
        LISTING_ENTERED,
        {"subject.person_id": world.SEALED},
        "person-field-of-organisation subject.person_id",
    ),
    case(
        LISTING_REMOVED,
        {"subject.category": "natural_person"},
        "organisation-field-of-person subject.uscc",
        "person-id-missing subject.person_id",
    ),
    *(
        case(kind, {}, "subject-key-mismatch ce_subject", subject=world.OTHER_COMPANY)
        for kind in (LISTING_REMOVED, *CHANGES, SUBJECT_REGISTERED)
    ),
)

REMOVALS = (
    case(LISTING_REMOVED, {"list": "defaulters"}, "list-unknown list"),
    case(LISTING_REMOVED, {"entered_by": "nobody"}, "party-unknown entered_by"),
    case(LISTING_REMOVED, {}, "not-the-owner ce_source", source="finance"),
    case(LISTING_REMOVED, {}, "not-the-owner ce_source", source="platform"),
    case(LISTING_REMOVED, {"explanation": None}, "removal-unexplained explanation"),
    case(
        LISTING_REMOVED,
        {"cause": "withdrawn", "explanation": "—", "basis": None},
        "removal-unexplained explanation",
        "document-missing basis",
    ),
    *(
        case(LISTING_REMOVED, {"cause": cause}, "cause-event-missing because_of")
        for cause in ("repaired", "objection_upheld", "court_event")
    ),
    case(LISTING_REMOVED, {"because_of": "1"}, "event-id-malformed because_of"),
    case(LISTING_REMOVED, {"removed_on": TOMORROW}, "date-in-future removed_on"),
    case(
        LISTING_REMOVED,
        {"basis.title": "", "basis.issued_on": TOMORROW, "document_number": ""},
        "text-missing basis.title",
        "date-in-future basis.issued_on",
        "text-missing document_number",
    ),
    case(LISTING_REMOVED, {"explanation": MOBILE}, "personal-number-in-text explanation"),
    case(LISTING_REMOVED, {"explanation": SMALL_X}, "personal-number-in-text explanation"),
    # Latin letters beside it do not hide it.
    case(
        LISTING_REMOVED, {"explanation": f"证号ID{IDENTITY}"}, "personal-number-in-text explanation"
    ),
    case(
        LISTING_REMOVED,
        {"explanation": f"tel{MOBILE}, Tel{MOBILE}"},
        "personal-number-in-text explanation",
    ),
)

RECORDS = (
    *(case(kind, {}, "not-the-owner ce_source", source="finance") for kind in CHANGES),
    *(case(kind, {}, "not-the-owner ce_source", source="hub") for kind in CHANGES),
    *(
        case(kind, {"record.provider": "nobody"}, "provider-unknown record.provider")
        for kind in CHANGES
    ),
    *(
        case(kind, {"record.document_number": ""}, "text-missing record.document_number")
        for kind in CHANGES
    ),
    *(
        case(kind, {"record.type": "action.initiated"}, "record-type-unknown record.type")
        for kind in CHANGES
    ),
    case(
        RECORD_WITHDRAWN,
        {"record.type": DEFAULTER_LISTED},
        "record-not-of-provider record.provider",
    ),
    *(case(kind, {"explanation": "/"}, "text-missing explanation") for kind in CHANGES),
    *(
        case(kind, {"explanation": f"（{IDENTITY}）"}, "personal-number-in-text explanation")
        for kind in CHANGES
    ),
    *(
        case(kind, {"cause": "objection_upheld"}, "cause-event-missing because_of")
        for kind in CHANGES
    ),
    case(RECORD_CORRECTED, {"cause": "court_event"}, "cause-event-missing because_of"),
    case(RECORD_WITHDRAWN, {"because_of": ""}, "event-id-malformed because_of"),
    case(RECORD_CORRECTED, {"corrected_on": TOMORROW}, "date-in-future corrected_on"),
    case(RECORD_WITHDRAWN, {"decided_on": TOMORROW}, "date-in-future decided_on"),
    case(
        RECORD_WITHDRAWN,
        {"decided_on": date(2026, 5, 19)},
        "dates-out-of-order decided_on",
    ),
    case(
        RECORD_CORRECTED,
        {"basis": {**world.DOCUMENT, "number": "", "issued_on": TOMORROW}},
        "text-missing basis.number",
        "date-in-future basis.issued_on",
        "dates-out-of-order corrected_on",
    ),
    *(
        case(RECORD_WITHDRAWN, {"cause": cause, "basis": None}, "document-missing basis")
        for cause in ("revoked", "changed", "confirmed_unlawful", "void")
    ),
    case(RECORD_WITHDRAWN, {"record_revision": 0}, "revision-not-positive record_revision"),
    case(RECORD_CORRECTED, {"record_revision": 1}, "correction-of-first record_revision"),
)

PUBLICITY = (
    case(PUBLICITY_ENDED, {}, "not-the-hub ce_source", source="market"),
    case(PUBLICITY_ENDED, {}, "not-the-hub ce_source", source="platform"),
    case(PUBLICITY_ENDED, {}, "subject-key-mismatch ce_subject", subject=world.OTHER_COMPANY),
    case(PUBLICITY_ENDED, {"record.provider": "nobody"}, "provider-unknown record.provider"),
    case(PUBLICITY_ENDED, {"record.document_number": ""}, "text-missing record.document_number"),
    case(PUBLICITY_ENDED, {"record.type": "action.initiated"}, "record-type-unknown record.type"),
    case(
        PUBLICITY_ENDED,
        {"record.type": DEFAULTER_LISTED},
        "record-not-of-provider record.provider",
    ),
    case(PUBLICITY_ENDED, {"record_revision": 0}, "revision-not-positive record_revision"),
    case(PUBLICITY_ENDED, {"cause": "repaired"}, "cause-event-missing because_of"),
    case(PUBLICITY_ENDED, {"because_of": "1"}, "event-id-malformed because_of"),
    case(PUBLICITY_ENDED, {"rule": "/"}, "text-missing rule"),
    case(PUBLICITY_ENDED, {"rule": "长" * 201}, "text-too-long rule"),
    case(PUBLICITY_ENDED, {"ended_on": TOMORROW}, "date-in-future ended_on"),
)

FIELDS = (
    case(RECORD_CORRECTED, {"fields": []}, "list-empty fields"),
    case(RECORD_CORRECTED, {"fields": ["fine_10k"] * 2}, "list-repeated fields"),
    case(
        RECORD_CORRECTED,
        {"fields": ["fine_10k"] * (FIELDS_MAX + 1)},
        "list-too-long fields",
    ),
    case(
        RECORD_CORRECTED,
        {"fields": ["case_number", "facts", "subject", "罚款", "subject.person_id.box"]},
        "field-path-unknown fields[0]",
        "field-path-unknown fields[2]",
        "field-path-unknown fields[3]",
        "field-path-unknown fields[4]",
    ),
    case(
        RECORD_CORRECTED,
        {"fields": ["document_number", "subject.uscc", "subject.person_id", "subject.name"]},
        "field-names-record fields[0]",
        "field-names-record fields[1]",
        "field-names-record fields[2]",
    ),
)

REGISTRATIONS = (
    case(
        SUBJECT_REGISTERED,
        {"subject.name": "", "subject.representative_name": None, "authority_name": "无"},
        "text-missing subject.name",
        "text-missing subject.representative_name",
        "text-missing authority_name",
    ),
    case(SUBJECT_REGISTERED, {"subject.uscc": "/"}, "text-missing subject.uscc"),
    case(SUBJECT_REGISTERED, {"subject.uscc": USCC_NONE}, "uscc-none subject.uscc"),
    case(SUBJECT_REGISTERED, {"subject.uscc": "9162"}, "uscc-length subject.uscc"),
    case(
        SUBJECT_REGISTERED,
        {"subject.organisation_code": "101623741"},
        "organisation-code-of-other subject.organisation_code",
    ),
    case(
        SUBJECT_REGISTERED,
        {"subject.organisation_code": "101623742"},
        "organisation-code-invalid subject.organisation_code",
    ),
    case(
        SUBJECT_REGISTERED,
        {"kind": "公司", "state": "正常", "currency": "其他"},
        "word-not-in-list kind",
        "word-not-in-list state",
        "word-other-unspecified currency",
    ),
    case(SUBJECT_REGISTERED, {"currency": None}, "capital-incomplete currency"),
    case(SUBJECT_REGISTERED, {"capital_10k": None}, "capital-incomplete capital_10k"),
    case(SUBJECT_REGISTERED, {"capital_10k": Decimal(-1)}, "amount-negative capital_10k"),
    case(
        SUBJECT_REGISTERED,
        {"subject.category": "individual_business"},
        "seat-of-individual-business seat",
    ),
    case(SUBJECT_REGISTERED, {"industry_code": "Z1"}, "industry-code-malformed industry_code"),
    case(
        SUBJECT_REGISTERED,
        {"seat": f"示例路1号，电话{MOBILE}", "scope": IDENTITY, "remark": f"{IDENTITY} "},
        "personal-number-in-text seat",
        "personal-number-in-text scope",
        "personal-number-in-text remark",
    ),
    case(
        SUBJECT_REGISTERED,
        {"recorded_on": TOMORROW, "term_to": date(2100, 1, 1)},
        "date-in-future recorded_on",
        "date-beyond-long-term term_to",
    ),
    case(
        SUBJECT_REGISTERED,
        {"established_on": date(2026, 5, 21), "term_from": None, "term_to": date(2026, 5, 20)},
        "dates-out-of-order recorded_on",
        "dates-out-of-order term_to",
    ),
    case(
        SUBJECT_REGISTERED,
        {"established_on": TOMORROW},
        "date-in-future established_on",
        "dates-out-of-order recorded_on",
    ),
    case(SUBJECT_REGISTERED, {"authority_code": "1"}, "uscc-length authority_code"),
)

STANDING_CASES = (
    *LISTS,
    *GROUNDS,
    *TERMS,
    *PERSONS,
    *REMOVALS,
    *RECORDS,
    *PUBLICITY,
    *FIELDS,
    *REGISTRATIONS,
)
