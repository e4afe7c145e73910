"""How a publication reads: labels and values in Chinese, who stands behind it, how to object.

Pure: rows and registry in, values for the templates out. Every listing shows instrument and term.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from credit_bus.domain.dates import LONG_TERM
from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    PENALTY_DECIDED,
    REPUTATION_RESTORED,
)
from credit_bus.domain.registry import Registry
from credit_bus_connectors.platforms.public_record import PublicRecord
from credit_bus_connectors.site.store import Publication

KINDS: Mapping[str, str] = MappingProxyType(
    {
        LICENCE_GRANTED: "行政许可",
        PENALTY_DECIDED: "行政处罚",
        LISTING_ENTERED: "名单列入",
        DEFAULTER_LISTED: "失信被执行人",
        REPUTATION_RESTORED: "恢复信誉说明",
    }
)
CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "organisation": "法人及非法人组织",
        "individual_business": "个体工商户",
        "natural_person": "自然人（姓名已作隐去处理）",
    }
)
# What the same column is called for each kind; a column that a kind does not name is not shown.
_LABELS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        LICENCE_GRANTED: {
            "title": "许可决定文书或者项目名称",
            "document_number": "许可决定文书号",
            "classes": "许可类别",
            "certificate": "许可证书",
            "matter": "许可内容",
            "authority": "许可机关",
            "decided_on": "许可决定日期",
        },
        PENALTY_DECIDED: {
            "title": "违法行为类型或者案由",
            "document_number": "处罚决定书文号",
            "classes": "处罚类别",
            "matter": "违法事实",
            "basis": "处罚依据",
            "outcome": "处罚内容",
            "fine_10k": "罚款金额",
            "confiscated_10k": "没收金额",
            "certificate": "暂扣或者吊销的证照",
            "authority": "处罚机关",
            "decided_on": "处罚决定日期",
        },
        LISTING_ENTERED: {
            "title": "名单",
            "document_number": "列入决定文号",
            "matter": "列入事由",
            "authority": "列入机关",
            "decided_on": "列入决定日期",
            "removal_conditions": "移出条件",
            "remedies": "救济途径",
        },
        DEFAULTER_LISTED: {
            "document_number": "案号",
            "authority": "执行法院",
            "basis": "执行依据",
            "matter": "失信行为情形",
            "outcome": "履行情况",
            "decided_on": "纳入日期",
        },
        REPUTATION_RESTORED: {
            "document_number": "所涉文书号",
            "matter": "说明",
            "decided_on": "说明日期",
        },
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of a record's page."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A record as one line of a list, and as the head of its own page."""

    id: str
    kind: str
    heading: str
    name: str
    uscc: str | None
    number: str
    authority: str
    decided_on: str
    term: str
    instrument: str  # "" when it names none
    corrected: bool
    disputed: bool


def row_of(publication: Publication, registry: Registry) -> Row:
    """Return the line of a publication that is shown."""
    record = _shown(publication)
    return Row(
        id=publication.id,
        kind=KINDS[record.kind],
        heading=heading_of(record, registry),
        name=record.name,
        uscc=record.uscc,
        number=record.document_number,
        authority=record.authority or registry.name_of(record.provider),
        decided_on=day_text(record.decided_on),
        term=term_text(record),
        instrument=instrument_text(record, registry),
        corrected=publication.corrected,
        disputed=publication.disputed,
    )


def facts_of(publication: Publication, registry: Registry) -> list[Fact]:
    """Return the lines of a record's page, in the order of its kind's table."""
    record = _shown(publication)
    facts = [
        Fact(label="公示对象", text=record.name),
        Fact(label="统一社会信用代码", text=record.uscc or ""),
        Fact(label="对象类别", text=CATEGORIES[record.category]),
    ]
    for column, label in _LABELS[record.kind].items():
        text = heading_of(record, registry) if column == "title" else _text(record, column)
        facts.append(Fact(label=label, text=text))
    facts += [
        Fact(label="依据文书", text=instrument_text(record, registry)),
        Fact(label="期限", text=term_text(record)),
        Fact(label="公示截止", text=until_text(record)),
        Fact(label="信息提供单位", text=registry.name_of(record.provider)),
        Fact(label="版次", text=f"第{publication.revision}版"),
    ]
    return [fact for fact in facts if fact.text]


def heading_of(record: PublicRecord, registry: Registry) -> str:
    """Return what the record is called; a list's code becomes its name."""
    known = registry.lists.get(record.title) if record.kind == LISTING_ENTERED else None
    return record.title if known is None else known.name


def instrument_text(record: PublicRecord, registry: Registry) -> str:
    """Return the instrument in one line: type, title, number, article, issuer, day; "" for none."""
    if record.instrument_type is None:
        return ""
    known = registry.instrument_types.get(record.instrument_type)
    kind = record.instrument_type if known is None else known.name
    title = f"{kind}《{record.instrument_title}》" if record.instrument_title else kind
    issued = day_text(record.instrument_issued_on) if record.instrument_issued_on else ""
    parts = (
        title,
        record.instrument_number,
        record.instrument_article,
        record.instrument_issuer,
        issued and f"{issued}作出",
    )
    return "，".join(filter(None, parts))


def term_text(record: PublicRecord) -> str:
    """Return from when to when it holds, as far as the record says so."""
    begins = day_text(record.begins_on) if record.begins_on else ""
    if record.until_performance:
        return f"{begins}起，至履行完毕止"
    if record.ends_on is None:
        return f"{begins}起" if begins else ""
    ends = "长期" if record.ends_on >= LONG_TERM else day_text(record.ends_on)
    return f"{begins}至{ends}" if begins else f"至{ends}"


def until_text(record: PublicRecord) -> str:
    """Return until when the site shows it."""
    if record.shown_until is not None:
        return f"{day_text(record.shown_until)}（届满自动停止公示）"
    return "至履行完毕" if record.until_performance else "长期有效"


def deciding_party(record: PublicRecord, registry: Registry, day: date) -> str:
    """Return the name of who verifies an objection today: its provider, or who succeeded it."""
    if record.provider not in registry.parties:
        return record.provider
    return registry.name_of(registry.successor_of(record.provider, day))


def day_text(day: date) -> str:
    """Return a day as officials write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def _text(record: PublicRecord, column: str) -> str:
    match getattr(record, column):
        case None:
            return ""
        case Decimal() as amount:
            return f"{amount.normalize():f}万元"
        case date() as day:
            return day_text(day)
        case text:
            return str(text)


def _shown(publication: Publication) -> PublicRecord:
    assert publication.record is not None, "only what is shown has a page"
    return publication.record
