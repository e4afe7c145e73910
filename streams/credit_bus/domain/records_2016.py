"""Licences and penalties of the generation of 2016: what its templates carry and how.

The words are those that a municipal platform checked in 2018. No length of this generation could
be found: a field that the generation of 2018 has too takes its length there, and the names that
only this one has are bounded by ourselves.
"""

from datetime import date, datetime

from credit_bus.domain.calendar import local_day
from credit_bus.domain.context import Context
from credit_bus.domain.dates import (
    check_not_before,
    check_not_beyond_long_term,
    check_not_future,
)
from credit_bus.domain.divisions import check_division
from credit_bus.domain.event import Body
from credit_bus.domain.event_types import LICENCE_GRANTED, PENALTY_DECIDED
from credit_bus.domain.generations import Generation, check_own_fields, check_present
from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import reason
from credit_bus.domain.subjects import check_subject
from credit_bus.domain.text import Text, is_blank, text_check, word_check

REMARK = Text(name="remark", length_max=512, required=False)
POWER_CODE = Text(name="power_code", length_max=64, required=False)

_LICENCE = text_check(
    Text(name="document_number", length_max=64, exact=True),
    Text(name="project_name", length_max=256),
    Text(name="content", length_max=4000),
    Text(name="authority_name", length_max=200),
    POWER_CODE,
    REMARK,
)
_licence_category = word_check("普通", "特许", "认可", "核准", "登记", "其他")

_PENALTY = text_check(
    Text(name="document_number", length_max=128, exact=True),
    Text(name="title", length_max=256),
    Text(name="facts", length_max=2000),
    Text(name="legal_basis", length_max=2048),
    Text(name="content", length_max=4000),
    Text(name="authority_name", length_max=255),
    POWER_CODE,
    REMARK,
)
PENALTY_CATEGORIES = (
    "警告",
    "罚款",
    "没收违法所得、没收非法财物",
    "责令停产停业",
    "暂扣或者吊销许可证、暂扣或者吊销执照",
    "行政拘留",
    "其他",
)
CATEGORIES_MAX = 2  # CF_CFLB1, CF_CFLB2
_penalty_category = word_check(*PENALTY_CATEGORIES)

WITHDRAWN, DISPUTED = "1", "2"  # 撤销, 异议: beside 0 正常 and 3 其他
_publicity_state = word_check("0", WITHDRAWN, DISPUTED, "3")
_usage_scope = word_check("0", "1", "2")  # 公示, 内部共享, 授权查询
_severity = word_check("0", "1", "2", "3")  # 未定, 一般, 较重, 严重


def check_licence_2016(body: Body, context: Context) -> list[Reason]:
    """Return every reason against a licence of the generation of 2016."""
    ends, decided = body["valid_to"], body["decided_on"]
    found = check_subject(body["subject"], context, Generation.OF_2016)
    found += _LICENCE(body)
    found += _licence_category(body["category"], "category")
    found += check_not_before(ends, decided, "valid_to", earlier_name="许可决定日期")
    found += check_not_beyond_long_term(ends, "valid_to")
    return found + _check_common(LICENCE_GRANTED, body, context)


def check_penalty_2016(body: Body, context: Context) -> list[Reason]:
    """Return every reason against a penalty of the generation of 2016."""
    decided = body["decided_on"]
    found = check_subject(body["subject"], context, Generation.OF_2016)
    found += _PENALTY(body)
    found += _check_categories(body["categories"])
    for name in ("valid_until", "publish_until"):
        if body[name] is not None:
            found += check_not_before(body[name], decided, name, earlier_name="处罚决定日期")
            found += check_not_beyond_long_term(body[name], name)
    if not is_blank(body["severity"]):
        found += _severity(body["severity"], "severity")
    return found + _check_common(PENALTY_DECIDED, body, context)


def _check_common(kind: str, body: Body, context: Context) -> list[Reason]:
    """Return the reasons against what licences and penalties of 2016 state alike."""
    found = check_own_fields(kind, body, Generation.OF_2016)
    found += check_not_future(body["decided_on"], context.today, "decided_on")
    found += _check_publicity_state(body["publicity_state"])
    found += _check_division(body["division"])
    found += check_present(body, "recorded_at")
    if body["recorded_at"] is not None:
        found += _check_recorded(body["recorded_at"], body["decided_on"], context.today)
    if not is_blank(body["usage_scope"]):
        found += _usage_scope(body["usage_scope"], "usage_scope")
    return found


def _check_categories(categories: list[str]) -> list[Reason]:
    if not categories:
        return [reason("words-missing", "categories")]
    if len(categories) > CATEGORIES_MAX:
        return [reason("words-too-many", "categories", words_max=CATEGORIES_MAX)]
    found = []
    if len(set(categories)) < len(categories):
        found.append(reason("words-repeated", "categories"))
    for index, category in enumerate(categories):
        found += _penalty_category(category, f"categories[{index}]")
    return found


def _check_publicity_state(state: str | None) -> list[Reason]:
    """A state tells of something that happened to the record, and the bus carries that as such."""
    if state is None or is_blank(state):
        return [reason("text-missing", "publicity_state")]
    if state == WITHDRAWN:
        return [reason("publicity-withdrawn", "publicity_state")]
    if state == DISPUTED:
        return [reason("publicity-disputed", "publicity_state")]
    return _publicity_state(state, "publicity_state")


def _check_division(division: str | None) -> list[Reason]:
    if division is None or is_blank(division):
        return [reason("text-missing", "division")]
    return check_division(division, "division")


def _check_recorded(recorded: datetime, decided: date, today: date) -> list[Reason]:
    if recorded.date() > today:  # first: the last day of all has no local day
        return check_not_future(recorded.date(), today, "recorded_at")
    day = local_day(recorded)
    found = check_not_future(day, today, "recorded_at")
    return found + check_not_before(day, decided, "recorded_at", earlier_name="决定日期")
