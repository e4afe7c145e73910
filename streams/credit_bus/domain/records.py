"""Records: licences and penalties (双公示) and the courts' defaulter notices.

A licence or penalty of the generation of 2016 has its own rules, in `records_2016`.
Lengths, lists of words and what is required are format rules of the 2018 template; the lengths of
licences beyond names and codes follow front ends in use, not an official text. The lengths of
defaulter notices are our own bounds: the courts publish none.

Minors may not be listed as defaulters. A record states no age and its identity number is sealed,
so this cannot be checked here: the adapter refuses them, and the court's own instrument and notice
are required of every listing.
"""

from datetime import date

from credit_bus.domain.amounts import check_amount
from credit_bus.domain.context import Context
from credit_bus.domain.dates import (
    LONG_TERM,
    check_not_before,
    check_not_beyond_long_term,
    check_not_future,
    months_after,
)
from credit_bus.domain.event import Body
from credit_bus.domain.event_types import LICENCE_GRANTED, PENALTY_DECIDED
from credit_bus.domain.generations import (
    OF_2016,
    OF_2018,
    check_generation,
    check_own_fields,
    check_present,
)
from credit_bus.domain.identifiers import case_number_is_valid, normalise_case_number
from credit_bus.domain.instruments import check_instrument, check_notice, check_term
from credit_bus.domain.reason import Reason
from credit_bus.domain.records_2016 import REMARK, check_licence_2016, check_penalty_2016
from credit_bus.domain.registry import MeasureKind
from credit_bus.domain.rules import reason
from credit_bus.domain.subjects import check_agency_code, check_subject
from credit_bus.domain.text import Text, is_blank, text_check, word_check

LICENCE_CATEGORY_LENGTH_MAX = 256
_LICENCE = text_check(
    Text(name="document_title", length_max=64),
    Text(name="document_number", length_max=64, exact=True),
    Text(name="certificate_name", length_max=64, required=False),
    Text(name="licence_number", length_max=64, required=False),
    Text(name="content", length_max=4000),
    Text(name="authority_name", length_max=200),
    Text(name="source_name", length_max=200),
    REMARK,
)
_licence_category = word_check(
    "普通", "特许", "认可", "核准", "登记", other_length_max=LICENCE_CATEGORY_LENGTH_MAX
)
_licence_state = word_check("1", "2")  # 有效, 无效

_PENALTY = text_check(
    Text(name="document_number", length_max=128, exact=True),
    Text(name="violation", length_max=2000),
    Text(name="facts", length_max=2000),
    Text(name="legal_basis", length_max=2048),
    Text(name="content", length_max=4000),
    Text(name="revoked_certificate", length_max=200, required=False),
    Text(name="authority_name", length_max=255),
    Text(name="source_name", length_max=200),
    REMARK,
)
CATEGORIES_LENGTH_MAX = 255  # CF_CFLB, the words joined by one sign
FINE = "罚款"
CONFISCATION = ("没收违法所得", "没收非法财物")
REVOCATION = ("暂扣许可证件", "吊销许可证件")
# The words of 2018, then those that came with the 行政处罚法 of 2021.
PENALTY_CATEGORIES = (
    "警告",
    FINE,
    *CONFISCATION,
    "责令停产停业",
    *REVOCATION,
    "行政拘留",
    "通报批评",
    "降低资质等级",
    "限制开展生产经营活动",
    "责令关闭",
    "限制从业",
)
_penalty_category = word_check(*PENALTY_CATEGORIES, other_length_max=CATEGORIES_LENGTH_MAX)
_KNOWN_CATEGORIES = frozenset(PENALTY_CATEGORIES)  # all together shorter than the most
_CONFISCATIONS, _REVOCATIONS = frozenset(CONFISCATION), frozenset(REVOCATION)

_DEFAULTER = text_check(
    Text(name="court_name", length_max=200),
    Text(name="case_number", length_max=128, exact=True),
    Text(name="basis_number", length_max=128, exact=True),
    Text(name="basis_issuer", length_max=200),
    Text(name="duty", length_max=4000),
    Text(name="conduct", length_max=2000),
    Text(name="performed_part", length_max=2000, required=False),
    Text(name="unperformed_part", length_max=2000, required=False),
)
_performance = word_check("全部未履行", "部分未履行", "全部已履行")

GROUNDS = range(1, 7)  # 法释〔2017〕7号, article 1
GROUND_UNTIL_PERFORMANCE = 1
# Article 2: two years, one to three years more for violence or several kinds of conduct.
GROUND_TERM_MONTHS_MAX = 24 + 36


def check_licence(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against an administrative licence of either generation."""
    generation = body["generation"]
    if generation == OF_2018:
        return tuple(_check_licence_2018(body, context))
    if generation == OF_2016:
        return tuple(check_licence_2016(body, context))
    return tuple(check_generation(body))


def check_penalty(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against an administrative penalty of either generation."""
    generation = body["generation"]
    if generation == OF_2018:
        return tuple(_check_penalty_2018(body, context))
    if generation == OF_2016:
        return tuple(check_penalty_2016(body, context))
    return tuple(check_generation(body))


def check_defaulter(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against a court's listing of a judgment defaulter (法释〔2017〕7号)."""
    term, instrument = body["term"], body["instrument"]
    filed, listed = body["filed_on"], body["listed_on"]
    found = check_subject(body["subject"], context)
    found += _DEFAULTER(body)
    found += _check_case_number(body["case_number"])
    found += _performance(body["performance"], "performance")
    found += check_not_future(listed, context.today, "listed_on")
    found += check_not_before(listed, filed, "listed_on", earlier_name="立案时间")
    found += check_not_before(
        body["published_on"], listed, "published_on", earlier_name="纳入决定日期"
    )
    found += check_not_future(body["published_on"], context.today, "published_on")
    found += check_instrument(instrument, MeasureKind.CONSTRAINT, context)
    found += check_notice(body["notice"], term["begins_on"], context)
    found += check_term(term, instrument, MeasureKind.CONSTRAINT, context)
    found += _check_court_instrument(instrument, context)
    return tuple(found + _check_ground(body["ground"], term))


def _check_licence_2018(body: Body, context: Context) -> list[Reason]:
    begins, ends = body["valid_from"], body["valid_to"]
    found = check_subject(body["subject"], context)
    found += _LICENCE(body)
    found += _licence_category(body["category"], "category")
    found += check_not_future(body["decided_on"], context.today, "decided_on")
    if begins is None or body["state"] is None:
        found += check_present(body, "valid_from", "state")
    if begins is not None:
        found += check_not_before(ends, begins, "valid_to", earlier_name="有效期自")
    found += check_not_beyond_long_term(ends, "valid_to")
    if body["state"] is not None:
        found += _licence_state(body["state"], "state")
    found += check_own_fields(LICENCE_GRANTED, body, OF_2018)
    return found + _check_agencies(body, context)


def _check_penalty_2018(body: Body, context: Context) -> list[Reason]:
    decided = body["decided_on"]
    found = check_subject(body["subject"], context)
    found += _PENALTY(body)
    found += _check_categories(body["categories"])
    found += _check_consequences(body)
    found += check_not_future(decided, context.today, "decided_on")
    if body["valid_until"] is None:
        found.append(reason("text-missing", "valid_until"))
    for name in ("valid_until", "publish_until"):
        day = body[name]
        if day is not None and not decided <= day <= LONG_TERM:  # 0.4 µs less than both calls
            found += check_not_before(day, decided, name, earlier_name="处罚决定日期")
            found += check_not_beyond_long_term(day, name)
    found += check_own_fields(PENALTY_DECIDED, body, OF_2018)
    return found + _check_agencies(body, context)


def _check_categories(categories: list[str]) -> list[Reason]:
    different = set(categories)
    if different and len(different) == len(categories) and different <= _KNOWN_CATEGORIES:
        return []  # without a path for each word: 0.4 µs a penalty
    if not categories:
        return [reason("words-missing", "categories")]
    if sum(map(len, categories)) + len(categories) - 1 > CATEGORIES_LENGTH_MAX:
        # One reason for all: a reason for each of thousands would make an answer of megabytes.
        return [reason("text-too-long", "categories", length_max=CATEGORIES_LENGTH_MAX)]
    found = []
    if len(different) < len(categories):
        found.append(reason("words-repeated", "categories"))
    for index, category in enumerate(categories):
        found += _penalty_category(category, f"categories[{index}]")
    return found


def _check_consequences(body: Body) -> list[Reason]:
    """What a category says was imposed must be stated: the sum, or the certificate."""
    categories: list[str] = body["categories"]
    fine, confiscated = body["fine_10k"], body["confiscated_10k"]
    found = check_amount(fine, "fine_10k") + check_amount(confiscated, "confiscated_10k")
    if fine is None and FINE in categories:
        found.append(reason("amount-missing", "fine_10k", category=FINE))
    if confiscated is None and not _CONFISCATIONS.isdisjoint(categories):
        found.append(reason("amount-missing", "confiscated_10k", category="没收"))
    if not _REVOCATIONS.isdisjoint(categories) and is_blank(body["revoked_certificate"]):
        found.append(reason("certificate-missing", "revoked_certificate"))
    return found


def _check_agencies(body: Body, context: Context) -> list[Reason]:
    found = check_agency_code(body["authority_code"], "authority_code", context.registry)
    return found + check_agency_code(body["source_code"], "source_code", context.registry)


def _check_case_number(number: str) -> list[Reason]:
    """One case has one name on the bus, so the number must come as it is normalised."""
    if is_blank(number):
        return []
    normal = normalise_case_number(number)
    found = [] if normal == number else [reason("case-number-brackets", "case_number")]
    if not case_number_is_valid(normal):
        found.append(reason("case-number-malformed", "case_number"))
    return found


def _check_court_instrument(instrument: Body, context: Context) -> list[Reason]:
    """The registry knows a court's instrument by this: that it may end by performance."""
    known = context.registry.instrument_types.get(instrument["type"])
    if known is None or known.until_performance:
        return []  # an unknown type has its own reason
    return [reason("instrument-not-of-court", "instrument.type")]


def _check_ground(ground: int, term: Body) -> list[Reason]:
    if ground not in GROUNDS:
        return [reason("ground-unknown", "ground")]
    if ground == GROUND_UNTIL_PERFORMANCE:
        return []
    found = []
    if term["until_performance"]:
        found.append(reason("ground-needs-fixed-term", "term.until_performance"))
    ends: date | None = term["ends_on"]
    if ends is not None and ends > months_after(term["begins_on"], GROUND_TERM_MONTHS_MAX):
        found.append(
            reason("ground-term-too-long", "term.ends_on", months_max=GROUND_TERM_MONTHS_MAX)
        )
    return found
