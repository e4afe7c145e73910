"""Broken licences, penalties and defaulter notices."""

from datetime import date
from decimal import Decimal

from tests.unit.domain import world
from tests.unit.domain.case import case, coded
from tests.unit.domain.district import EXCEPTED_IN_VAIN

from credit_bus.domain.event_types import DEFAULTER_LISTED, LICENCE_GRANTED, PENALTY_DECIDED
from credit_bus.domain.identifiers import USCC_NONE

TEXTS = (
    case(PENALTY_DECIDED, {"facts": ""}, "text-missing facts"),
    case(PENALTY_DECIDED, {"facts": " / "}, "text-missing facts"),
    case(PENALTY_DECIDED, {"subject.name": "无"}, "text-missing subject.name"),
    case(
        PENALTY_DECIDED,
        {"subject.representative_name": None},
        "text-missing subject.representative_name",
    ),
    case(PENALTY_DECIDED, {"authority_code": "—"}, "text-missing authority_code"),
    case(PENALTY_DECIDED, {"facts": "实" * 2001}, "text-too-long facts"),
    case(PENALTY_DECIDED, {"remark": "实" * 513}, "text-too-long remark"),
    case(LICENCE_GRANTED, {"document_title": "题" * 65}, "text-too-long document_title"),
    case(LICENCE_GRANTED, {"category": "其他-" + "类" * 254}, "text-too-long category"),
    case(PENALTY_DECIDED, {"categories": ["其他-" + "类" * 253]}, "text-too-long categories"),
    case(
        PENALTY_DECIDED,
        {"categories": ["警告", "其他-" + "类" * 250]},
        "text-too-long categories",
    ),
    case(PENALTY_DECIDED, {"content": "警\x00告"}, "text-control-character content"),
    case(PENALTY_DECIDED, {"content": "警\u202e告"}, "text-control-character content"),
    case(
        PENALTY_DECIDED,
        {"document_number": "甘\u200b罚1号"},
        "text-control-character document_number",
    ),
    case(PENALTY_DECIDED, {"document_number": " 甘罚1号"}, "text-padded document_number"),
)

WORDS = (
    case(LICENCE_GRANTED, {"category": "一般"}, "word-not-in-list category"),
    case(LICENCE_GRANTED, {"category": "其他"}, "word-other-unspecified category"),
    case(LICENCE_GRANTED, {"category": "其他-无"}, "word-other-unspecified category"),
    case(LICENCE_GRANTED, {"state": "0"}, "word-not-in-list state"),
    case(PENALTY_DECIDED, {"categories": []}, "words-missing categories"),
    case(PENALTY_DECIDED, {"categories": ["警告", "警告"]}, "words-repeated categories"),
    case(
        PENALTY_DECIDED,
        {"categories": ["警告", "记过", "其他-"]},
        "word-not-in-list categories[1]",
        "word-other-unspecified categories[2]",
    ),
    case(DEFAULTER_LISTED, {"performance": "未履行"}, "word-not-in-list performance"),
)

DATES = (
    case(
        PENALTY_DECIDED,
        {"decided_on": date(2026, 6, 2)},
        "date-in-future decided_on",
    ),
    case(LICENCE_GRANTED, {"decided_on": date(2026, 6, 2)}, "date-in-future decided_on"),
    case(
        PENALTY_DECIDED,
        {"valid_until": date(2026, 4, 30)},
        "dates-out-of-order valid_until",
    ),
    case(
        PENALTY_DECIDED,
        {"publish_until": date(2026, 4, 30)},
        "dates-out-of-order publish_until",
    ),
    case(LICENCE_GRANTED, {"valid_to": date(2026, 4, 30)}, "dates-out-of-order valid_to"),
    case(LICENCE_GRANTED, {"valid_to": date(2100, 1, 1)}, "date-beyond-long-term valid_to"),
    case(PENALTY_DECIDED, {"valid_until": date.max}, "date-beyond-long-term valid_until"),
    case(PENALTY_DECIDED, {"publish_until": date.max}, "date-beyond-long-term publish_until"),
    case(DEFAULTER_LISTED, {"filed_on": date(2026, 5, 2)}, "dates-out-of-order listed_on"),
    case(DEFAULTER_LISTED, {"published_on": date(2026, 4, 30)}, "dates-out-of-order published_on"),
    case(DEFAULTER_LISTED, {"published_on": date(2026, 6, 2)}, "date-in-future published_on"),
    case(
        DEFAULTER_LISTED,
        {"listed_on": date(2026, 6, 2), "published_on": date(2026, 6, 2)},
        "date-in-future listed_on",
        "date-in-future published_on",
    ),
)

AMOUNTS = (
    case(PENALTY_DECIDED, {"categories": ["罚款"]}, "amount-missing fine_10k"),
    case(PENALTY_DECIDED, {"categories": ["没收违法所得"]}, "amount-missing confiscated_10k"),
    case(PENALTY_DECIDED, {"categories": ["没收非法财物"]}, "amount-missing confiscated_10k"),
    case(PENALTY_DECIDED, {"fine_10k": Decimal("-0.000001")}, "amount-negative fine_10k"),
    case(PENALTY_DECIDED, {"fine_10k": Decimal("1E12")}, "amount-out-of-range fine_10k"),
    case(
        PENALTY_DECIDED,
        {"confiscated_10k": Decimal("0.1234567")},
        "amount-out-of-range confiscated_10k",
    ),
    case(PENALTY_DECIDED, {"fine_10k": Decimal("NaN")}, "amount-out-of-range fine_10k"),
    # Equal to an amount that may stand, but not written as one: 18 digits and seven decimals.
    case(PENALTY_DECIDED, {"fine_10k": Decimal("2.0000000")}, "amount-out-of-range fine_10k"),
    case(
        PENALTY_DECIDED, {"categories": ["暂扣许可证件"]}, "certificate-missing revoked_certificate"
    ),
    case(
        PENALTY_DECIDED,
        {"categories": ["吊销许可证件"], "revoked_certificate": "/"},
        "certificate-missing revoked_certificate",
    ),
)

CODES = (
    coded(None, "uscc-missing subject.uscc"),
    coded("无", "uscc-missing subject.uscc"),
    coded(None, "uscc-missing subject.uscc", category="individual_business"),
    coded(USCC_NONE, "uscc-missing subject.uscc", category="individual_business"),
    coded(USCC_NONE, "uscc-none subject.uscc"),
    coded("91620702", "uscc-length subject.uscc"),
    coded("9111000060003734IL", "uscc-characters subject.uscc"),
    coded("97620702999999998Q", "uscc-prefix subject.uscc"),
    coded("9162070A999999998Q", "uscc-prefix subject.uscc"),
    coded(EXCEPTED_IN_VAIN, "uscc-organisation-check subject.uscc"),
    coded("91110000600037341K", "uscc-check subject.uscc"),
    case(PENALTY_DECIDED, {"authority_code": "1"}, "uscc-length authority_code"),
    case(PENALTY_DECIDED, {"source_code": "91110000600037341K"}, "uscc-check source_code"),
    coded(
        world.COMPANY,
        "organisation-code-invalid subject.organisation_code",
        organisation_code="999999999",
    ),
)

SUBJECTS = (
    case(PENALTY_DECIDED, {}, "subject-key-mismatch ce_subject", subject=world.OTHER_COMPANY),
    case(
        PENALTY_DECIDED,
        {"subject": world.NATURAL_PERSON},
        "subject-key-mismatch ce_subject",
        subject="cd" * 32,
    ),
    case(
        PENALTY_DECIDED,
        {"subject": world.SHOP_WITHOUT_CODE},
        "subject-key-mismatch ce_subject",
    ),
    case(
        PENALTY_DECIDED,
        {
            "subject": {
                **world.NATURAL_PERSON,
                "uscc": world.COMPANY,
                "tax_number": "620702",
                "representative_name": "示例代表人",
                "representative_id": world.SEALED,
            }
        },
        "organisation-field-of-person subject.uscc",
        "organisation-field-of-person subject.tax_number",
        "organisation-field-of-person subject.representative_name",
        "organisation-field-of-person subject.representative_id",
        subject=world.PERSON,
    ),
    case(
        PENALTY_DECIDED,
        {"subject.person_id": world.SEALED, "subject.person_id_type": "身份证"},
        "person-field-of-organisation subject.person_id",
        "person-field-of-organisation subject.person_id_type",
    ),
    case(
        PENALTY_DECIDED,
        {"subject": {**world.NATURAL_PERSON, "person_id": None, "person_id_type": None}},
        "person-id-missing subject.person_id",
        "text-missing subject.person_id_type",
    ),
    case(
        PENALTY_DECIDED,
        {"subject": {**world.NATURAL_PERSON, "person_id_type": "学生证"}},
        "word-not-in-list subject.person_id_type",
        subject=world.PERSON,
    ),
    case(
        PENALTY_DECIDED,
        {"subject.representative_id": world.SEALED},
        "id-pair-incomplete subject.representative_id_type",
    ),
    case(
        PENALTY_DECIDED,
        {"subject.representative_id_type": "护照号"},
        "id-pair-incomplete subject.representative_id",
    ),
    case(
        PENALTY_DECIDED,
        {
            "subject.representative_id_type": "护照号",
            "subject.representative_id": {**world.SEALED, "box": b""},
        },
        "sealed-malformed subject.representative_id",
    ),
    case(
        PENALTY_DECIDED,
        {"subject": {**world.NATURAL_PERSON, "person_id": {**world.SEALED, "pseudonym": "AB"}}},
        "sealed-malformed subject.person_id",
        subject="AB",
    ),
)

DEFAULTERS = (
    case(
        DEFAULTER_LISTED,
        {"case_number": "(2026)甘0702执1号"},
        "case-number-brackets case_number",
    ),
    case(DEFAULTER_LISTED, {"case_number": "甘0702执1号"}, "case-number-malformed case_number"),
    case(DEFAULTER_LISTED, {"case_number": "/"}, "text-missing case_number"),
    case(DEFAULTER_LISTED, {"ground": 0}, "ground-unknown ground"),
    case(DEFAULTER_LISTED, {"ground": 7}, "ground-unknown ground"),
    case(
        DEFAULTER_LISTED,
        {"term.ends_on": None, "term.until_performance": True},
        "ground-needs-fixed-term term.until_performance",
    ),
    case(
        DEFAULTER_LISTED,
        {"term.ends_on": date(2031, 5, 5)},
        "ground-term-too-long term.ends_on",
    ),
    case(DEFAULTER_LISTED, {"term.ends_on": None}, "term-missing term.ends_on"),
    case(
        DEFAULTER_LISTED,
        {"ground": 1, "term.until_performance": True},
        "term-with-two-ends term.ends_on",
    ),
    case(
        DEFAULTER_LISTED,
        {"instrument.type": "penalty-decision"},
        "instrument-not-of-court instrument.type",
    ),
    case(DEFAULTER_LISTED, {"instrument.number": "无"}, "text-missing instrument.number"),
)

RECORD_CASES = (*TEXTS, *WORDS, *DATES, *AMOUNTS, *CODES, *SUBJECTS, *DEFAULTERS)
