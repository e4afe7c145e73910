"""Bodies that look odd and may stand: type, changes of the valid body, changes of the context."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.unit.domain import world
from tests.unit.domain.district import EXCEPTED, TODAY

from credit_bus.domain.event import action_id
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    DEFAULTER_LISTED,
    ENQUIRY_ANSWERED,
    ENQUIRY_MADE,
    LICENCE_GRANTED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
    REPUTATION_RESTORED,
)
from credit_bus.domain.identifiers import USCC_NONE
from credit_bus.domain.subjects import BOX_BYTES_MAX, BOX_BYTES_MIN

BY_PERSON: Mapping[str, Any] = {
    "measures": ["no-homes"],
    "action_id": action_id(initiator="court", instrument=world.NUMBER, subject=world.PERSON),
}
HIGH_COURT: Mapping[str, Any] = {"source": "high-court"}
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
    "feedback by a staff number": (MEASURE_EXECUTED, {"operator": "CZ-0032"}, {}),
    "feedback of the first version, without batch and operator": (
        MEASURE_EXECUTED,
        {"batch_number": None, "operator": None},
        {},
    ),
    "a measure lifted that the successor of its implementer carried out": (
        MEASURE_LIFTED,
        {"measure": "no-homes", "operator": None},
        {"source": "market"},
    ),
    "a court stays the action of another": (ACTION_SUSPENDED, world.STAYED, HIGH_COURT),
    "the initiator says that it was stayed": (ACTION_SUSPENDED, world.STAYED, {"source": "court"}),
    "a court lifts its stay": (
        ACTION_RESUMED,
        {**world.STAYED, "cause": "stay_lifted", "basis": {**world.DOCUMENT, "number": "另号"}},
        HIGH_COURT,
    ),
    "the initiator withdraws": (
        ACTION_ENDED,
        {"cause": "withdrawn", "explanation": "认定文书已撤销"},
        {"source": "court"},
    ),
    "the successor of the initiator ends the action": (
        ACTION_ENDED,
        {"action_id": "quality." + "0" * 24},
        {"source": "market"},
    ),
    "a court ends the action of another": (
        ACTION_ENDED,
        {"cause": "court_event", "because_of": world.EVENT},
        HIGH_COURT,
    ),
    "one holder with two proofs": (
        ACTION_CLOSED,
        {"holders.1.holder": "finance"},
        {},
    ),
    "an objection of a person against an action": (
        OBJECTION_RAISED,
        {
            "subject": world.PERSON_REFERENCE,
            "about": world.ABOUT_ACTION,
            "channel": "其他-来信",
        },
        {"subject": world.PERSON},
    ),
    "an objection to what a party said that is gone": (
        OBJECTION_DECIDED,
        {"about.record.provider": "quality"},
        {},
    ),
    "an objection dismissed": (OBJECTION_DECIDED, {"decision": "dismissed", "remedy": None}, {}),
    "an action ended on an objection": (
        OBJECTION_DECIDED,
        {"about": world.ABOUT_ACTION, "remedy": "ended"},
        {"source": "court"},
    ),
    "a repair asked of the successor": (
        REPAIR_REQUESTED,
        {"about.record.provider": "quality"},
        {},
    ),
    "a repair asked on the day the minimum is reached": (
        REPAIR_REQUESTED,
        {"minimum_reached_on": date(2026, 5, 28), "proofs": [str(n) for n in range(20)]},
        {},
    ),
    "a repair accepted by the successor of who recognised": (
        REPAIR_ACCEPTED,
        {"about.record.provider": "quality"},
        {},
    ),
    "a repair refused": (
        REPAIR_DECIDED,
        {"decision": "refused", "reason": "义务未履行完毕", "effective_on": None},
        {},
    ),
    "the hub restores in a provider's stead": (REPUTATION_RESTORED, {}, {"source": "hub"}),
    "an enquiry for which anybody may ask": (
        ENQUIRY_MADE,
        {"purpose": "lane", "answer_by": world.MOMENT + timedelta(days=30)},
        {"source": "window"},
    ),
    "the successor of an asker": (ENQUIRY_MADE, {}, {"source": "market"}),
    "an answer that nothing is known": (ENQUIRY_ANSWERED, {"records": [], "measures": []}, {}),
    "an answer with a measure until performance": (
        ENQUIRY_ANSWERED,
        {"measures.0.measure": "no-homes", "measures.0.ends_on": None},
        {},
    ),
    "an answer with an incentive without an end": (
        ENQUIRY_ANSWERED,
        {"measures.0.measure": "green-lane", "measures.0.ends_on": None},
        {},
    ),
    "an answer of three clean years": (
        ENQUIRY_ANSWERED,
        {"purpose": "lane", "records": [], "measures": [], "clean_for_three_years": True},
        {},
    ),
    "an answer of years that were not": (
        ENQUIRY_ANSWERED,
        {
            "purpose": "lane",
            "records": [],
            "measures": [],
            "clean_for_three_years": False,
            "deciding_records": [world.RECORD_FOUND],
        },
        {},
    ),
    "a reminder before the day": (
        REMINDER_DUE,
        {"state": "due", "due_on": date(2026, 6, 9), "obligation": "verify_objection"},
        {},
    ),
    "a reminder to publish a record": (
        REMINDER_DUE,
        {"obligation": "publish", "about": world.ABOUT_RECORD},
        {},
    ),
    "a refusal with its ground": (
        MEASURE_RESPONDED,
        {"decision": "refused", "refusal_reason": "已注销", "refusal_basis": "公司法第一条"},
        {},
    ),
}
