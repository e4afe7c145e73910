"""Valid events of the example district for any test to bend. No real person, no real firm."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
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
from credit_bus.domain.event import Event, action_id, document_of, event_id
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    LICENCE_GRANTED,
    MEASURE_RESPONDED,
    PENALTY_DECIDED,
)
from credit_bus.domain.registry import Registry
from credit_bus.domain.synthetic import synthetic_uscc

REGISTRY_FOLDER = Path(__file__).parents[1] / "deploy/credit_bus_deploy/registry"
NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
PENALISING = "market-regulation"
COURT = "district-court"
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
        correlation_id=body.get("action_id"),
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
