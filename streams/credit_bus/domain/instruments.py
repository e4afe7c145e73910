"""What a listing or an action stands on: field, instrument, notice and term.

Which kinds of instrument may found a constraint, and when, is the registry's to say.
"""

from datetime import date

from credit_bus.domain.context import Context
from credit_bus.domain.dates import LONG_TERM, check_not_before, check_not_future
from credit_bus.domain.event import Body
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import MeasureKind
from credit_bus.domain.rules import reason
from credit_bus.domain.text import Text, text_check, word_check

NUMBER_LENGTH_MAX = 128

_TEXTS = text_check(
    Text(name="title", length_max=200),
    Text(name="number", length_max=NUMBER_LENGTH_MAX, exact=True),
    Text(name="article", length_max=2000),
    Text(name="issuer", length_max=200),
    under="instrument.",
)

# The ways of service that the schema's own documentation names.
_method = word_check("直接送达", "留置送达", "邮寄送达", "公告送达", "电子送达", "委托送达")


def check_field(code: str, kind: MeasureKind, context: Context) -> list[Reason]:
    """Return the reason against the field of conduct: unknown, or of the other kind."""
    known = context.registry.fields.get(code)
    if known is None:
        return [reason("field-unknown", "field")]
    return [] if known.kind is kind else [reason("field-of-other-kind", "field")]


def check_instrument(instrument: Body, kind: MeasureKind, context: Context) -> list[Reason]:
    """Return every reason against the instrument as the ground of a measure of that kind.

    国办发〔2020〕49号: what reduces rights or adds duties must rest on a document with legal
    effect; the registry dates which types do.
    """
    found = _TEXTS(instrument)
    known = context.registry.instrument_types.get(instrument["type"])
    if known is None:
        found.append(reason("instrument-type-unknown", "instrument.type"))
    elif kind is MeasureKind.CONSTRAINT and not known.founds_on(instrument["issued_on"]):
        found.append(reason("instrument-may-not-found", "instrument.type"))
    issued, effective = instrument["issued_on"], instrument["effective_on"]
    return [
        *found,
        *check_not_future(issued, context.today, "instrument.issued_on"),
        *check_not_future(effective, context.today, "instrument.effective_on"),
        *check_not_before(effective, issued, "instrument.effective_on", earlier_name="作出日期"),
    ]


def check_notice(notice: Body, begins_on: date, context: Context) -> list[Reason]:
    """Return every reason against the notice: before the term begins, and in a known way."""
    given = notice["given_on"]
    found = check_not_future(given, context.today, "notice.given_on")
    if given > begins_on:
        found.append(reason("notice-after-begin", "notice.given_on"))
    return found + _method(notice["method"], "notice.method")


def check_term(term: Body, instrument: Body, kind: MeasureKind, context: Context) -> list[Reason]:
    """Return every reason against the term.

    A constraint ends on a day, or by performance where its instrument is the court's that says
    so (法释〔2017〕7号); the day that stands for "long-term" is no end.
    """
    begins, ends, open_ended = term["begins_on"], term["ends_on"], term["until_performance"]
    found = []
    if begins < instrument["effective_on"]:
        found.append(reason("term-before-instrument", "term.begins_on"))
    if open_ended and not _may_end_by_performance(instrument, kind, context):
        found.append(reason("term-not-until-performance", "term.until_performance"))
    if ends is None:
        if kind is MeasureKind.CONSTRAINT and not open_ended:
            found.append(reason("term-missing", "term.ends_on"))
        return found
    if open_ended:
        found.append(reason("term-with-two-ends", "term.ends_on"))
    if ends >= LONG_TERM:
        found.append(reason("term-without-end", "term.ends_on"))
    return found + check_not_before(ends, begins, "term.ends_on", earlier_name="起始日期")


def _may_end_by_performance(instrument: Body, kind: MeasureKind, context: Context) -> bool:
    known = context.registry.instrument_types.get(instrument["type"])
    # An unknown type has its own reason.
    return kind is MeasureKind.CONSTRAINT and (known is None or known.until_performance)
