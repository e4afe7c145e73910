"""Bodies that look odd and may stand: type, changes of the valid body, changes of the context."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tests.unit.domain import world
from tests.unit.domain.district import EXCEPTED, TODAY

from credit_bus.domain.event import action_id
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    DEFAULTER_LISTED,
    LICENCE_GRANTED,
    MEASURE_RESPONDED,
    PENALTY_DECIDED,
)
from credit_bus.domain.identifiers import USCC_NONE
from credit_bus.domain.subjects import BOX_BYTES_MAX, BOX_BYTES_MIN

BY_PERSON: Mapping[str, Any] = {
    "measures": ["no-homes"],
    "action_id": action_id(initiator="court", instrument=world.NUMBER, subject=world.PERSON),
}
GOOD: Mapping[str, tuple[str, Mapping[str, Any], Mapping[str, Any]]] = {
    "a natural person": (
        PENALTY_DECIDED,
        {"subject": world.NATURAL_PERSON},
        {"subject": world.PERSON},
    ),
    "a shop with a code": (
        LICENCE_GRANTED,
        {"subject.category": "individual_business", "subject.uscc": world.SHOP},
        {"subject": world.SHOP},
    ),
    "a shop without a code, keyed by its operator": (
        LICENCE_GRANTED,
        {"subject": world.SHOP_WITHOUT_CODE},
        {"subject": world.PERSON},
    ),
    "a shop that states it has no code": (
        LICENCE_GRANTED,
        {"subject": {**world.SHOP_WITHOUT_CODE, "uscc": USCC_NONE}},
        {"subject": world.PERSON},
    ),
    "a registered code whose check fails, as a person confirmed": (
        PENALTY_DECIDED,
        {"subject.uscc": EXCEPTED, "authority_code": EXCEPTED},
        {"subject": EXCEPTED},
    ),
    "an authority without a code": (PENALTY_DECIDED, {"authority_code": USCC_NONE}, {}),
    "blank words in optional fields": (
        PENALTY_DECIDED,
        {"remark": "/", "subject.organisation_code": "无", "subject.tax_number": ""},
        {},
    ),
    "line ends in a long text": (PENALTY_DECIDED, {"facts": "一\n二\u3000三"}, {}),
    "everything a penalty can impose": (
        PENALTY_DECIDED,
        {
            "categories": ["罚款", "没收违法所得", "吊销许可证件", "其他-责令改正"],
            "fine_10k": Decimal("999999999999.999999"),
            "confiscated_10k": Decimal("0.000000"),
            "revoked_certificate": "食品经营许可证 1号",
            "publish_until": None,
        },
        {},
    ),
    "texts of the greatest length": (
        PENALTY_DECIDED,
        {"facts": "实" * 2000, "remark": "实" * 512, "content": "容" * 4000},
        {},
    ),
    "categories of the greatest length": (
        PENALTY_DECIDED,
        {"categories": ["警告", "其他-" + "类" * 249]},
        {},
    ),
    "the smallest sealed number": (
        PENALTY_DECIDED,
        {
            "subject.representative_id_type": "其他-军官证",
            "subject.representative_id": {**world.SEALED, "box": b"b" * BOX_BYTES_MIN},
        },
        {},
    ),
    "the largest sealed number": (
        PENALTY_DECIDED,
        {
            "subject.representative_id_type": "身份证",
            "subject.representative_id": {**world.SEALED, "box": b"b" * BOX_BYTES_MAX},
        },
        {},
    ),
    "notice on the day of the beginning": (
        ACTION_INITIATED,
        {"notice.given_on": date(2026, 5, 4)},
        {},
    ),
    "a shop without a code, named by its operator": (
        ACTION_INITIATED,
        {"subject": world.SHOP_REFERENCE, **BY_PERSON},
        {"subject": world.PERSON},
    ),
    "a shop that states it has no code, named by its operator": (
        ACTION_INITIATED,
        {"subject": {**world.SHOP_REFERENCE, "uscc": USCC_NONE}, **BY_PERSON},
        {"subject": world.PERSON},
    ),
    "the successor of an implementer, from its first day": (
        MEASURE_RESPONDED,
        {"measure": "past"},
        {},
    ),
    "a decision of today": (PENALTY_DECIDED, {"decided_on": TODAY}, {}),
    "ground 1 until performance": (
        DEFAULTER_LISTED,
        {"ground": 1, "term.ends_on": None, "term.until_performance": True},
        {},
    ),
    "five years at most": (DEFAULTER_LISTED, {"term.ends_on": date(2031, 5, 4)}, {}),
    "a measure until performance": (ACTION_INITIATED, world.UNTIL_PERFORMANCE, {}),
    "an incentive": (ACTION_INITIATED, world.INCENTIVE, {}),
    "an incentive without an end": (
        ACTION_INITIATED,
        {**world.INCENTIVE, "term.ends_on": None},
        {},
    ),
    "a person under their own key": (
        ACTION_INITIATED,
        {"subject": world.PERSON_REFERENCE, **BY_PERSON},
        {"subject": world.PERSON},
    ),
    "the successor of a measure's initiator": (
        ACTION_INITIATED,
        {
            "measures": ["no-licence"],
            "action_id": action_id(
                initiator="market", instrument=world.NUMBER, subject=world.COMPANY
            ),
        },
        {"source": "market"},
    ),
    "the successor of an implementer": (MEASURE_RESPONDED, {}, {"source": "market"}),
    "an answer about a person": (MEASURE_RESPONDED, {}, {"subject": world.PERSON}),
    "an answer about an excepted code": (MEASURE_RESPONDED, {}, {"subject": EXCEPTED}),
    "a refusal with its ground": (
        MEASURE_RESPONDED,
        {"decision": "refused", "refusal_reason": "已注销", "refusal_basis": "公司法第一条"},
        {},
    ),
}
