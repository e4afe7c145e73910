"""Initiations: a department starts measures on one subject, on a document, after a notice.

Knows the rules of one initiation by itself. Whether it repeats or contradicts an earlier one is
for those who keep state.
"""

from credit_bus.domain.context import Context
from credit_bus.domain.dates import months_after
from credit_bus.domain.event import Body, action_id
from credit_bus.domain.instruments import (
    check_field,
    check_instrument,
    check_notice,
    check_term,
)
from credit_bus.domain.parties import is_one_of
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Measure, MeasureKind, SubjectCategory
from credit_bus.domain.rules import reason
from credit_bus.domain.subjects import check_reference
from credit_bus.domain.text import Text, text_check

MEASURES_MAX = 50  # of one initiation: the national list has 14 kinds

_TEXTS = text_check(
    Text(name="cause", length_max=2000),
    Text(name="remark", length_max=512, required=False),
)


def check_initiation(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against starting this action.

    The plan 五(一): the initiator fixes subject, measures and term. 国办发〔2020〕49号: only on a
    document with legal effect, after telling the subject, with measures of the catalogue.
    """
    kind = MeasureKind(body["kind"])
    term, instrument = body["term"], body["instrument"]
    found = check_reference(body["subject"], context)
    found += _TEXTS(body)
    found += check_field(body["field"], kind, context)
    found += check_instrument(instrument, kind, context)
    found += check_notice(body["notice"], term["begins_on"], context)
    found += check_term(term, instrument, kind, context)
    found += _check_measures(body, kind, context)
    expected = action_id(
        initiator=context.source, instrument=instrument["number"], subject=context.subject
    )
    if body["action_id"] != expected:
        found.append(reason("action-id-mismatch", "action_id"))
    return tuple(found)


def _check_measures(body: Body, kind: MeasureKind, context: Context) -> list[Reason]:
    codes: list[str] = body["measures"]
    if not codes:
        return [reason("measures-missing", "measures")]
    if len(codes) > MEASURES_MAX:
        return [reason("measures-too-many", "measures", measures_max=MEASURES_MAX)]
    found = [] if len(set(codes)) == len(codes) else [reason("measure-repeated", "measures")]
    for index, code in enumerate(codes):
        field = f"measures[{index}]"
        measure = context.registry.measures.get(code)
        if measure is None:
            found.append(reason("measure-unknown", field))
        else:
            found += _check_measure(measure, body, kind, context, field)
    return found


def _check_measure(
    measure: Measure, body: Body, kind: MeasureKind, context: Context, field: str
) -> list[Reason]:
    broken = []
    if not measure.in_force_on(context.today):
        broken.append("measure-not-in-force")
    if measure.kind is not kind:
        broken.append("measure-of-other-kind")
    if SubjectCategory(body["subject"]["category"]) not in measure.targets:
        broken.append("measure-not-for-subject")
    if measure.initiators and not is_one_of(measure.initiators, context):
        broken.append("measure-not-for-initiator")
    if body["instrument"]["type"] not in measure.instrument_types:
        broken.append("measure-not-on-instrument")
    if body["term"]["until_performance"] and not measure.until_performance:
        broken.append("measure-not-until-performance")
    found = [reason(code, field, measure=measure.name, basis=_source(measure)) for code in broken]
    return found + _check_length(measure, body["term"], field)


def _check_length(measure: Measure, term: Body, field: str) -> list[Reason]:
    """No longest term of its own: the measure lasts as long as the instrument says."""
    longest = measure.term_months_max
    if longest is None or term["until_performance"]:
        return []
    ends = term["ends_on"]
    if ends is not None and ends <= months_after(term["begins_on"], longest):
        return []
    detail = {"measure": measure.name, "months_max": longest, "basis": _source(measure)}
    return [reason("measure-term-too-long", field, **detail)]


def _source(measure: Measure) -> str:
    """Return the statutes that the measure rests on, as a refusal names them."""
    return "、".join(f"《{basis.title}》{basis.article}" for basis in measure.basis)
