"""Code tables: how a canonical body becomes the columns of a destination.

Knows what a column is, the forms that values take on the wire of the 双公示 standard, and the
columns of its 2018 generation. Which columns a destination has stands in its own table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from credit_bus.domain.event import Body, Event

# A form takes the canonical value, which is there, and returns the wire's.
Form = Callable[[Any], str | Decimal | None]

AMOUNT_SCALE = 6
_MILLIONTH = Decimal(1).scaleb(-AMOUNT_SCALE)

# Why a record was withdrawn, in the glossary's words.
WITHDRAWAL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "revoked": "被撤销",
        "changed": "被变更",
        "confirmed_unlawful": "被确认违法",
        "void": "被确认无效",
        "stated_in_error": "报送有误",
        "objection_upheld": "异议成立",
        "must_not_be_published": "依法不得公示",
    }
)
# Why a record is shown no more.
PUBLICITY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "term_over": "期限届满",
        "maximum_reached": "最长公示期届满",
        "repaired": "信用修复",
    }
)
CATEGORY_WORDS = MappingProxyType(
    {
        "organisation": "法人及非法人组织",
        "individual_business": "个体工商户",
        "natural_person": "自然人",
    }
)


def text(value: Any) -> str:
    """Return the text as it is; a number as its digits."""
    return str(value)


def day(value: date) -> str:
    """Return the date as `YYYY/MM/DD`."""
    return f"{value.year:04}/{value.month:02}/{value.day:02}"


def amount(value: Decimal) -> Decimal:
    """Return the amount in 万元 with six decimals: the schema's decimal(18,6), never rounded."""
    formed = value.quantize(_MILLIONTH)
    assert formed == value, f"an amount with more than {AMOUNT_SCALE} decimals passed the schema"
    return formed


def category(value: str) -> str:
    """Return the standard's word for the subject's category."""
    return CATEGORY_WORDS[value]


def worded(words: Mapping[str, str]) -> Form:
    """Return the form that puts a code into the words of this table."""
    return words.__getitem__


def joined(values: Sequence[str]) -> str:
    """Return several categories in one cell, joined by the full-width semicolon."""
    return "；".join(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a destination: its code, where its value stands in the body, and its form.

    `length` is the most characters it takes; None for an amount.
    """

    code: str
    field: str  # path in the body, as reasons name it
    length: int | None
    form: Form = text


# An event type, and the generation of its template where it has one.
TableKey = tuple[str, str | None]


def table_key(event: Event) -> TableKey:
    """Return which table of a destination the event belongs to."""
    return event.type, event.body.get("generation")


def fill(columns: Sequence[Column], body: Body) -> dict[str, str | Decimal | None]:
    """Return the value of each column by its code; None where the body says nothing."""
    return {column.code: _formed(column, body) for column in columns}


def stated(column: Column, body: Body) -> Any:
    """Return the canonical value that the column is made of; None where the body says nothing."""
    value: Any = body
    for name in column.field.split("."):
        value = value[name] if isinstance(value, Mapping) else None
    return value


def _formed(column: Column, body: Body) -> str | Decimal | None:
    value = stated(column, body)
    return None if value is None else column.form(value)


def subject_columns(prefix: str) -> tuple[Column, ...]:
    """Return the subject block that licences (`XK`) and penalties (`CF`) share, without numbers.

    Source: 双公示 data standard, 2018 generation.
    """
    rows: tuple[tuple[str, str, int, Form], ...] = (
        ("XDR_MC", "name", 200, text),
        ("XDR_LB", "category", 16, category),
        ("XDR_SHXYM", "uscc", 18, text),
        ("XDR_GSZC", "registration_number", 50, text),
        ("XDR_ZZJG", "organisation_code", 9, text),
        ("XDR_SWDJ", "tax_number", 15, text),
        ("XDR_SYDW", "institution_certificate", 12, text),
        ("XDR_SHZZ", "society_certificate", 50, text),
        ("FRDB", "representative_name", 50, text),
    )
    return tuple(
        Column(code=f"{prefix}_{code}", field=f"subject.{name}", length=length, form=form)
        for code, name, length, form in rows
    )


def reference_columns(prefix: str) -> tuple[Column, ...]:
    """Return what is told of a subject that is named by a reference: name, category, code."""
    return columns_of(
        (f"{prefix}_XDR_MC", "subject.name", 200, text),
        (f"{prefix}_XDR_LB", "subject.category", 16, category),
        (f"{prefix}_XDR_SHXYM", "subject.uscc", 18, text),
    )


def columns_of(*rows: tuple[str, str, int | None, Form]) -> tuple[Column, ...]:
    """Return columns from rows of code, path in the body, length and form."""
    return tuple(
        Column(code=code, field=field, length=length, form=form)
        for code, field, length, form in rows
    )


LICENCE_COLUMNS = columns_of(
    ("XK_XKWS", "document_title", 64, text),
    ("XK_WSH", "document_number", 64, text),
    ("XK_XKLB", "category", 256, text),
    ("XK_XKZS", "certificate_name", 64, text),
    ("XK_XKBH", "licence_number", 64, text),
    ("XK_NR", "content", 4000, text),
    ("XK_JDRQ", "decided_on", 10, day),
    ("XK_YXQZ", "valid_from", 10, day),
    ("XK_YXQZI", "valid_to", 10, day),
    ("XK_XKJG", "authority_name", 200, text),
    ("XK_XKJGDM", "authority_code", 18, text),
    ("XK_ZT", "state", 1, text),
    ("XK_LYDW", "source_name", 200, text),
    ("XK_LYDWDM", "source_code", 18, text),
    ("BZ", "remark", 512, text),
)

PENALTY_COLUMNS = columns_of(
    ("CF_WSH", "document_number", 128, text),
    ("CF_WFXW", "violation", 2000, text),
    ("CF_SY", "facts", 2000, text),
    ("CF_YJ", "legal_basis", 2048, text),
    ("CF_CFLB", "categories", 255, joined),
    ("CF_NR", "content", 4000, text),
    ("CF_NR_FK", "fine_10k", None, amount),
    ("CF_NR_WFFF", "confiscated_10k", None, amount),
    ("CF_NR_ZKDX", "revoked_certificate", 200, text),
    ("CF_JDRQ", "decided_on", 10, day),
    ("CF_YXQ", "valid_until", 10, day),
    ("CF_GSJZQ", "publish_until", 10, day),
    ("CF_CFJG", "authority_name", 255, text),
    ("CF_CFJGDM", "authority_code", 18, text),
    ("CF_SJLY", "source_name", 200, text),
    ("CF_SJLYDM", "source_code", 18, text),
    ("BZ", "remark", 512, text),
)

# Why a record no longer stands. The columns are ours: no standard for them was found.
WITHDRAWAL_COLUMNS = columns_of(
    ("CX_XDR_MC", "subject.name", 200, text),
    ("CX_XDR_SHXYM", "subject.uscc", 18, text),
    ("CX_WSH", "record.document_number", 128, text),
    ("CX_YY", "cause", 32, worded(WITHDRAWAL_WORDS)),
    ("CX_SM", "explanation", 2000, text),
    ("CX_YJWH", "basis.number", 128, text),
    ("CX_RQ", "decided_on", 10, day),
)

# Which record is disputed, and since when; nothing of what the subject says. Ours, too.
OBJECTION_COLUMNS = columns_of(
    ("YY_XDR_MC", "subject.name", 200, text),
    ("YY_XDR_SHXYM", "subject.uscc", 18, text),
    ("YY_WSH", "about.record.document_number", 128, text),
    ("YY_RQ", "raised_on", 10, day),
)
# Since when it is not; whose it is and which, its objection says.
DECISION_COLUMNS = columns_of(("YY_RQ", "decided_on", 10, day))

# Why a record is shown no more: ours, too.
PUBLICITY_COLUMNS = columns_of(
    ("TZ_XDR_MC", "subject.name", 200, text),
    ("TZ_XDR_SHXYM", "subject.uscc", 18, text),
    ("TZ_WSH", "record.document_number", 128, text),
    ("TZ_YY", "cause", 32, worded(PUBLICITY_WORDS)),
    ("TZ_GZ", "rule", 200, text),
    ("TZ_RQ", "ended_on", 10, day),
)
