"""The made-up statements that a department is asked to say, and to correct.

No number here can be a real person's or firm's. An identity number stands in clear, as a clerk
would type it: sealing it is the adapter's part, and one of the things looked at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from credit_bus.contracts.identity import pseudonym
from credit_bus.contracts.plain import to_plain
from credit_bus.domain.event import Body
from credit_bus.domain.event_types import DEFAULTER_LISTED, LICENCE_GRANTED, PENALTY_DECIDED
from credit_bus.domain.registry import Party
from credit_bus.domain.synthetic import synthetic_resident_id, synthetic_uscc

PERSON = 20_000  # which made-up person
COMPANY = 29_000  # which made-up firms: this one and those after it

_NO_CODES = dict.fromkeys(
    (
        "uscc",
        "registration_number",
        "organisation_code",
        "tax_number",
        "institution_certificate",
        "society_certificate",
        "representative_name",
        "representative_id_type",
        "representative_id",
        "person_id_type",
        "person_id",
    )
)
_OF_2018: Mapping[str, Any] = {
    "generation": "2018",
    **dict.fromkeys(
        ("publicity_state", "division", "recorded_at", "usage_scope", "power_code", "remark")
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing to say. `body` is as the codec wants it, but for identity numbers in clear."""

    number: int
    kind: str
    document: str
    subject: str  # the subject key that must result
    body: Body
    identity: str | None = None  # in clear
    corrects: int | None = None  # the statement whose document this one says anew
    refused: bool = False  # the kit refuses it, whatever it says
    revisions: frozenset[int] = frozenset({1})

    @property
    def plain(self) -> dict[str, Any]:
        """Return the body as JSON values, for whoever is to enter it."""
        return dict(to_plain(self.body))


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Who states, on which day, and what makes the documents of this run its own."""

    party: Party
    today: date
    run: str  # digits
    secret: bytes

    def make(self, number: int, kind: str, subject: Mapping[str, Any]) -> Statement:
        """Return the statement of that number; its words carry the number."""
        body = _BODIES[kind](self, number, {**_NO_CODES, **subject})
        identity = subject.get("person_id")
        return Statement(
            number=number,
            kind=kind,
            document=str(body.get("document_number") or body["case_number"]),
            subject=pseudonym(identity, self.secret) if identity else str(subject["uscc"]),
            body=body,
            identity=identity,
        )


def corrected(statement: Statement, number: int, *, revisions: frozenset[int]) -> Statement:
    """Return the statement with other words, as a correction under another number."""
    field = CORRECTED[statement.kind]
    said = f"{statement.body[field]}（更正）"
    return replace(
        statement,
        number=number,
        body={**statement.body, field: said},
        corrects=statement.number,
        refused=False,
        revisions=revisions,
    )


def company(number: int) -> dict[str, Any]:
    """Return the subject block of a made-up company."""
    return {
        "name": f"接入检测示例商贸{number}号有限公司",
        "category": "organisation",
        "uscc": synthetic_uscc(COMPANY + number),
        "representative_name": "示例代表人",
    }


def business(number: int) -> dict[str, Any]:
    """Return the subject block of a made-up individual business with a code of its own."""
    return {
        "name": f"接入检测示例小吃店{number}号",
        "category": "individual_business",
        "uscc": synthetic_uscc(COMPANY + number, "individual"),
        "representative_name": "示例经营者",
    }


def person() -> dict[str, Any]:
    """Return the subject block of a made-up person, the identity number in clear."""
    return {
        "name": "接入检测示例自然人",
        "category": "natural_person",
        "person_id_type": "身份证",
        "person_id": synthetic_resident_id(PERSON),
    }


def _agency(maker: Maker) -> dict[str, Any]:
    name, code = maker.party.name, maker.party.uscc or synthetic_uscc(0, "agency")
    return {
        "authority_name": name,
        "authority_code": code,
        "source_name": name,
        "source_code": code,
    }


def _penalty(maker: Maker, number: int, subject: Body) -> dict[str, Any]:
    decided = maker.today - timedelta(days=3)
    return {
        "subject": subject,
        "document_number": f"接入检测罚〔{decided.year}〕{maker.run}-{number}号",
        "violation": "销售不符合食品安全标准的食品",
        "facts": f"经检查，当事人销售超过保质期的食品（检测陈述 {number}）。",
        "legal_basis": "《中华人民共和国食品安全法》第一百二十四条",
        "categories": ["罚款"],
        "content": "罚款人民币二万元",
        "fine_10k": Decimal("2.5"),
        "confiscated_10k": None,
        "revoked_certificate": None,
        "decided_on": decided,
        "valid_until": decided + timedelta(days=1095),
        "publish_until": None,
        "title": None,
        "severity": None,
        **_OF_2018,
        **_agency(maker),
    }


def _licence(maker: Maker, number: int, subject: Body) -> dict[str, Any]:
    decided = maker.today - timedelta(days=3)
    return {
        "subject": subject,
        "document_title": "食品经营许可决定书",
        "document_number": f"接入检测许〔{decided.year}〕{maker.run}-{number}号",
        "category": "普通",
        "certificate_name": "食品经营许可证",
        "licence_number": f"JC{maker.run}{number}",
        "content": f"准予从事预包装食品销售（检测陈述 {number}）",
        "decided_on": decided,
        "valid_from": decided,
        "valid_to": decided + timedelta(days=1095),
        "state": "1",
        "project_name": None,
        **_OF_2018,
        **_agency(maker),
    }


def _listing(maker: Maker, number: int, subject: Body) -> dict[str, Any]:
    issued = maker.today - timedelta(days=10)
    case = f"（{issued.year}）甘0702执{maker.run[-7:]}{number}号"
    return {
        "subject": subject,
        "case_number": case,
        "court_name": maker.party.name,
        "filed_on": issued - timedelta(days=90),
        "basis_number": f"（{issued.year}）甘0702民初{maker.run[-7:]}{number}号",
        "basis_issuer": maker.party.name,
        "duty": f"支付货款若干元（检测陈述 {number}）",
        "performance": "全部未履行",
        "conduct": "违反财产报告制度",
        "ground": 3,
        "performed_part": None,
        "unperformed_part": "全部",
        "listed_on": issued,
        "published_on": issued,
        "instrument": {
            "type": "court-listing-decision",
            "title": "失信决定书",
            "number": case,
            "article": "第一条第三项",
            "issuer": maker.party.name,
            "issued_on": issued,
            "effective_on": issued,
        },
        "notice": {"given_on": issued, "method": "直接送达"},
        "term": {
            "begins_on": issued,
            "ends_on": issued + timedelta(days=729),
            "until_performance": False,
        },
    }


_BODIES: Mapping[str, Callable[[Maker, int, Body], dict[str, Any]]] = MappingProxyType(
    {PENALTY_DECIDED: _penalty, LICENCE_GRANTED: _licence, DEFAULTER_LISTED: _listing}
)
# Which words a correction changes.
CORRECTED: Mapping[str, str] = MappingProxyType(
    {PENALTY_DECIDED: "facts", LICENCE_GRANTED: "content", DEFAULTER_LISTED: "duty"}
)
