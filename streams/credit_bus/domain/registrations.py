"""Registrations: how an organisation or an individual business stands in its register.

The first kind of the national catalogue of public credit information. Natural persons have no
place in it, nor has anybody's home: the seat of an individual business is not stated.
Lengths are our own bounds; the words for kinds and states follow business registers in use.
"""

import re

from credit_bus.domain.amounts import check_amount
from credit_bus.domain.context import Context
from credit_bus.domain.dates import (
    check_not_before,
    check_not_beyond_long_term,
    check_not_future,
)
from credit_bus.domain.event import Body
from credit_bus.domain.identifiers import check_organisation_code
from credit_bus.domain.public_text import check_public
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import SubjectCategory
from credit_bus.domain.rules import reason
from credit_bus.domain.subjects import NAME_LENGTH_MAX, check_agency_code, check_registered_code
from credit_bus.domain.text import Text, is_blank, text_check, word_check

_SUBJECT = text_check(
    Text(name="name", length_max=NAME_LENGTH_MAX),
    Text(name="registration_number", length_max=50, required=False),
    Text(name="representative_name", length_max=50),
    under="subject.",
)
_REGISTERED = text_check(
    Text(name="authority_name", length_max=200),
    Text(name="scope", length_max=4000, required=False),
    Text(name="seat", length_max=200, required=False),
    Text(name="remark", length_max=512, required=False),
)
_kind = word_check(
    "有限责任公司",
    "股份有限公司",
    "个人独资企业",
    "合伙企业",
    "分支机构",
    "农民专业合作社",
    "个体工商户",
    "机关",
    "事业单位",
    "社会团体",
    "民办非企业单位",
    "基金会",
    "律师事务所",
    "农村集体经济组织",
    other_length_max=64,
)
_currency = word_check("人民币", "美元", "欧元", "港元", "日元", "英镑", other_length_max=32)
_state = word_check(
    "存续", "吊销未注销", "吊销已注销", "注销", "撤销", "迁出", "停业", "歇业", "清算"
)
# GB/T 4754: a section's letter, then two digits of a division, three of a group, four of a class.
_INDUSTRY = re.compile(r"[A-T]|[A-T]?[0-9]{2,4}")


def check_registration(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against how a subject is said to stand in a register."""
    found = _check_subject(body["subject"], context) + _REGISTERED(body)
    found += check_public(body, "scope", "seat", "remark")
    found += _kind(body["kind"], "kind") + _state(body["state"], "state")
    found += _check_capital(body) + _check_days(body, context)
    found += check_agency_code(body["authority_code"], "authority_code", context.registry)
    is_individual = body["subject"]["category"] == SubjectCategory.INDIVIDUAL_BUSINESS
    if is_individual and not is_blank(body["seat"]):
        found.append(reason("seat-of-individual-business", "seat"))
    industry = body["industry_code"]
    if not is_blank(industry) and _INDUSTRY.fullmatch(industry) is None:
        found.append(reason("industry-code-malformed", "industry_code"))
    return tuple(found)


def _check_subject(subject: Body, context: Context) -> list[Reason]:
    uscc, code = subject["uscc"], subject["organisation_code"]
    malformed = check_registered_code(uscc, "subject.uscc", context.registry)
    found = _SUBJECT(subject) + malformed
    if not malformed and uscc != context.subject:
        found.append(reason("subject-key-mismatch", "ce_subject"))
    if is_blank(code):
        return found
    if check_organisation_code(code) is not None:
        found.append(reason("organisation-code-invalid", "subject.organisation_code"))
    elif not malformed and uscc[8:17] != code:
        found.append(reason("organisation-code-of-other", "subject.organisation_code"))
    return found


def _check_capital(body: Body) -> list[Reason]:
    capital, currency = body["capital_10k"], body["currency"]
    if is_blank(currency):
        return [] if capital is None else [reason("capital-incomplete", "currency")]
    found = _currency(currency, "currency") + check_amount(capital, "capital_10k")
    return found if capital is not None else [*found, reason("capital-incomplete", "capital_10k")]


def _check_days(body: Body, context: Context) -> list[Reason]:
    established, begins, ends = body["established_on"], body["term_from"], body["term_to"]
    recorded = body["recorded_on"]
    found = check_not_future(recorded, context.today, "recorded_on")
    found += check_not_future(established, context.today, "established_on")
    found += check_not_before(recorded, established, "recorded_on", earlier_name="成立日期")
    if ends is not None:
        start = established if begins is None else begins
        found += check_not_before(ends, start, "term_to", earlier_name="营业期限自")
        found += check_not_beyond_long_term(ends, "term_to")
    return found
