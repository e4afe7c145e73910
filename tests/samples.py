"""Valid events of the example district for any test to bend. No real person, no real firm."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.wire import Message, write_event
from credit_bus.domain.channels import outbox
from credit_bus.domain.event import Event, action_id, action_of, document_of, event_id
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    CANARY_SENT,
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
from credit_bus.domain.registry import Registry
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus.domain.upkeep import nobodys_key

REGISTRY_FOLDER = Path(__file__).parents[1] / "deploy/credit_bus_deploy/registry"
NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
PENALISING = "market-regulation"
COURT = "district-court"
WINDOW = "government-services"
HUB = "hub"
LISTING = "human-resources"
COURT_MEASURES = ("procurement-defaulter", "consumption-real-estate", "honours-defaulter")


@cache
def registry() -> Registry:
    """The registry of the example district."""
    return load_registry(REGISTRY_FOLDER)


@cache
def codec() -> Codec:
    """The codec over the project's own schemas."""
    return Codec(load_catalogue())


def subject(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A company."""
    return {
        "name": f"示例商贸{number}号有限公司",
        "category": "organisation",
        "uscc": synthetic_uscc(number),
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
        **changes,
    }


def individual(number: int = 0, **changes: Any) -> dict[str, Any]:
    """An individual business with a code of its own."""
    return subject(
        number,
        **{
            "name": f"示例小吃店{number}号",
            "category": "individual_business",
            "uscc": synthetic_uscc(number, "individual"),
            **changes,
        },
    )


def person(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A natural person; the box is no real one, and nobody's."""
    return subject(
        number,
        **{
            "name": f"示例自然人{number}",
            "category": "natural_person",
            "uscc": None,
            "representative_name": None,
            "person_id_type": "身份证",
            "person_id": {"pseudonym": f"{number:064x}", "box": bytes(46)},
            **changes,
        },
    )


SUBJECTS = (subject, individual, person)

# The fields of a record that its own generation alone has.
_OF_2016 = {
    "generation": "2016",
    "publicity_state": "0",
    "division": "620702",
    "recorded_at": datetime(2026, 5, 21, 2, tzinfo=UTC),
    "usage_scope": "0",
    "power_code": None,
}
_OF_2018 = {"generation": "2018", **dict.fromkeys(list(_OF_2016)[1:])}
_AGENCY = {
    "authority_code": synthetic_uscc(0, "agency"),
    "source_name": "甘州区市场监督管理局",
    "source_code": synthetic_uscc(0, "agency"),
}


def licence_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A licence of a company, in the generation of 2018."""
    return {
        "subject": subject(number),
        "document_title": "食品经营许可决定书",
        "document_number": f"甘区市监许〔2026〕{number}号",
        "category": "普通",
        "certificate_name": "食品经营许可证",
        "licence_number": f"JY{number:08d}",
        "content": "准予从事预包装食品销售",
        "decided_on": date(2026, 5, 20),
        "valid_from": date(2026, 5, 20),
        "valid_to": date(2029, 5, 19),
        "authority_name": "甘州区市场监督管理局",
        "state": "1",
        "remark": None,
        "project_name": None,
        **_OF_2018,
        **_AGENCY,
        **changes,
    }


def licence_body_2016(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A licence of a company, in the generation of 2016."""
    nothing = ("document_title", "certificate_name", "licence_number", "valid_from", "state")
    return {
        **licence_body(number),
        **dict.fromkeys((*nothing, *_AGENCY)),
        **_OF_2016,
        "project_name": "食品经营许可",
        **changes,
    }


def penalty_body_2016(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A fine on a company, in the generation of 2016."""
    return {
        **penalty_body(number),
        **dict.fromkeys(("violation", "fine_10k", *_AGENCY)),
        **_OF_2016,
        "title": f"示例商贸{number}号有限公司销售不合格食品案",
        "severity": "1",
        "categories": ["罚款", "没收违法所得、没收非法财物"],
        **changes,
    }


def penalty_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A fine on a company, in the generation of 2018."""
    return {
        "subject": subject(number),
        "document_number": f"甘区市监罚〔2026〕{number}号",
        "violation": "销售不符合食品安全标准的食品",
        "facts": "经检查，当事人销售超过保质期的食品。",
        "legal_basis": "《中华人民共和国食品安全法》第一百二十四条",
        "categories": ["罚款"],
        "content": "罚款人民币二万元",
        "fine_10k": Decimal("2.000000"),
        "confiscated_10k": None,
        "revoked_certificate": None,
        "decided_on": date(2026, 5, 20),
        "valid_until": date(2029, 5, 20),
        "publish_until": None,
        "authority_name": "甘州区市场监督管理局",
        "remark": None,
        "title": None,
        "severity": None,
        **_OF_2018,
        **_AGENCY,
        **changes,
    }


def initiation_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Three court-founded constraints on a company."""
    uscc = synthetic_uscc(number)
    return {
        "action_id": action_id(
            initiator=COURT, instrument=f"（2026）甘0702执{number}号", subject=uscc
        ),
        "kind": "constraint",
        "subject": {
            "name": f"示例商贸{number}号有限公司",
            "category": "organisation",
            "uscc": uscc,
            "person_id": None,
        },
        "field": "judgment-performance",
        "cause": "有履行能力而拒不履行生效法律文书确定的义务",
        "instrument": {
            "type": "court-listing-decision",
            "title": "失信决定书",
            "number": f"（2026）甘0702执{number}号",
            "article": "第一条第一项",
            "issuer": "甘州区人民法院",
            "issued_on": date(2026, 5, 10),
            "effective_on": date(2026, 5, 10),
        },
        "notice": {"given_on": date(2026, 5, 12), "method": "直接送达"},
        "term": {
            "begins_on": date(2026, 5, 20),
            "ends_on": date(2028, 5, 19),
            "until_performance": False,
        },
        "measures": list(COURT_MEASURES),
        "remark": None,
        **changes,
    }


def response_body(action: str, measure: str, **changes: Any) -> dict[str, Any]:
    """An implementing department takes an order on."""
    return {
        "action_id": action,
        "measure": measure,
        "decision": "accepted",
        "refusal_reason": None,
        "refusal_basis": None,
        "responded_on": date(2026, 5, 28),
        "remark": None,
        **changes,
    }


def execution_body(action: str, measure: str, **changes: Any) -> dict[str, Any]:
    """An implementing department feeds back."""
    return {
        "action_id": action,
        "measure": measure,
        "outcome": "executed",
        "executed_on": date(2026, 5, 29),
        "result": "已列入政府采购禁止参加名单",
        "amount_10k": None,
        "legal_basis": None,
        "document_number": None,
        "division": "620702",
        "remark": None,
        "batch_number": "甘区惩通〔2026〕1号",
        "operator": "采购管理岗",
        **changes,
    }


def reference(number: int = 0) -> dict[str, Any]:
    """The company as an action names it."""
    return initiation_body(number)["subject"]


def about_penalty(number: int = 0) -> dict[str, Any]:
    """What an objection to that penalty is about."""
    document = penalty_body(number)["document_number"]
    record = {"provider": PENALISING, "type": PENALTY_DECIDED, "document_number": document}
    return {"record": record, "action_id": None}


def about_action(number: int = 0) -> dict[str, Any]:
    """What a reminder of that action is about."""
    return {"record": None, "action_id": initiation_body(number)["action_id"]}


def recipients() -> list[dict[str, str]]:
    """The frozen list of the court's initiation."""
    measures = registry().measures
    return [
        {"measure": code, "implementer": implementer}
        for code in COURT_MEASURES
        for implementer in measures[code].implementers
    ]


def suspension_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The action rests while an objection is verified."""
    return {
        "action_id": initiation_body(number)["action_id"],
        "reference": f"政务异〔2026〕{number}号",
        "cause": "objection_under_verification",
        "because_of": "a" * 32,
        "basis": None,
        "effective_at": NOW,
        "implementers": recipients(),
        **changes,
    }


def resumption_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The objection was dismissed."""
    return {**suspension_body(number), "cause": "objection_dismissed", **changes}


def end_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The objection was upheld."""
    return {
        "action_id": initiation_body(number)["action_id"],
        "cause": "objection_upheld",
        "because_of": "b" * 32,
        "explanation": None,
        "effective_on": NOW.date(),
        "implementers": recipients(),
        **changes,
    }


def lifting_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Finance says that the first measure of the ended action runs no more."""
    return {
        "action_id": initiation_body(number)["action_id"],
        "measure": COURT_MEASURES[0],
        "because_of": "b" * 32,
        "lifted_on": NOW.date(),
        "result": "已移出政府采购禁止参加名单",
        "document_number": None,
        "operator": "采购管理岗",
        "remark": None,
        **changes,
    }


def closing_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Everybody has confirmed."""
    holders = [*(each["implementer"] for each in recipients()), "district-platform"]
    return {
        "action_id": initiation_body(number)["action_id"],
        "because_of": "c" * 32,
        "closed_at": NOW,
        "holders": [
            {"holder": holder, "confirmation": f"{at:032x}"} for at, holder in enumerate(holders)
        ],
        **changes,
    }


def objection_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A company disputes a penalty at the window."""
    return {
        "objection_number": f"政务异〔2026〕{number}号",
        "subject": reference(number),
        "about": about_penalty(number),
        "scope": ["content"],
        "statement": "处罚决定已被复议机关撤销，公示内容应当撤下。",
        "raised_on": date(2026, 5, 28),
        "channel": "窗口",
        **changes,
    }


def verification_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The penalising authority finds the objection right."""
    return {
        "objection_number": f"政务异〔2026〕{number}号",
        "raised_by": WINDOW,
        "about": about_penalty(number),
        "decision": "upheld",
        "findings": "经核查，该处罚决定已于2026年5月25日被撤销。",
        "remedy": "withdrawn",
        "basis": "《中华人民共和国行政处罚法》第四十八条",
        "decided_on": date(2026, 5, 30),
        **changes,
    }


def repair_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A company that has paid asks for repair."""
    return {
        "request_number": f"政务修〔2026〕{number}号",
        "subject": reference(number),
        "about": about_penalty(number),
        "recogniser": PENALISING,
        "minimum_reached_on": date(2026, 5, 20),
        "performed_on": date(2026, 3, 2),
        "proofs": ["罚款缴纳凭证"],
        "commitment_published_on": date(2026, 5, 25),
        "requested_on": date(2026, 5, 28),
        **changes,
    }


def repair_acceptance_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The penalising authority takes the request in."""
    return {
        "request_number": f"政务修〔2026〕{number}号",
        "requested_by": WINDOW,
        "about": about_penalty(number),
        "accepted_on": date(2026, 5, 29),
        **changes,
    }


def repair_decision_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The penalising authority grants it."""
    return {
        "request_number": f"政务修〔2026〕{number}号",
        "requested_by": WINDOW,
        "about": about_penalty(number),
        "decision": "granted",
        "reason": None,
        "decided_on": date(2026, 5, 30),
        "effective_on": date(2026, 6, 1),
        **changes,
    }


def restoration_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The authority says in public that its record was wrong."""
    return {
        "subject": reference(number),
        "about": about_penalty(number),
        "statement": "此前公示的处罚信息有误，现予撤回，特此说明。",
        "because_of": "d" * 32,
        "restored_on": date(2026, 5, 31),
        **changes,
    }


def enquiry_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Finance looks before it lets somebody bid."""
    return {
        "enquiry_number": f"财查〔2026〕{number}号",
        "purpose": "government-procurement",
        "procedure": "供应商资格审查",
        "case_reference": f"甘区采〔2026〕{number}号",
        "asked_at": NOW,
        "answer_by": NOW + timedelta(hours=1),
        **changes,
    }


def enquiry_answer_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """One penalty, and one measure in force."""
    record = about_penalty(number)["record"]
    measure = {"measure": COURT_MEASURES[0], "ends_on": date(2028, 5, 19)}
    return {
        "enquiry_number": f"财查〔2026〕{number}号",
        "asker": "finance",
        "purpose": "government-procurement",
        "as_of": NOW,
        "records": [{**record, "revision": 1, "disputed": False}],
        "measures": [{"action_id": initiation_body(number)["action_id"], **measure}],
        "clean_for_three_years": None,
        "deciding_records": [],
        **changes,
    }


def reminder_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Finance has not fed back in time."""
    return {
        "party": "finance",
        "obligation": "feed_back",
        "about": about_action(number),
        "because_of": "e" * 32,
        "due_on": date(2026, 5, 29),
        "state": "overdue",
        "rule_version": "0123456789ab",
        **changes,
    }


def listing_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A company that owes wages is entered on the list for it."""
    return {
        "list": "wage-arrears",
        "document_number": f"甘区人社列〔2026〕{number}号",
        "subject": reference(number),
        "field": "wage-arrears",
        "cause": "拖欠农民工工资，经责令限期支付，逾期未支付",
        "instrument": {
            "type": "serious-dishonesty-listing-decision",
            "title": "列入决定书",
            "number": f"甘区人社列〔2026〕{number}号",
            "article": "《保障农民工工资支付条例》第四十八条",
            "issuer": "甘州区人力资源和社会保障局",
            "issued_on": date(2026, 5, 18),
            "effective_on": date(2026, 5, 18),
        },
        "notice": {"given_on": date(2026, 5, 8), "method": "直接送达"},
        "removal_conditions": "支付全部拖欠工资并作出信用承诺的，可以申请提前移出",
        "remedies": "可以在六十日内申请行政复议，或者在六个月内提起行政诉讼",
        "term": {
            "begins_on": date(2026, 5, 18),
            "ends_on": date(2029, 5, 17),
            "until_performance": False,
        },
        "publish": True,
        "decided_on": date(2026, 5, 18),
        "decided_by": "甘州区人力资源和社会保障局",
        "remark": None,
        **changes,
    }


def document(number: int = 0) -> dict[str, Any]:
    """A document that something stands on."""
    return {
        "title": "撤销决定书",
        "number": f"甘区撤〔2026〕{number}号",
        "issuer": "甘州区人民政府",
        "issued_on": date(2026, 5, 25),
    }


def removal_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The wages were paid, and the company comes off the list."""
    return {
        "list": "wage-arrears",
        "document_number": f"甘区人社列〔2026〕{number}号",
        "entered_by": LISTING,
        "subject": reference(number),
        "cause": "conditions_met",
        "because_of": None,
        "explanation": "拖欠工资已全部支付，并公开作出信用承诺",
        "basis": document(number),
        "removed_on": date(2026, 5, 29),
        **changes,
    }


def registration_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """How a company stands in the register of market regulation."""
    uscc = synthetic_uscc(number)
    return {
        "subject": {
            "name": f"示例商贸{number}号有限公司",
            "category": "organisation",
            "uscc": uscc,
            "registration_number": None,
            "organisation_code": uscc[8:17],
            "representative_name": "示例代表人",
        },
        "kind": "有限责任公司",
        "capital_10k": Decimal("100.000000"),
        "currency": "人民币",
        "established_on": date(2020, 3, 2),
        "term_from": date(2020, 3, 2),
        "term_to": date(2099, 12, 31),
        "authority_name": "甘州区市场监督管理局",
        "authority_code": synthetic_uscc(0, "agency"),
        "state": "存续",
        "scope": "预包装食品销售",
        "seat": "甘州区东街示例路1号",
        "industry_code": "F5226",
        "recorded_on": date(2026, 5, 20),
        "remark": None,
        **changes,
    }


def correction_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The penalty stands corrected by its second revision."""
    return {
        "record": about_penalty(number)["record"],
        "record_revision": 2,
        "subject": reference(number),
        "cause": "own_finding",
        "fields": ["fine_10k", "content"],
        "explanation": "罚款金额录入有误，已按处罚决定书更正",
        "basis": document(number),
        "because_of": None,
        "corrected_on": date(2026, 5, 30),
        **changes,
    }


def withdrawal_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The penalty was revoked, and no revision of it so far stands."""
    return {
        "record": about_penalty(number)["record"],
        "record_revision": 1,
        "subject": reference(number),
        "cause": "revoked",
        "explanation": "该处罚决定已被复议机关撤销，现予撤回",
        "basis": document(number),
        "because_of": None,
        "decided_on": date(2026, 5, 30),
        **changes,
    }


def publicity_end_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The penalty was shown for as long as the rules allow."""
    return {
        "record": about_penalty(number)["record"],
        "record_revision": 1,
        "subject": reference(number),
        "cause": "maximum_reached",
        "because_of": None,
        "rule": "信用修复管理办法",
        "ended_on": date(2026, 5, 31),
        **changes,
    }


def canary_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A canary of a party."""
    return {"round": f"finance-{number}", "sent_at": NOW, **changes}


def activation_body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A new version of the registry comes into force."""
    return {
        "registry_version": f"{number + 1:012x}",
        "previous_version": f"{number:012x}",
        "activated_at": NOW,
        "reason": "市场监督管理局新增一项措施，经演练影响三条信息。",
        "events_rehearsed": 1200,
        "events_changed": 3,
        "rehearsed_for": NOW.date(),
        **changes,
    }


# Lists, registrations, and what changes how a record stands: likewise by party and body.
STANDING: Mapping[str, tuple[str, Callable[..., dict[str, Any]]]] = {
    LISTING_ENTERED: (LISTING, listing_body),
    SUBJECT_REGISTERED: (PENALISING, registration_body),
    RECORD_CORRECTED: (PENALISING, correction_body),
    RECORD_WITHDRAWN: (PENALISING, withdrawal_body),
    LISTING_REMOVED: (LISTING, removal_body),
    PUBLICITY_ENDED: (HUB, publicity_end_body),
}

# Everything that follows an initiation: who says it, and its body by number and changes.
COURSE: Mapping[str, tuple[str, Callable[..., dict[str, Any]]]] = {
    ACTION_SUSPENDED: (HUB, suspension_body),
    ACTION_RESUMED: (HUB, resumption_body),
    ACTION_ENDED: (HUB, end_body),
    MEASURE_LIFTED: ("finance", lifting_body),
    ACTION_CLOSED: (HUB, closing_body),
    OBJECTION_RAISED: (WINDOW, objection_body),
    OBJECTION_DECIDED: (PENALISING, verification_body),
    REPAIR_REQUESTED: (WINDOW, repair_body),
    REPAIR_ACCEPTED: (PENALISING, repair_acceptance_body),
    REPAIR_DECIDED: (PENALISING, repair_decision_body),
    REPUTATION_RESTORED: (PENALISING, restoration_body),
    ENQUIRY_MADE: ("finance", enquiry_body),
    ENQUIRY_ANSWERED: (HUB, enquiry_answer_body),
    REMINDER_DUE: (HUB, reminder_body),
}

# What keeps the bus itself, about nobody: who says it, and its body by number.
UPKEEP: Mapping[str, tuple[str, Callable[..., dict[str, Any]]]] = {
    CANARY_SENT: ("finance", canary_body),
    RULES_ACTIVATED: (HUB, activation_body),
}


def of_upkeep(kind: str, number: int = 0, **changes: Any) -> Event:
    """An event that is about nobody."""
    party, body = UPKEEP[kind]
    return said(kind, body(number, **changes), party=party, subject=nobodys_key(kind))


def said(
    kind: str, body: Mapping[str, Any], *, party: str, revision: int = 1, **changes: Any
) -> Event:
    """The event by which a party says this body; the subject is the body's own, unless given."""
    subject_key = changes.pop("subject", None) or _key(body["subject"])
    event = Event(
        id=event_id(
            source=party,
            kind=kind,
            document=document_of(kind, body),
            subject=subject_key,
            revision=revision,
        ),
        source=party,
        type=kind,
        time=NOW,
        subject=subject_key,
        revision=revision,
        correlation_id=action_of(body),
        body=body,
    )
    return replace(event, **changes)


def _key(told: Mapping[str, Any]) -> str:
    return str(told["uscc"] or told["person_id"]["pseudonym"])


def licence(number: int = 0, *, revision: int = 1, **changes: Any) -> Event:
    """A licence as market regulation says it."""
    return said(
        LICENCE_GRANTED, licence_body(number, **changes), party=PENALISING, revision=revision
    )


def records_of_both_generations() -> tuple[Event, ...]:
    """A licence and a penalty of each generation for each category of subject, all acceptable."""
    makers = (
        (LICENCE_GRANTED, licence_body),
        (LICENCE_GRANTED, licence_body_2016),
        (PENALTY_DECIDED, penalty_body),
        (PENALTY_DECIDED, penalty_body_2016),
    )
    return tuple(
        said(kind, body(number, subject=one(number)), party=PENALISING)
        for number, (one, (kind, body)) in enumerate(product(SUBJECTS, makers), start=1)
    )


def penalty(number: int = 0, *, revision: int = 1, **changes: Any) -> Event:
    """A penalty as market regulation says it."""
    return said(
        PENALTY_DECIDED, penalty_body(number, **changes), party=PENALISING, revision=revision
    )


def initiation(number: int = 0, **changes: Any) -> Event:
    """An initiation as the court says it."""
    return said(ACTION_INITIATED, initiation_body(number, **changes), party=COURT)


def response(number: int = 0, measure: str = COURT_MEASURES[0], party: str = "finance") -> Event:
    """A response to the court's initiation of the same number."""
    body = response_body(initiation_body(number)["action_id"], measure)
    return said(MEASURE_RESPONDED, body, party=party, subject=synthetic_uscc(number))


def execution(number: int = 0, measure: str = COURT_MEASURES[0], party: str = "finance") -> Event:
    """Feedback to the court's initiation of the same number."""
    body = execution_body(initiation_body(number)["action_id"], measure)
    return said(MEASURE_EXECUTED, body, party=party, subject=synthetic_uscc(number))


def of_course(kind: str, number: int = 0, *, revision: int = 1, **changes: Any) -> Event:
    """The event of that type of the course of the court's action, as its usual party says it."""
    party, body_of = COURSE[kind]
    body = body_of(number, **changes)
    return said(kind, body, party=party, subject=synthetic_uscc(number), revision=revision)


def of_standing(kind: str, number: int = 0, *, revision: int = 1, **changes: Any) -> Event:
    """The event of that type of list, register or standing, as its usual party says it."""
    party, body_of = STANDING[kind]
    return said(kind, body_of(number, **changes), party=party, revision=revision)


def message(event: Event, *, partition: int = 0, offset: int = 0, topic: str = "") -> Message:
    """The event as it lies in its party's outbox."""
    wire = write_event(event, codec())
    return Message(
        topic=topic or outbox(event.source),
        partition=partition,
        offset=offset,
        timestamp_ms=int(event.time.timestamp() * 1000),
        key=wire.key,
        headers=tuple(wire.headers),
        value=wire.value,
    )
