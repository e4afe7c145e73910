"""The registry of the example district, against the plan and against itself."""

from datetime import UTC, date, datetime
from itertools import combinations

import pytest
from tests import samples
from tests.registry_copy import EXAMPLE

from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    DEFAULTER_LISTED,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    PENALTY_DECIDED,
    RECORD_CORRECTED,
    RECORD_TYPES,
    RECORD_WITHDRAWN,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPUTATION_RESTORED,
    SUBJECT_REGISTERED,
)
from credit_bus.domain.identifiers import check_uscc
from credit_bus.domain.registry import Measure, MeasureKind, Registry, Role, SubjectCategory

PLAN_DAY = date(2018, 3, 23)

# What an implementer says of one measure.
ANSWERS = {MEASURE_RESPONDED, MEASURE_EXECUTED, MEASURE_LIFTED}

# The plan's departments, and who they are here.
PLAN = {
    "区发改委": "development-reform",
    "区政务中心": "government-services",
    "区信息办": "informatisation",
    "区司法局": "justice",
    "区公安局": "public-security",
    "区法院": "district-court",
    "区检察院": "district-procuratorate",
    "区工商质监局": "industry-commerce-quality",
    "区食药局": "food-drug",
    "区审改办": "approval-reform",
    "区财政局": "finance",
    "区教育局": "education",
    "区人社局": "human-resources",
    "区商务局": "commerce",
    "区政府金融办": "finance-office",
    "区国税局": "state-tax",
    "区地税局": "local-tax",
    "区工信局": "industry-information",
    "区招商局": "investment-promotion",
    "区文明办": "civilisation-office",
    "区环保局": "environment-protection",
    "区住建局": "housing-construction",
    "区安监局": "work-safety",
    "区国资办": "state-assets",
    "区民政局": "civil-affairs",
    "区法制局": "legal-affairs",
    "区督查考核局": "supervision-assessment",
    "区委宣传部": "propaganda",
    "团区委": "youth-league",
    "张掖经济技术开发区": "development-zone",
}

MERGED = {
    "industry-commerce-quality": "market-regulation",
    "food-drug": "market-regulation",
    "state-tax": "tax",
    "local-tax": "tax",
    "work-safety": "emergency-management",
    "environment-protection": "ecology-environment",
    "legal-affairs": "justice",
}

# Articles that somebody read in a source that states them. All others are from memory.
READ = {
    ("行政许可法", "第七十八条"),
    ("行政许可法", "第七十九条"),
    ("招标投标法", "第五十三条"),
    ("招标投标法", "第五十四条"),
    ("招标投标法", "第六十条"),
    ("招标投标法实施条例", "第六十七条"),
    ("招标投标法实施条例", "第六十八条"),
}


@pytest.fixture(scope="module")
def registry() -> Registry:
    """Return the example registry."""
    return load_registry(EXAMPLE)


def court_measures(registry: Registry, category: SubjectCategory) -> list[Measure]:
    """Return what the court may order against such a subject with one listing decision."""
    return [
        measure
        for measure in registry.measures.values()
        if "court-listing-decision" in measure.instrument_types and category in measure.targets
    ]


def routed(registry: Registry, event_type: str, category: SubjectCategory) -> set[str]:
    """Return the platforms that hold such an event of such a subject."""
    return {
        route.to
        for route in registry.routes
        if event_type in route.types and category in route.categories
    }


def test_no_basis_is_marked_as_read_beyond_those_that_were(registry: Registry) -> None:
    marked = {
        (basis.title, basis.article)
        for measure in registry.measures.values()
        for basis in measure.basis
        if basis.checked
    }

    assert marked == READ


def test_every_department_of_the_plan_existed_on_the_plans_day(registry: Registry) -> None:
    missing = [
        name
        for name, code in PLAN.items()
        if code not in registry.parties or not registry.parties[code].exists_on(PLAN_DAY)
    ]

    assert [] == missing


def test_every_successor_chain_holds_today(registry: Registry) -> None:
    today = datetime.now(UTC).date()
    ended = {
        code: registry.successor_of(code, today)
        for code, party in registry.parties.items()
        if not party.exists_on(today)
    }

    assert ended == MERGED


def test_at_least_24_departments_exist_today(registry: Registry) -> None:
    today = datetime.now(UTC).date()
    departments = [
        party
        for party in registry.parties.values()
        if party.role is Role.DEPARTMENT and party.exists_on(today)
    ]

    assert len(departments) >= 24


def test_every_department_has_a_valid_made_up_code(registry: Registry) -> None:
    codes = {p.code: p.uscc for p in registry.parties.values() if p.role is Role.DEPARTMENT}

    assert [] == [code for code, uscc in codes.items() if uscc is None or check_uscc(uscc)]
    assert [] == [code for code, uscc in codes.items() if (uscc or "")[2:13] != "62070299999"]


def test_every_implementer_can_respond_feed_back_and_lift_today(registry: Registry) -> None:
    today = datetime.now(UTC).date()
    silent = {
        code
        for measure in registry.measures.values()
        for code in measure.implementers
        if not registry.parties[code].exists_on(today)
        or not registry.parties[code].publishes >= ANSWERS
    }

    assert set() == silent


def test_whoever_provides_or_initiates_can_decide_on_objections_and_repairs(
    registry: Registry,
) -> None:
    today = datetime.now(UTC).date()
    deciding = {OBJECTION_DECIDED, REPAIR_ACCEPTED, REPAIR_DECIDED, REPUTATION_RESTORED}
    deaf = [
        code
        for code, party in registry.parties.items()
        if party.exists_on(today)
        and party.publishes & (RECORD_TYPES | {ACTION_INITIATED})
        and not party.publishes >= deciding
    ]

    assert [] == deaf


def test_only_court_and_reconsideration_body_may_stay_what_others_initiated(
    registry: Registry,
) -> None:
    reviewing = {code for code, party in registry.parties.items() if party.reviews}

    assert {"district-court", "justice"} == reviewing


def test_the_single_window_alone_takes_in_what_the_public_asks(registry: Registry) -> None:
    windows = {code for code, party in registry.parties.items() if party.window}

    assert {"government-services"} == windows


def test_the_green_channel_learns_of_three_years_and_nothing_else(registry: Registry) -> None:
    purpose = registry.purposes["green-channel"]

    assert (frozenset(), False, True) == (
        purpose.records,
        purpose.measures,
        purpose.three_years_clean,
    )


def test_whoever_states_records_or_answers_for_who_did_can_correct_and_withdraw(
    registry: Registry,
) -> None:
    stating = [code for code, party in registry.parties.items() if party.publishes & RECORD_TYPES]
    mute = {
        answering
        for code in stating
        for day in (registry.parties[code].since, datetime.now(UTC).date())
        for answering in (code, registry.successor_of(code, day))
        if not registry.parties[answering].publishes >= {RECORD_CORRECTED, RECORD_WITHDRAWN}
    }

    assert len(stating) >= 24
    assert set() == mute


def test_only_registers_say_how_a_subject_is_registered(registry: Registry) -> None:
    speakers = {p.code for p in registry.parties.values() if SUBJECT_REGISTERED in p.publishes}

    assert {
        "market-regulation",
        "industry-commerce-quality",
        "civil-affairs",
        "justice",
        "agriculture",
    } == speakers


def test_who_may_enter_is_who_a_list_names(registry: Registry) -> None:
    speakers = {p.code for p in registry.parties.values() if LISTING_ENTERED in p.publishes}

    assert set().union(*(each.enterers for each in registry.lists.values())) == speakers


def test_no_list_rests_on_what_somebody_read_for_it(registry: Registry) -> None:
    texts = [basis for each in registry.lists.values() for basis in each.basis]

    assert [] == [basis for basis in texts if basis.checked]


def test_every_list_that_burdens_ends_and_rests_on_law(registry: Registry) -> None:
    burdens = [x for x in registry.lists.values() if x.kind.bears is MeasureKind.CONSTRAINT]
    types = registry.instrument_types

    assert burdens
    assert [] == [each.code for each in burdens if each.term_months_max is None]
    assert [] == [
        each.code
        for each in burdens
        if not any(
            MeasureKind.CONSTRAINT in types[basis.instrument_type].basis_for for basis in each.basis
        )
    ]


@pytest.mark.parametrize("kind", list(samples.COURSE))
def test_the_course_of_an_action_goes_to_the_district_alone(registry: Registry, kind: str) -> None:
    assert {"district-platform"} == routed(registry, kind, SubjectCategory.NATURAL_PERSON)


def test_only_the_court_lists_defaulters(registry: Registry) -> None:
    speakers = {p.code for p in registry.parties.values() if DEFAULTER_LISTED in p.publishes}

    assert {"district-court"} == speakers


@pytest.mark.parametrize("category", list(SubjectCategory))
def test_one_initiation_of_the_court_with_three_measures_reaches_six_departments(
    registry: Registry, category: SubjectCategory
) -> None:
    reached = [
        len({party for measure in three for party in measure.implementers})
        for three in combinations(court_measures(registry, category), 3)
    ]

    assert max(reached) >= 6


def test_every_constraint_ends_and_rests_on_more_than_a_local_policy(registry: Registry) -> None:
    constraints = [m for m in registry.measures.values() if m.kind is MeasureKind.CONSTRAINT]
    texts = {basis.instrument_type for measure in constraints for basis in measure.basis}

    assert [] == [measure.code for measure in constraints if measure.term_months_max is None]
    assert "local-policy" not in texts


def test_only_the_courts_documents_last_until_performance(registry: Registry) -> None:
    documents = {t.code for t in registry.instrument_types.values() if t.until_performance}
    orderers = [m.initiators for m in registry.measures.values() if m.until_performance]

    assert documents == {
        "court-listing-decision",
        "consumption-restriction-order",
        "exit-restriction-decision",
    }
    assert {frozenset({"district-court"})} == set(orderers)


@pytest.mark.parametrize("code", ["memorandum", "department-notice"])
def test_a_memorandum_founds_no_constraint_since_december_2020(
    registry: Registry, code: str
) -> None:
    instrument = registry.instrument_types[code]

    assert not instrument.founds_on(date(2020, 12, 7))
    assert instrument.founds_on(date(2020, 12, 6))


@pytest.mark.parametrize("code", ["honour-decision", "law", "local-policy"])
def test_a_text_that_is_no_decision_against_somebody_founds_no_constraint(
    registry: Registry, code: str
) -> None:
    assert not registry.instrument_types[code].founds_on(date.max)


def test_no_measure_strikes_children(registry: Registry) -> None:
    texts = [m.name + m.content for m in registry.measures.values()]

    assert [] == [text for text in texts if "子女" in text or "升学" in text]


DISTRICT, MUNICIPAL, PROVINCIAL = (
    f"{name}-platform" for name in ("district", "municipal", "provincial")
)
SITE = "public-site"
ROUTED = [
    (LICENCE_GRANTED, SubjectCategory.NATURAL_PERSON, {DISTRICT, MUNICIPAL, PROVINCIAL, SITE}),
    (PENALTY_DECIDED, SubjectCategory.ORGANISATION, {DISTRICT, MUNICIPAL, PROVINCIAL, SITE}),
    (PENALTY_DECIDED, SubjectCategory.NATURAL_PERSON, {DISTRICT, MUNICIPAL, PROVINCIAL}),
    (DEFAULTER_LISTED, SubjectCategory.ORGANISATION, {DISTRICT, MUNICIPAL, SITE}),
    (DEFAULTER_LISTED, SubjectCategory.NATURAL_PERSON, {DISTRICT}),
    (LISTING_ENTERED, SubjectCategory.ORGANISATION, {DISTRICT, MUNICIPAL, SITE}),
    (LISTING_ENTERED, SubjectCategory.NATURAL_PERSON, {DISTRICT, SITE}),
    (REPUTATION_RESTORED, SubjectCategory.ORGANISATION, {DISTRICT, SITE}),
    (SUBJECT_REGISTERED, SubjectCategory.ORGANISATION, {DISTRICT}),
    (ACTION_INITIATED, SubjectCategory.ORGANISATION, {DISTRICT}),
    (MEASURE_RESPONDED, SubjectCategory.ORGANISATION, {DISTRICT}),
    (MEASURE_EXECUTED, SubjectCategory.NATURAL_PERSON, {DISTRICT}),
]


@pytest.mark.parametrize(("event_type", "category", "platforms"), ROUTED)
def test_events_go_to_the_platforms_that_may_hold_them(
    registry: Registry, event_type: str, category: SubjectCategory, platforms: set[str]
) -> None:
    assert platforms == routed(registry, event_type, category)


def test_every_obligation_of_a_reminder_has_a_deadline_and_no_other_word_has(
    registry: Registry,
) -> None:
    schema = load_catalogue().latest(REMINDER_DUE).parsed
    (words,) = [f["type"]["symbols"] for f in schema["fields"] if f["name"] == "obligation"]

    assert list(words) == [str(each) for each in registry.deadlines]


# Numbers of working days that somebody read in a text that states them, by the day of their row.
READ_DEADLINES = {
    ("publish", 7, "2018-03-27"),
    ("decide_acceptance", 3, "2025-06-22"),
    ("decide_repair", 10, "2023-05-01"),
    ("decide_repair", 10, "2025-06-22"),
    ("share", 3, "2023-05-01"),
}
READ_CLASSES = {
    ("general", "2023-05-01", 3, 36),
    ("serious", "2023-05-01", 12, 36),
    ("minor", "2026-04-01", 0, None),
    ("serious", "2026-04-01", 12, 36),
}


def test_no_number_of_days_or_months_is_marked_as_read_beyond_those_that_were(
    registry: Registry,
) -> None:
    deadlines = {
        (str(each.obligation), each.working_days, each.valid_from.isoformat())
        for rows in registry.deadlines.values()
        for each in rows
        if each.source.checked
    }
    classes = {
        (str(c.class_), rules.valid_from.isoformat(), c.minimum_months, c.maximum_months)
        for rules in registry.repair_rules
        for c in rules.classes
        if c.checked
    }

    assert (READ_DEADLINES, READ_CLASSES) == (deadlines, classes)


def test_the_rules_on_repair_begin_on_the_days_of_their_instruments(registry: Registry) -> None:
    begins = [
        ("424号", "2018-07-25"),
        ("527号", "2019-07-01"),
        ("58号", "2023-05-01"),
        ("22号", "2025-06-22"),
        ("36号", "2026-04-01"),
    ]

    assert [day for _, day in begins] == [
        rules.valid_from.isoformat() for rules in registry.repair_rules
    ]
    assert [] == [
        number
        for (number, _), rules in zip(begins, registry.repair_rules, strict=True)
        if number not in rules.instrument
    ]
