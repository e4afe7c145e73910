"""Broken initiations, answers and words on deliveries."""

from datetime import UTC, date, datetime

from tests.unit.domain import world
from tests.unit.domain.case import case, measured
from tests.unit.domain.district import EXCEPTED_IN_VAIN

from credit_bus.domain.actions import MEASURES_MAX
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    DELIVERY_CONFIRMED,
    DELIVERY_REFUSED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
)

INSTRUMENTS = (
    case(ACTION_INITIATED, {"instrument.article": "无"}, "text-missing instrument.article"),
    case(ACTION_INITIATED, {"instrument.issuer": ""}, "text-missing instrument.issuer"),
    case(
        ACTION_INITIATED,
        {"instrument.number": ""},
        "text-missing instrument.number",
        "action-id-mismatch action_id",
    ),
    case(
        ACTION_INITIATED,
        {"instrument.number": world.NUMBER + "\n"},
        "text-padded instrument.number",
        "action-id-mismatch action_id",
    ),
    case(
        ACTION_INITIATED,
        {"instrument.type": "grade"},
        "instrument-type-unknown instrument.type",
        "measure-not-on-instrument measures[0]",
        "measure-not-on-instrument measures[1]",
    ),
    case(
        ACTION_INITIATED,
        {"instrument.type": "memorandum"},
        "instrument-may-not-found instrument.type",
        "measure-not-on-instrument measures[0]",
        "measure-not-on-instrument measures[1]",
    ),
    case(
        ACTION_INITIATED,
        {"instrument.issued_on": date(2012, 12, 31)},
        "instrument-may-not-found instrument.type",
    ),
    case(
        ACTION_INITIATED,
        {**world.INCENTIVE, "kind": "constraint", "field": "judgments"},
        "instrument-may-not-found instrument.type",
        "measure-of-other-kind measures[0]",
    ),
    case(
        ACTION_INITIATED,
        {"instrument.issued_on": date(2026, 5, 3)},
        "dates-out-of-order instrument.effective_on",
    ),
    case(
        ACTION_INITIATED,
        {
            "instrument.issued_on": date(2026, 6, 2),
            "instrument.effective_on": date(2026, 6, 2),
            "term.begins_on": date(2026, 6, 2),
        },
        "date-in-future instrument.issued_on",
        "date-in-future instrument.effective_on",
    ),
)

NOTICES_AND_TERMS = (
    case(ACTION_INITIATED, {"notice.method": "口头"}, "word-not-in-list notice.method"),
    case(
        ACTION_INITIATED,
        {"notice.given_on": date(2026, 5, 5)},
        "notice-after-begin notice.given_on",
    ),
    case(
        ACTION_INITIATED,
        {"notice.given_on": date(2026, 6, 2), "term.begins_on": date(2026, 6, 3)},
        "date-in-future notice.given_on",
    ),
    case(
        ACTION_INITIATED,
        {"term.ends_on": None},
        *(
            "term-missing term.ends_on",
            "measure-term-too-long measures[0]",
            "measure-term-too-long measures[1]",
        ),
    ),
    case(
        ACTION_INITIATED,
        {"term.begins_on": date(2026, 5, 1), "notice.given_on": date(2026, 4, 20)},
        "term-before-instrument term.begins_on",
        "measure-term-too-long measures[1]",
    ),
    case(ACTION_INITIATED, {"term.ends_on": date(2026, 5, 3)}, "dates-out-of-order term.ends_on"),
    case(
        ACTION_INITIATED,
        {"term.ends_on": date(2099, 12, 31)},
        "term-without-end term.ends_on",
        "measure-term-too-long measures[0]",
        "measure-term-too-long measures[1]",
    ),
    case(
        ACTION_INITIATED,
        {**world.UNTIL_PERFORMANCE, "term.ends_on": date(2027, 5, 4)},
        "term-with-two-ends term.ends_on",
    ),
    case(
        ACTION_INITIATED,
        {**world.UNTIL_PERFORMANCE, "instrument.type": "penalty-decision"},
        "term-not-until-performance term.until_performance",
        "measure-not-on-instrument measures[0]",
    ),
    case(
        ACTION_INITIATED,
        {**world.INCENTIVE, "term.ends_on": None, "term.until_performance": True},
        "term-not-until-performance term.until_performance",
        "measure-not-until-performance measures[0]",
    ),
)

MEASURES = (
    case(ACTION_INITIATED, {"measures": []}, "measures-missing measures"),
    case(
        ACTION_INITIATED,
        {"measures": ["no-homes"] * (MEASURES_MAX + 1)},
        "measures-too-many measures",
    ),
    case(
        ACTION_INITIATED,
        {"measures": ["no-homes"] * MEASURES_MAX},
        "measure-repeated measures",
    ),
    case(ACTION_INITIATED, {"measures": ["no-homes", "no-homes"]}, "measure-repeated measures"),
    measured("no-speech", "measure-unknown"),
    measured("past", "measure-not-in-force"),
    measured("green-lane", "measure-of-other-kind", "measure-not-on-instrument"),
    measured("no-licence", "measure-not-for-initiator"),
    measured(
        "no-bids",
        "measure-not-until-performance",
        **{**world.UNTIL_PERFORMANCE, "measures": ["no-bids"]},
    ),
    measured("no-bids", "measure-term-too-long", **{"term.ends_on": date(2027, 5, 5)}),
    measured("no-homes", "measure-term-too-long", **{"term.ends_on": date(2031, 5, 5)}),
    measured(
        "green-year",
        "measure-term-too-long",
        **{**world.INCENTIVE, "measures": ["green-year"], "term.ends_on": None},
    ),
    case(
        ACTION_INITIATED,
        {"subject.category": "individual_business"},
        "measure-not-for-subject measures[1]",
    ),
    case(
        ACTION_INITIATED,
        {},
        "measure-not-for-initiator measures[0]",
        "action-id-mismatch action_id",
        source="finance",
    ),
    case(ACTION_INITIATED, {"field": "opinions"}, "field-unknown field"),
    case(ACTION_INITIATED, {"field": "honesty"}, "field-of-other-kind field"),
    case(ACTION_INITIATED, {"action_id": "court." + "0" * 24}, "action-id-mismatch action_id"),
)

TARGETS = (
    case(
        ACTION_INITIATED,
        {"subject.category": "natural_person"},
        "organisation-field-of-person subject.uscc",
        "person-id-missing subject.person_id",
        "measure-not-for-subject measures[1]",
    ),
    case(
        ACTION_INITIATED,
        {"subject.person_id": world.SEALED},
        "person-field-of-organisation subject.person_id",
    ),
    case(
        ACTION_INITIATED,
        {"subject": world.PERSON_REFERENCE, "measures": ["no-homes"]},
        "subject-key-mismatch ce_subject",
    ),
    case(
        ACTION_INITIATED,
        {"subject.uscc": None, "subject.person_id": world.SEALED},
        "uscc-missing subject.uscc",
        "person-field-of-organisation subject.person_id",
    ),
)

SHOPS = (
    case(
        ACTION_INITIATED,
        {
            "subject": {**world.SHOP_REFERENCE, "uscc": world.SHOP},
            "measures": ["no-homes"],
        },
        "person-field-of-organisation subject.person_id",
        "action-id-mismatch action_id",
        subject=world.SHOP,
    ),
    case(
        ACTION_INITIATED,
        {"subject": {**world.SHOP_REFERENCE, "person_id": None}, "measures": ["no-homes"]},
        "uscc-missing subject.uscc",
    ),
)

ANSWERS = (
    case(MEASURE_RESPONDED, {}, "subject-key-malformed ce_subject", subject=EXCEPTED_IN_VAIN),
    case(MEASURE_RESPONDED, {"action_id": "court"}, "action-id-malformed action_id"),
    case(MEASURE_RESPONDED, {"action_id": "court." + "G" * 24}, "action-id-malformed action_id"),
    case(MEASURE_RESPONDED, {"action_id": "." + "0" * 24}, "action-id-malformed action_id"),
    case(
        MEASURE_RESPONDED, {"action_id": "nobody." + "0" * 24}, "action-initiator-unknown action_id"
    ),
    case(
        MEASURE_EXECUTED, {"action_id": "silent." + "0" * 24}, "action-initiator-unknown action_id"
    ),
    case(MEASURE_RESPONDED, {"measure": "no-speech"}, "measure-unknown measure"),
    case(MEASURE_RESPONDED, {}, "not-an-implementer measure", source="court"),
    case(MEASURE_EXECUTED, {}, "not-an-implementer measure", source="market"),
    case(MEASURE_RESPONDED, {"measure": "future"}, "not-an-implementer measure", source="market"),
    case(
        MEASURE_RESPONDED,
        {"decision": "refused", "refusal_reason": "/"},
        "refusal-incomplete refusal_reason",
        "refusal-incomplete refusal_basis",
    ),
    case(MEASURE_RESPONDED, {"responded_on": date(2026, 6, 2)}, "date-in-future responded_on"),
    case(MEASURE_EXECUTED, {"executed_on": date(2026, 6, 2)}, "date-in-future executed_on"),
    case(MEASURE_EXECUTED, {"result": "/"}, "text-missing result"),
    case(MEASURE_EXECUTED, {"operator": "示例某"}, "operator-not-post operator"),
    case(MEASURE_EXECUTED, {"operator": "岗" * 33}, "text-too-long operator"),
    case(MEASURE_EXECUTED, {"batch_number": " 1号"}, "text-padded batch_number"),
    case(MEASURE_EXECUTED, {"division": "62070"}, "division-malformed division"),
    case(MEASURE_EXECUTED, {"division": "６２０７０２"}, "division-malformed division"),
    case(MEASURE_RESPONDED, {}, "subject-key-malformed ce_subject", subject="示例"),
    case(MEASURE_EXECUTED, {}, "subject-key-malformed ce_subject", subject="0" * 17 + "X"),
)

LIFTINGS = (
    case(MEASURE_LIFTED, {"action_id": "court"}, "action-id-malformed action_id"),
    case(MEASURE_LIFTED, {"action_id": "silent." + "0" * 24}, "action-initiator-unknown action_id"),
    case(MEASURE_LIFTED, {"measure": "no-speech"}, "measure-unknown measure"),
    case(MEASURE_LIFTED, {}, "not-an-implementer measure", source="market"),
    case(MEASURE_LIFTED, {}, "not-an-implementer measure", source="court"),
    case(MEASURE_LIFTED, {}, "not-an-implementer measure", source="hub"),
    case(MEASURE_LIFTED, {"because_of": ""}, "event-id-malformed because_of"),
    case(MEASURE_LIFTED, {"lifted_on": date(2026, 6, 2)}, "date-in-future lifted_on"),
    case(MEASURE_LIFTED, {"result": "/"}, "text-missing result"),
    case(MEASURE_LIFTED, {"result": "长" * 4001}, "text-too-long result"),
    case(MEASURE_LIFTED, {"document_number": "号" * 129}, "text-too-long document_number"),
    case(MEASURE_LIFTED, {"operator": "示例某"}, "operator-not-post operator"),
    case(MEASURE_LIFTED, {}, "subject-key-malformed ce_subject", subject="示例"),
)

DELIVERIES = (
    case(DELIVERY_CONFIRMED, {}, "not-a-platform ce_source", source="court"),
    case(DELIVERY_CONFIRMED, {}, "not-a-platform ce_source", source="nobody"),
    case(DELIVERY_REFUSED, {"provider": "nobody"}, "provider-unknown provider"),
    case(DELIVERY_CONFIRMED, {"event_type": "subject.graded"}, "event-type-unknown event_type"),
    case(DELIVERY_CONFIRMED, {"event_id": "0" * 31}, "event-id-malformed event_id"),
    case(DELIVERY_CONFIRMED, {"event_revision": 0}, "revision-not-positive event_revision"),
    case(DELIVERY_CONFIRMED, {"acknowledgement": ""}, "text-missing acknowledgement"),
    case(
        DELIVERY_CONFIRMED,
        {"delivered_at": datetime(2026, 6, 1, 16, tzinfo=UTC)},
        "date-in-future delivered_at",
    ),
    case(
        DELIVERY_REFUSED,
        {"refused_at": datetime(9999, 12, 31, 23, tzinfo=UTC)},
        "date-in-future refused_at",
    ),
    case(DELIVERY_REFUSED, {"reasons": []}, "reasons-missing reasons"),
    case(
        DELIVERY_REFUSED,
        {"reasons": [{"code": "c", "field": "", "rule": "r", "remedy": "m"}] * 101},
        "reasons-too-many reasons",
    ),
    case(DELIVERY_REFUSED, {"reasons.0.rule": ""}, "text-missing reasons.rule"),
)

ACTION_CASES = (
    *INSTRUMENTS,
    *NOTICES_AND_TERMS,
    *MEASURES,
    *TARGETS,
    *SHOPS,
    *ANSWERS,
    *LIFTINGS,
    *DELIVERIES,
)
