"""One valid body of each event type, and who says it, for the domain's tests to bend.

Every number is made up: nobody and nothing here exists.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.unit.domain.district import REGISTRY, TODAY

from credit_bus.domain.context import Context
from credit_bus.domain.event import action_id
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    CANARY_SENT,
    DEFAULTER_LISTED,
    DELIVERY_CONFIRMED,
    DELIVERY_REFUSED,
    ENQUIRY_ANSWERED,
    ENQUIRY_MADE,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    LISTING_REMOVED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
    REPUTATION_RESTORED,
    RULES_ACTIVATED,
    SUBJECT_REGISTERED,
)
from credit_bus.domain.synthetic import synthetic_uscc

COMPANY = synthetic_uscc(1)
OTHER_COMPANY = synthetic_uscc(2)
SHOP = synthetic_uscc(1, "individual")
AGENCY = synthetic_uscc(1, "agency")
PERSON = "ab" * 32
SEALED = {"pseudonym": PERSON, "box": b"b" * 46}
NUMBER = "（2026）甘0702执1号"

ORGANISATION: dict[str, Any] = {
    "name": "示例商贸有限公司",
    "category": "organisation",
    "uscc": COMPANY,
    "registration_number": None,
    "organisation_code": None,
    "tax_number": None,
    "institution_certificate": None,
    "society_certificate": None,
    "representative_name": "示例代表人",
    "representative_id_type": None,
    "representative_id": None,
    "person_id_type": None,
    "person_id": None,
}
NATURAL_PERSON: dict[str, Any] = {
    **ORGANISATION,
    "name": "示例人",
    "category": "natural_person",
    "uscc": None,
    "representative_name": None,
    "person_id_type": "身份证",
    "person_id": SEALED,
}
SHOP_WITHOUT_CODE: dict[str, Any] = {
    **ORGANISATION,
    "name": "个体工商户",
    "category": "individual_business",
    "uscc": None,
    "representative_id_type": "身份证",
    "representative_id": SEALED,
}
SHOP_REFERENCE: dict[str, Any] = {
    "name": "个体工商户",
    "category": "individual_business",
    "uscc": None,
    "person_id": SEALED,
}
COMPANY_REFERENCE: dict[str, Any] = {
    "name": "示例商贸有限公司",
    "category": "organisation",
    "uscc": COMPANY,
    "person_id": None,
}
PERSON_REFERENCE: dict[str, Any] = {
    "name": "示例人",
    "category": "natural_person",
    "uscc": None,
    "person_id": SEALED,
}

_AGENCIES = {
    "authority_name": "示例局",
    "authority_code": AGENCY,
    "source_name": "示例局",
    "source_code": AGENCY,
    "remark": None,
}
_NOT_OF_2018 = dict.fromkeys(
    ("publicity_state", "division", "recorded_at", "usage_scope", "power_code")
)
_NOT_OF_2016 = dict.fromkeys(("authority_code", "source_name", "source_code"))
_GROUND = {
    "instrument": {
        "type": "court-decision",
        "title": "失信决定书",
        "number": NUMBER,
        "article": "第一条第二项",
        "issuer": "示例法院",
        "issued_on": date(2026, 5, 1),
        "effective_on": date(2026, 5, 2),
    },
    "notice": {"given_on": date(2026, 5, 3), "method": "直接送达"},
    "term": {
        "begins_on": date(2026, 5, 4),
        "ends_on": date(2027, 5, 4),
        "until_performance": False,
    },
}
ACTION = action_id(initiator="court", instrument=NUMBER, subject=COMPANY)
EVENT = "1" * 32
MOMENT = datetime(2026, 6, 1, 2, tzinfo=UTC)
RECORD = {"provider": "market", "type": PENALTY_DECIDED, "document_number": "甘罚〔2026〕1号"}
RECORD_FOUND: dict[str, Any] = {**RECORD, "revision": 1, "disputed": False}
ABOUT_RECORD: dict[str, Any] = {"record": RECORD, "action_id": None}
ABOUT_ACTION: dict[str, Any] = {"record": None, "action_id": ACTION}
IMPLEMENTERS = [
    {"measure": "no-homes", "implementer": "quality"},
    {"measure": "no-homes", "implementer": "finance"},
]
# What stays an action, or lifts a stay.
DOCUMENT: dict[str, Any] = {
    "title": "停止执行裁定书",
    "number": "（2026）甘07行停1号",
    "issuer": "示例中级法院",
    "issued_on": date(2026, 5, 20),
}
STAYED: dict[str, Any] = {
    "cause": "stayed_by_court",
    "because_of": None,
    "reference": DOCUMENT["number"],
    "basis": DOCUMENT,
}

VALID: Mapping[str, dict[str, Any]] = {
    LICENCE_GRANTED: {
        "subject": ORGANISATION,
        "document_title": "食品经营许可决定书",
        "document_number": "甘许〔2026〕1号",
        "category": "普通",
        "certificate_name": "食品经营许可证",
        "licence_number": None,
        "content": "预包装食品销售",
        "decided_on": date(2026, 5, 1),
        "valid_from": date(2026, 5, 1),
        "valid_to": date(2099, 12, 31),
        "state": "1",
        "generation": "2018",
        "project_name": None,
        **_NOT_OF_2018,
        **_AGENCIES,
    },
    PENALTY_DECIDED: {
        "subject": ORGANISATION,
        "document_number": "甘罚〔2026〕1号",
        "violation": "销售超过保质期的食品",
        "facts": "经查，货架上有超过保质期的食品。",
        "legal_basis": "《食品安全法》第一百二十四条",
        "categories": ["警告"],
        "content": "警告",
        "fine_10k": None,
        "confiscated_10k": None,
        "revoked_certificate": None,
        "decided_on": date(2026, 5, 1),
        "valid_until": date(2027, 5, 1),
        "publish_until": date(2026, 8, 1),
        "generation": "2018",
        "title": None,
        "severity": None,
        **_NOT_OF_2018,
        **_AGENCIES,
    },
    DEFAULTER_LISTED: {
        "subject": ORGANISATION,
        "case_number": "（2026）甘0702执1号",
        "court_name": "示例法院",
        "filed_on": date(2026, 1, 5),
        "basis_number": "（2025）甘0702民初1号",
        "basis_issuer": "示例法院",
        "duty": "给付货款",
        "performance": "全部未履行",
        "conduct": "违反财产报告制度",
        "ground": 4,
        "performed_part": None,
        "unperformed_part": "全部",
        "listed_on": date(2026, 5, 1),
        "published_on": date(2026, 5, 6),
        **_GROUND,
    },
    LISTING_ENTERED: {
        **_GROUND,
        "list": "arrears",
        "document_number": "甘列〔2026〕1号",
        "subject": COMPANY_REFERENCE,
        "field": "wages",
        "cause": "拖欠农民工工资，经责令仍未支付",
        "instrument": {**_GROUND["instrument"], "type": "penalty-decision"},
        "removal_conditions": "付清工资后可以申请提前移出",
        "remedies": "六十日内申请行政复议，或者六个月内提起行政诉讼",
        "publish": True,
        "decided_on": date(2026, 5, 4),
        "decided_by": "示例局",
        "remark": None,
    },
    LISTING_REMOVED: {
        "list": "arrears",
        "document_number": "甘列〔2026〕1号",
        "entered_by": "market",
        "subject": COMPANY_REFERENCE,
        "cause": "conditions_met",
        "because_of": None,
        "explanation": "工资已付清",
        "basis": DOCUMENT,
        "removed_on": TODAY,
    },
    SUBJECT_REGISTERED: {
        "subject": {
            "name": "示例商贸有限公司",
            "category": "organisation",
            "uscc": COMPANY,
            "registration_number": None,
            "organisation_code": COMPANY[8:17],
            "representative_name": "示例代表人",
        },
        "kind": "有限责任公司",
        "capital_10k": Decimal("100.000000"),
        "currency": "人民币",
        "established_on": date(2020, 3, 2),
        "term_from": date(2020, 3, 2),
        "term_to": date(2099, 12, 31),
        "authority_name": "示例局",
        "authority_code": AGENCY,
        "state": "存续",
        "scope": "预包装食品销售",
        "seat": "示例路1号",
        "industry_code": "F5226",
        "recorded_on": date(2026, 5, 20),
        "remark": None,
    },
    RECORD_CORRECTED: {
        "record": RECORD,
        "record_revision": 2,
        "subject": COMPANY_REFERENCE,
        "cause": "own_finding",
        "fields": ["fine_10k", "subject.name"],
        "explanation": "罚款金额录入有误",
        "basis": DOCUMENT,
        "because_of": None,
        "corrected_on": TODAY,
    },
    RECORD_WITHDRAWN: {
        "record": RECORD,
        "record_revision": 2,
        "subject": COMPANY_REFERENCE,
        "cause": "revoked",
        "explanation": "处罚决定已被撤销",
        "basis": DOCUMENT,
        "because_of": None,
        "decided_on": TODAY,
    },
    PUBLICITY_ENDED: {
        "record": RECORD,
        "record_revision": 2,
        "subject": COMPANY_REFERENCE,
        "cause": "maximum_reached",
        "because_of": None,
        "rule": "信用修复管理办法",
        "ended_on": TODAY,
    },
    ACTION_INITIATED: {
        "action_id": ACTION,
        "kind": "constraint",
        "subject": COMPANY_REFERENCE,
        "field": "judgments",
        "cause": "违反财产报告制度",
        "measures": ["no-homes", "no-bids"],
        "remark": None,
        **_GROUND,
    },
    MEASURE_RESPONDED: {
        "action_id": ACTION,
        "measure": "no-homes",
        "decision": "accepted",
        "refusal_reason": None,
        "refusal_basis": None,
        "responded_on": TODAY,
        "remark": None,
    },
    MEASURE_EXECUTED: {
        "action_id": ACTION,
        "measure": "no-bids",
        "outcome": "executed",
        "executed_on": TODAY,
        "result": "已在系统中限制",
        "amount_10k": Decimal("0.200000"),
        "legal_basis": None,
        "document_number": None,
        "division": "620702",
        "remark": None,
        "batch_number": "惩通1号",
        "operator": "业务岗2号",
    },
    MEASURE_LIFTED: {
        "action_id": ACTION,
        "measure": "no-bids",
        "because_of": EVENT,
        "lifted_on": TODAY,
        "result": "已在系统中解除",
        "document_number": None,
        "operator": "业务岗2号",
        "remark": None,
    },
    ACTION_SUSPENDED: {
        "action_id": ACTION,
        "reference": "异1号",
        "cause": "objection_under_verification",
        "because_of": EVENT,
        "basis": None,
        "effective_at": MOMENT,
        "implementers": IMPLEMENTERS,
    },
    ACTION_RESUMED: {
        "action_id": ACTION,
        "reference": "异1号",
        "cause": "objection_dismissed",
        "because_of": EVENT,
        "basis": None,
        "effective_at": MOMENT,
        "implementers": IMPLEMENTERS,
    },
    ACTION_ENDED: {
        "action_id": ACTION,
        "cause": "term_over",
        "because_of": None,
        "explanation": None,
        "effective_on": TODAY,
        "implementers": IMPLEMENTERS,
    },
    ACTION_CLOSED: {
        "action_id": ACTION,
        "because_of": EVENT,
        "closed_at": MOMENT,
        "holders": [
            {"holder": "finance", "confirmation": EVENT},
            {"holder": "platform", "confirmation": "2" * 32},
        ],
    },
    OBJECTION_RAISED: {
        "objection_number": "异1号",
        "subject": COMPANY_REFERENCE,
        "about": ABOUT_RECORD,
        "scope": ["content", "period"],
        "statement": "处罚决定已被撤销",
        "raised_on": TODAY,
        "channel": "窗口",
    },
    OBJECTION_DECIDED: {
        "objection_number": "异1号",
        "raised_by": "window",
        "about": ABOUT_RECORD,
        "decision": "upheld",
        "findings": "经核查属实",
        "remedy": "withdrawn",
        "basis": "行政处罚法第四十八条",
        "decided_on": TODAY,
    },
    REPAIR_REQUESTED: {
        "request_number": "修1号",
        "subject": COMPANY_REFERENCE,
        "about": ABOUT_RECORD,
        "recogniser": "market",
        "minimum_reached_on": date(2026, 5, 20),
        "performed_on": date(2026, 4, 1),
        "proofs": ["缴款凭证"],
        "commitment_published_on": date(2026, 5, 25),
        "requested_on": date(2026, 5, 28),
    },
    REPAIR_ACCEPTED: {
        "request_number": "修1号",
        "requested_by": "window",
        "about": ABOUT_RECORD,
        "accepted_on": date(2026, 5, 29),
    },
    REPAIR_DECIDED: {
        "request_number": "修1号",
        "requested_by": "window",
        "about": ABOUT_RECORD,
        "decision": "granted",
        "reason": None,
        "decided_on": date(2026, 5, 30),
        "effective_on": TODAY,
    },
    REPUTATION_RESTORED: {
        "subject": COMPANY_REFERENCE,
        "about": ABOUT_RECORD,
        "statement": "此前公示有误，现予说明。",
        "because_of": EVENT,
        "restored_on": TODAY,
    },
    ENQUIRY_MADE: {
        "enquiry_number": "查1号",
        "purpose": "bids",
        "procedure": "资格审查",
        "case_reference": "办1号",
        "asked_at": MOMENT,
        "answer_by": datetime(2026, 6, 1, 3, tzinfo=UTC),
    },
    ENQUIRY_ANSWERED: {
        "enquiry_number": "查1号",
        "asker": "finance",
        "purpose": "bids",
        "as_of": MOMENT,
        "records": [RECORD_FOUND],
        "measures": [{"action_id": ACTION, "measure": "no-bids", "ends_on": date(2027, 5, 4)}],
        "clean_for_three_years": None,
        "deciding_records": [],
    },
    CANARY_SENT: {"round": "finance-1", "sent_at": MOMENT},
    RULES_ACTIVATED: {
        "registry_version": "0123456789ab",
        "previous_version": None,
        "activated_at": MOMENT,
        "reason": "首次启用。",
        "events_rehearsed": 10,
        "events_changed": 0,
        "rehearsed_for": date(2026, 6, 1),
    },
    REMINDER_DUE: {
        "party": "finance",
        "obligation": "feed_back",
        "about": ABOUT_ACTION,
        "because_of": EVENT,
        "due_on": date(2026, 5, 31),
        "state": "overdue",
        "rule_version": "0123456789ab",
    },
    DELIVERY_CONFIRMED: {
        "event_id": "0" * 32,
        "event_type": PENALTY_DECIDED,
        "provider": "market",
        "event_revision": 1,
        "acknowledgement": "recid-1",
        "delivered_at": datetime(2026, 6, 1, 2, tzinfo=UTC),
    },
    DELIVERY_REFUSED: {
        "event_id": "0" * 32,
        "event_type": PENALTY_DECIDED,
        "provider": "market",
        "event_revision": 1,
        "reasons": [{"code": "too-long", "field": "", "rule": "字段过长", "remedy": "请缩短"}],
        "refused_at": datetime(2026, 6, 1, 2, tzinfo=UTC),
    },
}
# What makes of the valid licence and penalty those of the generation of 2016.
_TEMPLATE_2016: Mapping[str, Any] = {
    "generation": "2016",
    "publicity_state": "0",
    "division": "620702",
    "recorded_at": datetime(2026, 5, 2, 1, 30, tzinfo=UTC),
    "usage_scope": "0",
    "power_code": "620702-1",
    **_NOT_OF_2016,
}
OF_2016: Mapping[str, Mapping[str, Any]] = {
    LICENCE_GRANTED: {
        **_TEMPLATE_2016,
        "project_name": "食品经营许可",
        "document_title": None,
        "certificate_name": None,
        "valid_from": None,
        "state": None,
    },
    PENALTY_DECIDED: {
        **_TEMPLATE_2016,
        "title": "销售超过保质期的食品案",
        "severity": "1",
        "violation": None,
    },
}
SPEAKERS: Mapping[str, str] = {
    LICENCE_GRANTED: "market",
    PENALTY_DECIDED: "market",
    DEFAULTER_LISTED: "court",
    **dict.fromkeys(
        (LISTING_ENTERED, LISTING_REMOVED, SUBJECT_REGISTERED, RECORD_CORRECTED, RECORD_WITHDRAWN),
        "market",
    ),
    ACTION_INITIATED: "court",
    MEASURE_RESPONDED: "finance",
    MEASURE_EXECUTED: "finance",
    MEASURE_LIFTED: "finance",
    **dict.fromkeys(
        (ACTION_SUSPENDED, ACTION_RESUMED, ACTION_ENDED, ACTION_CLOSED, ENQUIRY_ANSWERED), "hub"
    ),
    REMINDER_DUE: "hub",
    PUBLICITY_ENDED: "hub",
    CANARY_SENT: "finance",
    RULES_ACTIVATED: "hub",
    OBJECTION_RAISED: "window",
    REPAIR_REQUESTED: "window",
    **dict.fromkeys(
        (OBJECTION_DECIDED, REPAIR_ACCEPTED, REPAIR_DECIDED, REPUTATION_RESTORED), "market"
    ),
    ENQUIRY_MADE: "finance",
    DELIVERY_CONFIRMED: "platform",
    DELIVERY_REFUSED: "platform",
}

# An initiation of incentives, as changes of the valid one.
INCENTIVE: Mapping[str, Any] = {
    "kind": "incentive",
    "field": "honesty",
    "instrument.type": "honour",
    "measures": ["green-lane"],
}
# An entry on a list of honour, as changes of the valid one.
HONOUR: Mapping[str, Any] = {
    "list": "models",
    "field": "honesty",
    "instrument.type": "honour",
    "notice": None,
    "removal_conditions": None,
    "remedies": None,
    "term.ends_on": None,
}
# Likewise one that ends by performance.
UNTIL_PERFORMANCE: Mapping[str, Any] = {
    "term.ends_on": None,
    "term.until_performance": True,
    "measures": ["no-homes"],
}


def context(kind: str, **changes: Any) -> Context:
    """What the gate would know when the usual party says such an event about the company."""
    usual = Context(registry=REGISTRY, today=TODAY, source=SPEAKERS[kind], subject=COMPANY)
    return replace(usual, **changes)


def body(kind: str, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The valid body of that type with these places (dotted paths) changed."""
    changed = deepcopy(VALID[kind])
    for path, value in (changes or {}).items():
        *parents, last = path.split(".")
        place: Any = changed
        for parent in parents:
            place = place[int(parent)] if parent.isdigit() else place[parent]
        place[int(last) if last.isdigit() else last] = deepcopy(value)
    return changed
