"""A small registry of parties, measures and instruments, for the domain's tests.

Nothing here exists; each row is there for a rule that looks at it.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from credit_bus.domain.registry import (
    Basis,
    CreditField,
    CreditList,
    InstrumentType,
    ListKind,
    Measure,
    MeasureKind,
    Party,
    Purpose,
    Registry,
    Role,
    SubjectCategory,
)

TODAY = date(2026, 6, 1)

EXCEPTED = "91350211M0000XUF46"  # registered although its check character fails
# Excepted too, but an exception is for the check character alone.
EXCEPTED_IN_VAIN = "91620702999999999Q"

_LAW = Basis(instrument_type="law", title="示例法", article="第一条", checked=False)


def _party(code: str, *publishes: str, role: Role = Role.DEPARTMENT, **changes: Any) -> Party:
    return Party(
        code=code,
        name=code,
        role=role,
        since=changes.pop("since", date(2010, 1, 1)),
        publishes=frozenset(publishes),
        **changes,
    )


def _measure(code: str, *, kind: MeasureKind, **changes: Any) -> Measure:
    return replace(
        Measure(
            code=code,
            name=f"措施{code}",
            kind=kind,
            content="示例",
            targets=frozenset(SubjectCategory),
            basis=(_LAW,),
            implementers=("finance",),
            instrument_types=frozenset({"court-decision", "penalty-decision"}),
            since=date(2019, 1, 1),
            term_months_max=60,
        ),
        **changes,
    )


def _list(code: str, kind: ListKind = ListKind.DISHONESTY, **changes: Any) -> CreditList:
    burdens = kind.bears is MeasureKind.CONSTRAINT
    return replace(
        CreditList(
            code=code,
            name=f"名单{code}",
            kind=kind,
            fields=frozenset({"wages" if burdens else "honesty"}),
            basis=(_LAW,),
            instrument_types=frozenset(
                {"penalty-decision", "memorandum"} if burdens else {"honour"}
            ),
            enterers=frozenset({"quality"}),
            targets=frozenset(SubjectCategory),
            public=True,
            since=date(2019, 1, 1),
            term_months_max=36 if burdens else None,
        ),
        **changes,
    )


_PARTIES = (
    _party("court", "defaulter.listed", "action.initiated"),
    _party("finance", "measure.responded", "measure.executed", "action.initiated"),
    _party(
        "market",
        "penalty.decided",
        "listing.entered",
        "subject.registered",
        "measure.responded",
        since=date(2019, 4, 1),
    ),
    _party(
        "quality",
        "penalty.decided",
        "action.initiated",
        until=date(2019, 4, 1),
        successors=("market",),
    ),
    _party("coming", "measure.responded", since=date(2027, 1, 1)),
    _party("closing", "measure.responded", until=TODAY, successors=("finance",)),
    _party("silent"),
    _party("high-court", "action.suspended", "action.resumed", "action.ended", reviews=True),
    _party("window", "objection.raised", "repair.requested"),
    _party("hub", role=Role.HUB),
    _party("platform", "delivery.confirmed", "delivery.refused", role=Role.PLATFORM),
)
_MEASURES = (
    _measure(
        "no-homes",
        kind=MeasureKind.CONSTRAINT,
        implementers=("quality", "finance"),
        until_performance=True,
        initiators=frozenset({"court"}),
        instrument_types=frozenset({"court-decision"}),
    ),
    _measure(
        "no-bids",
        kind=MeasureKind.CONSTRAINT,
        targets=frozenset({SubjectCategory.ORGANISATION}),
        term_months_max=12,
    ),
    _measure("no-licence", kind=MeasureKind.CONSTRAINT, initiators=frozenset({"quality"})),
    _measure(
        "past", kind=MeasureKind.CONSTRAINT, until=date(2025, 1, 1), implementers=("closing",)
    ),
    _measure("future", kind=MeasureKind.CONSTRAINT, implementers=("coming",)),
    _measure(
        "green-lane",
        kind=MeasureKind.INCENTIVE,
        instrument_types=frozenset({"honour"}),
        term_months_max=None,
    ),
    _measure(
        "green-year",
        kind=MeasureKind.INCENTIVE,
        instrument_types=frozenset({"honour"}),
        term_months_max=12,
    ),
)
_INSTRUMENTS = (
    InstrumentType(
        code="court-decision", name="决定", founds_from=date(2013, 1, 1), until_performance=True
    ),
    InstrumentType(code="penalty-decision", name="处罚", founds_from=date(1996, 1, 1)),
    InstrumentType(
        code="memorandum",
        name="备忘录",
        founds_from=date(2014, 1, 1),
        founds_until=date(2020, 12, 7),
    ),
    InstrumentType(code="honour", name="表彰", founds_from=None),
)
_LISTS = (
    _list("arrears"),
    _list("watched", ListKind.WATCH, public=False, enterers=frozenset({"market", "court"})),
    _list("firms", targets=frozenset({SubjectCategory.ORGANISATION})),
    _list("former", until=date(2026, 5, 3)),
    _list("models", ListKind.HONOUR),
    _list("models-of-a-year", ListKind.HONOUR, term_months_max=12),
)
_PURPOSES = (
    Purpose(
        code="bids",
        name="招标",
        askers=frozenset({"finance", "quality"}),
        records=frozenset({"penalty.decided"}),
        measures=True,
    ),
    Purpose(code="lane", name="绿色通道", askers=frozenset(), three_years_clean=True),
)

REGISTRY = Registry(
    version="0" * 12,
    district="620702",
    parties={party.code: party for party in _PARTIES},
    routes=(),
    measures={measure.code: measure for measure in _MEASURES},
    instrument_types={kind.code: kind for kind in _INSTRUMENTS},
    purposes={purpose.code: purpose for purpose in _PURPOSES},
    lists={each.code: each for each in _LISTS},
    uscc_exceptions=frozenset({EXCEPTED, EXCEPTED_IN_VAIN}),
    fields={
        "judgments": CreditField(
            code="judgments", name="执行", group="四(一)", kind=MeasureKind.CONSTRAINT
        ),
        "wages": CreditField(
            code="wages", name="欠薪", group="四(一)", kind=MeasureKind.CONSTRAINT
        ),
        "honesty": CreditField(
            code="honesty", name="诚信", group="三(一)", kind=MeasureKind.INCENTIVE
        ),
    },
)
