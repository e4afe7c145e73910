"""The municipal platform's wire form, as a declaration.

The platform's real interface is not public. What stands here is the form that the connector and the
stand-in agree on, in the codes of the 双公示 standard where it has one; the day the interface is
given, these tables change, and nothing else does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from credit_bus.domain.event_types import DEFAULTER_LISTED, LICENCE_GRANTED, PENALTY_DECIDED
from credit_bus.domain.generations import Generation
from credit_bus_connectors.personal import PERSON, masked
from credit_bus_connectors.platforms import forms_2016
from credit_bus_connectors.platforms.forms import (
    LICENCE_COLUMNS,
    PENALTY_COLUMNS,
    Column,
    TableKey,
    day,
    subject_columns,
    text,
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
    }
)

# What every item carries around its fields.
Item = Mapping[str, Any]
