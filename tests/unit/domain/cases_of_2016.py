"""Broken licences and penalties of the generation of 2016, and fields of the wrong generation."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.unit.domain import world
from tests.unit.domain.case import Case, case

from credit_bus.domain.event_types import LICENCE_GRANTED, PENALTY_DECIDED


def old(kind: str, changes: Mapping[str, Any], *reasons: str, **context: Any) -> Case:
    """A case of the generation of 2016."""
    return case(kind, {**world.OF_2016[kind], **changes}, *reasons, **context)


def foreign(kind: str, *fields: str, **values: Any) -> tuple[Case, ...]:
    """A record of 2016 with each of these fields, which only 2018 has."""
    stated = {**dict.fromkeys(fields, "某值"), **values}
    return tuple(
        old(kind, {name: value}, f"field-of-other-generation {name}")
        for name, value in stated.items()
    )


# Nought is stated, too.
NOUGHT = (old(PENALTY_DECIDED, {"fine_10k": Decimal(0)}, "field-of-other-generation fine_10k"),)
SHARED = ("publicity_state", "division", "usage_scope", "power_code")
GENERATIONS = (
    case(LICENCE_GRANTED, {"generation": "2015"}, "word-not-in-list generation"),
    case(PENALTY_DECIDED, {"generation": ""}, "word-not-in-list generation"),
    case(
        LICENCE_GRANTED,
        {
            **dict.fromkeys((*SHARED, "project_name"), "1"),
            "recorded_at": datetime(2026, 5, 1, tzinfo=UTC),
        },
        *(f"field-of-other-generation {name}" for name in (*SHARED, "project_name")),
        "field-of-other-generation recorded_at",
    ),
    case(
        PENALTY_DECIDED,
        dict.fromkeys(("title", "severity"), "1"),
        "field-of-other-generation title",
        "field-of-other-generation severity",
    ),
    *foreign(
        LICENCE_GRANTED,
        "document_title",
        "certificate_name",
        "licence_number",
        "state",
        "authority_code",
        "source_name",
        "source_code",
        valid_from=date(2026, 5, 1),
    ),
    *foreign(
        PENALTY_DECIDED,
        "violation",
        "revoked_certificate",
        "authority_code",
        "source_name",
        "source_code",
        fine_10k=0,
        confiscated_10k=0,
    ),
)

# What only the generation of 2016 may leave out.
LEFT_OUT_OF_2018 = (
    *(
        case(LICENCE_GRANTED, {name: None}, f"text-missing {name}")
        for name in (
            "document_title",
            "valid_from",
            "state",
            "authority_code",
            "source_name",
            "source_code",
        )
    ),
    *(
        case(PENALTY_DECIDED, {name: None}, f"text-missing {name}")
        for name in ("violation", "valid_until", "authority_code", "source_name", "source_code")
    ),
)

REQUIRED = (
    *(
        old(LICENCE_GRANTED, {name: "/"}, f"text-missing {name}")
        for name in (
            "document_number",
            "project_name",
            "content",
            "authority_name",
            "publicity_state",
            "division",
        )
    ),
    *(
        old(PENALTY_DECIDED, {name: ""}, f"text-missing {name}")
        for name in ("title", "facts", "legal_basis", "content", "authority_name", "division")
    ),
    old(LICENCE_GRANTED, {"recorded_at": None}, "text-missing recorded_at"),
    old(PENALTY_DECIDED, {"recorded_at": None}, "text-missing recorded_at"),
    old(PENALTY_DECIDED, {"subject.name": ""}, "text-missing subject.name"),
    old(PENALTY_DECIDED, {"title": "题" * 257}, "text-too-long title"),
    old(LICENCE_GRANTED, {"project_name": "题" * 257}, "text-too-long project_name"),
    old(LICENCE_GRANTED, {"power_code": "1" * 65}, "text-too-long power_code"),
)

WORDS = (
    old(LICENCE_GRANTED, {"category": "其他-审批"}, "word-not-in-list category"),
    old(PENALTY_DECIDED, {"categories": []}, "words-missing categories"),
    old(PENALTY_DECIDED, {"categories": ["警告", "警告"]}, "words-repeated categories"),
    old(PENALTY_DECIDED, {"categories": ["警告", "罚款", "其他"]}, "words-too-many categories"),
    old(
        PENALTY_DECIDED,
        {"categories": ["没收违法所得", "其他-责令改正"]},
        "word-not-in-list categories[0]",
        "word-not-in-list categories[1]",
    ),
    case(
        PENALTY_DECIDED,
        {"categories": ["没收违法所得、没收非法财物"]},
        "word-not-in-list categories[0]",
    ),
    old(PENALTY_DECIDED, {"publicity_state": "4"}, "word-not-in-list publicity_state"),
    old(PENALTY_DECIDED, {"publicity_state": "1"}, "publicity-withdrawn publicity_state"),
    old(LICENCE_GRANTED, {"publicity_state": "1"}, "publicity-withdrawn publicity_state"),
    old(PENALTY_DECIDED, {"publicity_state": "2"}, "publicity-disputed publicity_state"),
    old(LICENCE_GRANTED, {"publicity_state": "2"}, "publicity-disputed publicity_state"),
    old(PENALTY_DECIDED, {"usage_scope": "3"}, "word-not-in-list usage_scope"),
    old(PENALTY_DECIDED, {"severity": "4"}, "word-not-in-list severity"),
    old(LICENCE_GRANTED, {"division": "62070"}, "division-malformed division"),
)

DATES = (
    old(
        PENALTY_DECIDED,
        {"decided_on": date(2026, 6, 2), "valid_until": None, "publish_until": None},
        "date-in-future decided_on",
        "dates-out-of-order recorded_at",
    ),
    old(
        LICENCE_GRANTED,
        {"recorded_at": datetime(2026, 6, 1, 16, tzinfo=UTC)},  # midnight in the district
        "date-in-future recorded_at",
    ),
    old(
        LICENCE_GRANTED,
        {"recorded_at": datetime(2026, 4, 30, 15, 59, 59, tzinfo=UTC)},
        "dates-out-of-order recorded_at",
    ),
    old(LICENCE_GRANTED, {"valid_to": date(2026, 4, 30)}, "dates-out-of-order valid_to"),
    old(LICENCE_GRANTED, {"valid_to": date(2100, 1, 1)}, "date-beyond-long-term valid_to"),
    old(PENALTY_DECIDED, {"valid_until": date(2026, 4, 30)}, "dates-out-of-order valid_until"),
    old(PENALTY_DECIDED, {"publish_until": date.max}, "date-beyond-long-term publish_until"),
)

SUBJECTS = (
    *(
        old(
            PENALTY_DECIDED,
            {"subject.registration_number": number},
            "registration-number-invalid subject.registration_number",
        )
        for number in ("310000400007843", "62070260001234", "62070260001234X")
    ),
    *(
        old(
            LICENCE_GRANTED,
            {"subject.tax_number": number},
            "tax-number-invalid subject.tax_number",
        )
        for number in ("6" * 14, "6" * 16, "6" * 19, "6" * 21, "6207029999999a8")
    ),
    old(
        PENALTY_DECIDED,
        {"subject.institution_certificate": "1", "subject.society_certificate": "1"},
        "field-of-other-generation subject.institution_certificate",
        "field-of-other-generation subject.society_certificate",
    ),
    old(
        PENALTY_DECIDED,
        {"subject.representative_id_type": "身份证", "subject.representative_id": world.SEALED},
        "field-of-other-generation subject.representative_id_type",
        "field-of-other-generation subject.representative_id",
    ),
    old(
        LICENCE_GRANTED,
        {"subject": {**world.SHOP_WITHOUT_CODE, "representative_id_type": "护照号"}},
        "word-not-in-list subject.representative_id_type",
        subject=world.PERSON,
    ),
    old(
        PENALTY_DECIDED,
        {"subject": {**world.NATURAL_PERSON, "person_id_type": "护照号"}},
        "word-not-in-list subject.person_id_type",
        subject=world.PERSON,
    ),
    old(
        PENALTY_DECIDED,
        {"subject": {**world.NATURAL_PERSON, "uscc": world.COMPANY, "tax_number": "1"}},
        "organisation-field-of-person subject.uscc",
        "organisation-field-of-person subject.tax_number",
        subject=world.PERSON,
    ),
    old(PENALTY_DECIDED, {"subject.uscc": None}, "uscc-missing subject.uscc", subject=""),
    old(
        PENALTY_DECIDED,
        {"subject.organisation_code": "999999999"},
        "organisation-code-invalid subject.organisation_code",
    ),
)

CASES_OF_2016 = (*GENERATIONS, *NOUGHT, *LEFT_OUT_OF_2018, *REQUIRED, *WORDS, *DATES, *SUBJECTS)
