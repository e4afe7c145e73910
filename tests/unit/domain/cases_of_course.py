"""Broken suspensions, resumptions, ends, closings and reminders."""

from datetime import UTC, date, datetime

from tests.unit.domain import world
from tests.unit.domain.case import case

from credit_bus.domain.course import CAUSED_BY_EVENT, HOLDERS_MAX, IMPLEMENTERS_MAX
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    REMINDER_DUE,
)

LATER = datetime(2026, 6, 1, 16, tzinfo=UTC)  # tomorrow in the district
ONE = world.IMPLEMENTERS[0]
LIFTED = {**world.STAYED, "cause": "stay_lifted"}

SPEAKERS = (
    *(
        case(kind, {}, "action-of-another action_id", source="finance")
        for kind in (ACTION_SUSPENDED, ACTION_RESUMED, ACTION_ENDED)
    ),
    case(ACTION_SUSPENDED, world.STAYED, "action-of-another action_id", source="finance"),
    case(ACTION_ENDED, {}, "action-of-another action_id", source="nobody"),
    *(
        case(kind, {}, "cause-not-for-reviewer cause", source="high-court")
        for kind in (ACTION_SUSPENDED, ACTION_RESUMED, ACTION_ENDED)
    ),
    case(ACTION_SUSPENDED, {"action_id": "court"}, "action-id-malformed action_id"),
    case(
        ACTION_RESUMED,
        {"action_id": "silent." + "0" * 24},
        "action-initiator-unknown action_id",
    ),
    case(ACTION_ENDED, {}, "subject-key-malformed ce_subject", subject="示例"),
    case(ACTION_CLOSED, {}, "not-the-hub ce_source", source="court"),
    case(ACTION_CLOSED, {}, "not-the-hub ce_source", source="nobody"),
)

CAUSES = (
    case(ACTION_SUSPENDED, {"because_of": None}, "cause-event-missing because_of"),
    case(ACTION_RESUMED, {"because_of": None}, "cause-event-missing because_of"),
    *(
        case(ACTION_ENDED, {"cause": cause}, "cause-event-missing because_of")
        for cause in CAUSED_BY_EVENT
        if cause in {"repaired", "objection_upheld", "court_event", "superseded"}
    ),
    case(ACTION_RESUMED, {"cause": "record_corrected", "because_of": "1"},
         "event-id-malformed because_of"),
    case(ACTION_ENDED, {"because_of": "G" * 32}, "event-id-malformed because_of"),
    case(ACTION_CLOSED, {"because_of": ""}, "event-id-malformed because_of"),
    case(ACTION_ENDED, {"cause": "withdrawn"}, "explanation-missing explanation"),
    case(
        ACTION_ENDED,
        {"cause": "withdrawn", "explanation": "无"},
        "explanation-missing explanation",
    ),
    case(ACTION_ENDED, {"explanation": "长" * 2001}, "text-too-long explanation"),
)  # fmt: skip

DOCUMENTS = (
    case(ACTION_SUSPENDED, {**world.STAYED, "basis": None}, "basis-missing basis"),
    case(
        ACTION_SUSPENDED,
        {"cause": "stayed_on_reconsideration", "because_of": None},
        "basis-missing basis",
    ),
    case(ACTION_RESUMED, {**LIFTED, "basis": None}, "basis-missing basis"),
    case(ACTION_SUSPENDED, {**world.STAYED, "reference": "异1号"}, "reference-not-basis reference"),
    case(
        ACTION_SUSPENDED,
        {**world.STAYED, "basis": {**world.DOCUMENT, "number": "x ", "title": "/", "issuer": ""}},
        "text-padded basis.number",
        "text-missing basis.title",
        "text-missing basis.issuer",
        "reference-not-basis reference",
    ),
    case(
        ACTION_RESUMED,
        {**LIFTED, "basis": {**world.DOCUMENT, "issued_on": date(2026, 6, 2)}},
        "date-in-future basis.issued_on",
    ),
    case(ACTION_SUSPENDED, {"reference": ""}, "text-missing reference"),
    case(ACTION_RESUMED, {"reference": " 异1号"}, "text-padded reference"),
)

TIMES = (
    case(ACTION_SUSPENDED, {"effective_at": LATER}, "date-in-future effective_at"),
    case(ACTION_RESUMED, {"effective_at": LATER}, "date-in-future effective_at"),
    case(ACTION_ENDED, {"effective_on": date(2026, 6, 2)}, "date-in-future effective_on"),
    case(ACTION_CLOSED, {"closed_at": LATER}, "date-in-future closed_at"),
)

LISTS = (
    *(
        case(kind, {"implementers": []}, "list-empty implementers")
        for kind in (ACTION_SUSPENDED, ACTION_RESUMED, ACTION_ENDED)
    ),
    case(
        ACTION_ENDED,
        {"implementers": [ONE] * (IMPLEMENTERS_MAX + 1)},
        "list-too-long implementers",
    ),
    case(ACTION_ENDED, {"implementers": [ONE, ONE]}, "list-repeated implementers"),
    case(
        ACTION_SUSPENDED,
        {"implementers.0": {"measure": "no-speech", "implementer": "nobody"}},
        "measure-unknown implementers[0].measure",
        "party-unknown implementers[0].implementer",
    ),
    case(ACTION_CLOSED, {"holders": []}, "list-empty holders"),
    case(
        ACTION_CLOSED,
        {"holders": [{"holder": "finance", "confirmation": world.EVENT}] * (HOLDERS_MAX + 1)},
        "list-too-long holders",
    ),
    case(
        ACTION_CLOSED,
        {"holders": [{"holder": "finance", "confirmation": world.EVENT}] * 2},
        "list-repeated holders",
    ),
    case(
        ACTION_CLOSED,
        {"holders.1": {"holder": "nobody", "confirmation": "yes"}},
        "party-unknown holders[1].holder",
        "event-id-malformed holders[1].confirmation",
    ),
)

REMINDERS = (
    case(REMINDER_DUE, {}, "not-the-hub ce_source", source="court"),
    case(REMINDER_DUE, {}, "subject-key-malformed ce_subject", subject="示例"),
    case(REMINDER_DUE, {"party": "nobody"}, "party-unknown party"),
    case(REMINDER_DUE, {"due_on": date(2026, 6, 1)}, "not-overdue-yet state"),
    case(REMINDER_DUE, {"rule_version": "1"}, "rule-version-malformed rule_version"),
    case(REMINDER_DUE, {"because_of": "1"}, "event-id-malformed because_of"),
    case(REMINDER_DUE, {"about": world.ABOUT_RECORD}, "obligation-not-of-about obligation"),
    *(
        case(REMINDER_DUE, {"obligation": obligation}, "obligation-not-of-about obligation")
        for obligation in ("publish", "withdraw", "share")
    ),
    case(REMINDER_DUE, {"about.action_id": None}, "about-not-one about"),
)

COURSE_CASES = (*SPEAKERS, *CAUSES, *DOCUMENTS, *TIMES, *LISTS, *REMINDERS)
