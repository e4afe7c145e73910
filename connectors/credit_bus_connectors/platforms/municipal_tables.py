"""The municipal platform's wire form, as a declaration.

The platform's real interface is not public. What stands here is the form that the connector and the
stand-in agree on, in the codes of the 双公示 standard where it has one; the day the interface is
given, these tables change, and nothing else does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    LISTING_REMOVED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
)
from credit_bus.domain.generations import Generation
from credit_bus_connectors.personal import PERSON, masked
from credit_bus_connectors.platforms import forms_2016
from credit_bus_connectors.platforms.forms import (
    LICENCE_COLUMNS,
    PENALTY_COLUMNS,
    PUBLICITY_WORDS,
    WITHDRAWAL_WORDS,
    Column,
    TableKey,
    columns_of,
    day,
    joined,
    reference_columns,
    subject_columns,
    text,
    worded,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How an event type of a generation is told: the platform's word for it, and its fields."""

    kind: str
    columns: tuple[Column, ...]


def _person(prefix: str) -> tuple[Column, ...]:
    """Return what is told of a natural person's number: its kind, and as much as may be shown."""
    return (
        Column(code=f"{prefix}_XDR_ZJLX", field="subject.person_id_type", length=64),
        Column(code=f"{prefix}_XDR_ZJHM", field=f"subject.{PERSON}", length=64, form=masked),
    )


def _flag(value: bool) -> str:
    return "1" if value else "0"


_DEFAULTER_COLUMNS = (
    Column(code="SX_AH", field="case_number", length=64),
    Column(code="SX_ZXFY", field="court_name", length=200),
    Column(code="SX_LARQ", field="filed_on", length=10, form=day),
    Column(code="SX_YJWH", field="basis_number", length=128),
    Column(code="SX_YJDW", field="basis_issuer", length=200),
    Column(code="SX_YW", field="duty", length=4000),
    Column(code="SX_LXQK", field="performance", length=200),
    Column(code="SX_XWQX", field="conduct", length=2000),
    Column(code="SX_XWLX", field="ground", length=1, form=text),
    Column(code="SX_YLX", field="performed_part", length=2000),
    Column(code="SX_WLX", field="unperformed_part", length=2000),
    Column(code="SX_LRRQ", field="listed_on", length=10, form=day),
    Column(code="SX_FBRQ", field="published_on", length=10, form=day),
    Column(code="SX_WSLX", field="instrument.type", length=64),
    Column(code="SX_WSH", field="instrument.number", length=128),
    Column(code="SX_QXQ", field="term.begins_on", length=10, form=day),
    Column(code="SX_QXZ", field="term.ends_on", length=10, form=day),
    Column(code="SX_LXJZ", field="term.until_performance", length=1, form=_flag),
)

# Why an entry is over, and why a record was corrected, in the glossary's words.
REMOVAL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "term_over": "期限届满",
        "repaired": "修复",
        "withdrawn": "列入单位撤回",
        "objection_upheld": "异议成立",
        "court_event": "法院事由",
        "conditions_met": "符合移出条件",
    }
)
CORRECTION_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "own_finding": "自行发现",
        "objection_upheld": "异议成立",
        "court_event": "法院事由",
    }
)

_LISTING_COLUMNS = columns_of(
    ("MD_DM", "list", 64, text),
    ("MD_WSH", "document_number", 128, text),
    ("MD_LY", "field", 64, text),
    ("MD_SY", "cause", 2000, text),
    ("MD_YJLX", "instrument.type", 64, text),
    ("MD_YJWH", "instrument.number", 128, text),
    ("MD_GZRQ", "notice.given_on", 10, day),
    ("MD_YCTJ", "removal_conditions", 2000, text),
    ("MD_JJTJ", "remedies", 2000, text),
    ("MD_QXQ", "term.begins_on", 10, day),
    ("MD_QXZ", "term.ends_on", 10, day),
    ("MD_GS", "publish", 1, _flag),
    ("MD_JDRQ", "decided_on", 10, day),
    ("MD_RDDW", "decided_by", 200, text),
)
_REMOVAL_COLUMNS = columns_of(
    ("YC_DM", "list", 64, text),
    ("YC_WSH", "document_number", 128, text),
    ("YC_LRDW", "entered_by", 64, text),
    ("YC_YY", "cause", 32, worded(REMOVAL_WORDS)),
    ("YC_SM", "explanation", 2000, text),
    ("YC_YJWH", "basis.number", 128, text),
    ("YC_RQ", "removed_on", 10, day),
)


def _record_columns(prefix: str) -> tuple[Column, ...]:
    """Return which record a change of its standing is about, and which of its revisions."""
    return columns_of(
        (f"{prefix}_TGDW", "record.provider", 64, text),
        (f"{prefix}_LX", "record.type", 64, text),
        (f"{prefix}_WSH", "record.document_number", 128, text),
        (f"{prefix}_BC", "record_revision", 10, text),
    )


def _about_columns(prefix: str) -> tuple[Column, ...]:
    """Return which objection it is, and which record that is about."""
    return columns_of(
        (f"{prefix}_BH", "objection_number", 128, text),
        (f"{prefix}_TGDW", "about.record.provider", 64, text),
        (f"{prefix}_LX", "about.record.type", 64, text),
        (f"{prefix}_WSH", "about.record.document_number", 128, text),
    )


def _explained(prefix: str) -> tuple[Column, ...]:
    """Return why it changes, in words for the public, and the document that this rests on."""
    return columns_of(
        (f"{prefix}_SM", "explanation", 2000, text),
        (f"{prefix}_YJWH", "basis.number", 128, text),
    )


_CORRECTION_COLUMNS = (
    *reference_columns("GZ"),
    *_record_columns("GZ"),
    *_explained("GZ"),
    *columns_of(
        ("GZ_YY", "cause", 32, worded(CORRECTION_WORDS)),
        ("GZ_SJX", "fields", 4000, joined),
        ("GZ_RQ", "corrected_on", 10, day),
    ),
)
_WITHDRAWAL_COLUMNS = (
    *reference_columns("CX"),
    *_record_columns("CX"),
    *_explained("CX"),
    *columns_of(
        ("CX_YY", "cause", 32, worded(WITHDRAWAL_WORDS)),
        ("CX_RQ", "decided_on", 10, day),
    ),
)
_PUBLICITY_COLUMNS = (
    *reference_columns("TZ"),
    *_record_columns("TZ"),
    *columns_of(
        ("TZ_YY", "cause", 32, worded(PUBLICITY_WORDS)),
        ("TZ_GZ", "rule", 200, text),
        ("TZ_RQ", "ended_on", 10, day),
    ),
)
# Neither what the subject says nor what was found: only that the record is disputed, or no more.
_OBJECTION_COLUMNS = (
    *reference_columns("YY"),
    *_about_columns("YY"),
    *columns_of(("YY_RQ", "raised_on", 10, day)),
)
_DECISION_COLUMNS = (
    *_about_columns("JC"),
    *columns_of(("JC_RQ", "decided_on", 10, day)),
)

FORMS: Mapping[TableKey, Form] = MappingProxyType(
    {
        (LICENCE_GRANTED, Generation.OF_2018): Form(
            kind="XZXK", columns=(*subject_columns("XK"), *_person("XK"), *LICENCE_COLUMNS)
        ),
        (PENALTY_DECIDED, Generation.OF_2018): Form(
            kind="XZCF", columns=(*subject_columns("CF"), *_person("CF"), *PENALTY_COLUMNS)
        ),
        (LICENCE_GRANTED, Generation.OF_2016): Form(
            kind="XZXK2016", columns=forms_2016.licence_columns(masked)
        ),
        (PENALTY_DECIDED, Generation.OF_2016): Form(
            kind="XZCF2016", columns=forms_2016.penalty_columns(masked)
        ),
        (DEFAULTER_LISTED, None): Form(
            kind="SXBZXR", columns=(*subject_columns("SX"), *_person("SX"), *_DEFAULTER_COLUMNS)
        ),
        (LISTING_ENTERED, None): Form(
            kind="MDLR", columns=(*reference_columns("MD"), *_LISTING_COLUMNS)
        ),
        (LISTING_REMOVED, None): Form(
            kind="MDYC", columns=(*reference_columns("YC"), *_REMOVAL_COLUMNS)
        ),
        (RECORD_CORRECTED, None): Form(kind="XXGZ", columns=_CORRECTION_COLUMNS),
        (RECORD_WITHDRAWN, None): Form(kind="XXCX", columns=_WITHDRAWAL_COLUMNS),
        (PUBLICITY_ENDED, None): Form(kind="TZGS", columns=_PUBLICITY_COLUMNS),
        (OBJECTION_RAISED, None): Form(kind="YYBJ", columns=_OBJECTION_COLUMNS),
        (OBJECTION_DECIDED, None): Form(kind="YYJC", columns=_DECISION_COLUMNS),
    }
)

# What every item carries around its fields.
Item = Mapping[str, Any]
