"""Broken objections, repairs and enquiries, and broken answers to them."""

from datetime import UTC, date, datetime, timedelta

from tests.unit.domain import world
from tests.unit.domain.case import case

from credit_bus.domain.enquiries import ANSWER_WAIT_DAYS_MAX, MEASURES_MAX, RECORDS_MAX
from credit_bus.domain.event_types import (
    ENQUIRY_ANSWERED,
    ENQUIRY_MADE,
    LICENCE_GRANTED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
    REPUTATION_RESTORED,
)
from credit_bus.domain.repairs import PROOFS_MAX

TOMORROW = date(2026, 6, 2)
LATER = datetime(2026, 6, 1, 16, tzinfo=UTC)  # tomorrow in the district
FOUND = world.RECORD_FOUND
HELD = {"action_id": world.ACTION, "measure": "no-bids", "ends_on": date(2027, 5, 4)}
LANE = {"purpose": "lane", "records": [], "measures": []}

ABOUT = (
    case(OBJECTION_RAISED, {"about.record": None}, "about-not-one about"),
    case(OBJECTION_RAISED, {"about.action_id": world.ACTION}, "about-not-one about"),
    case(OBJECTION_RAISED, {"about.record.document_number": "/"},
         "text-missing about.record.document_number"),
    case(OBJECTION_RAISED, {"about.record.type": "subject.graded"},
         "record-type-unknown about.record.type"),
    case(OBJECTION_RAISED, {"about.record.type": "action.initiated"},
         "record-type-unknown about.record.type"),
    case(OBJECTION_RAISED, {"about.record.type": LICENCE_GRANTED},
         "record-not-of-provider about.record.provider"),
    case(OBJECTION_RAISED, {"about.record.provider": "nobody"},
         "provider-unknown about.record.provider"),
    case(OBJECTION_RAISED, {"about": {"record": None, "action_id": "court.1"}},
         "action-id-malformed about.action_id"),
)  # fmt: skip

OBJECTIONS = (
    case(OBJECTION_RAISED, {}, "subject-key-mismatch ce_subject", subject=world.OTHER_COMPANY),
    case(OBJECTION_RAISED, {"objection_number": "异1号 "}, "text-padded objection_number"),
    case(OBJECTION_RAISED, {"statement": "/"}, "text-missing statement"),
    case(OBJECTION_RAISED, {"statement": "长" * 2001}, "text-too-long statement"),
    case(OBJECTION_RAISED, {"scope": []}, "list-empty scope"),
    case(OBJECTION_RAISED, {"scope": ["period", "period"]}, "list-repeated scope"),
    case(OBJECTION_RAISED, {"scope": ["period"] * 5}, "list-too-long scope"),
    case(OBJECTION_RAISED, {"channel": "电话"}, "word-not-in-list channel"),
    case(OBJECTION_RAISED, {"channel": "其他-"}, "word-other-unspecified channel"),
    case(OBJECTION_RAISED, {"raised_on": TOMORROW}, "date-in-future raised_on"),
    case(OBJECTION_DECIDED, {}, "not-the-owner ce_source", source="finance"),
    case(OBJECTION_DECIDED, {}, "not-the-owner ce_source", source="hub"),
    case(OBJECTION_DECIDED, {"about": world.ABOUT_ACTION}, "not-the-owner ce_source"),
    case(OBJECTION_DECIDED, {"about.record.provider": "nobody"},
         "provider-unknown about.record.provider"),
    case(OBJECTION_DECIDED, {"about.record": None}, "about-not-one about"),
    case(OBJECTION_DECIDED, {"raised_by": "nobody"}, "party-unknown raised_by"),
    case(OBJECTION_DECIDED, {"remedy": None}, "remedy-missing remedy"),
    case(OBJECTION_DECIDED, {"decision": "dismissed"}, "remedy-of-dismissed remedy"),
    case(OBJECTION_DECIDED, {"remedy": "ended"}, "remedy-not-for-record remedy"),
    case(OBJECTION_DECIDED, {"findings": "", "basis": "无", "objection_number": ""},
         "text-missing findings", "text-missing basis", "text-missing objection_number"),
    case(OBJECTION_DECIDED, {"decided_on": TOMORROW}, "date-in-future decided_on"),
    case(OBJECTION_DECIDED, {}, "subject-key-malformed ce_subject", subject="示例"),
    case(REPUTATION_RESTORED, {}, "not-the-owner ce_source", source="court"),
    case(REPUTATION_RESTORED, {"statement": ""}, "text-missing statement"),
    case(REPUTATION_RESTORED, {"because_of": ""}, "event-id-malformed because_of"),
    case(REPUTATION_RESTORED, {"restored_on": TOMORROW}, "date-in-future restored_on"),
    case(REPUTATION_RESTORED, {"about.record": None}, "about-not-one about", source="hub"),
    case(REPUTATION_RESTORED, {}, "subject-key-mismatch ce_subject", subject=world.SHOP),
)  # fmt: skip

REPAIRS = (
    case(REPAIR_REQUESTED, {"minimum_reached_on": date(2026, 5, 29)},
         "repair-too-early requested_on"),
    case(REPAIR_REQUESTED, {"performed_on": date(2026, 5, 29)},
         "dates-out-of-order requested_on"),
    case(REPAIR_REQUESTED, {"commitment_published_on": date(2026, 5, 29)},
         "dates-out-of-order requested_on"),
    case(REPAIR_REQUESTED, {"requested_on": TOMORROW}, "date-in-future requested_on"),
    case(REPAIR_REQUESTED, {"proofs": []}, "list-empty proofs"),
    case(REPAIR_REQUESTED, {"proofs": ["凭证", "凭证"]}, "list-repeated proofs"),
    case(REPAIR_REQUESTED, {"proofs": ["证"] * (PROOFS_MAX + 1)}, "list-too-long proofs"),
    case(REPAIR_REQUESTED, {"proofs": ["证" * 201]}, "text-too-long proofs"),
    case(REPAIR_REQUESTED, {"recogniser": "finance"}, "recogniser-not-of-about recogniser"),
    case(REPAIR_REQUESTED, {"recogniser": "nobody"}, "party-unknown recogniser"),
    case(REPAIR_REQUESTED, {"about.record.provider": "nobody"},
         "provider-unknown about.record.provider"),
    case(REPAIR_REQUESTED, {"request_number": "/"}, "text-missing request_number"),
    case(REPAIR_REQUESTED, {}, "subject-key-mismatch ce_subject", subject=world.OTHER_COMPANY),
    case(REPAIR_ACCEPTED, {}, "not-the-owner ce_source", source="window"),
    case(REPAIR_ACCEPTED, {}, "not-the-owner ce_source", source="hub"),
    case(REPAIR_ACCEPTED, {"about": world.ABOUT_ACTION}, "not-the-owner ce_source"),
    case(REPAIR_ACCEPTED, {"about.record": None}, "about-not-one about"),
    case(REPAIR_ACCEPTED, {"about.record.type": "subject.graded"},
         "record-type-unknown about.record.type"),
    case(REPAIR_ACCEPTED, {"requested_by": "nobody"}, "party-unknown requested_by"),
    case(REPAIR_ACCEPTED, {"request_number": "修1号 "}, "text-padded request_number"),
    case(REPAIR_ACCEPTED, {"accepted_on": TOMORROW}, "date-in-future accepted_on"),
    case(REPAIR_ACCEPTED, {}, "subject-key-malformed ce_subject", subject="示例"),
    case(REPAIR_DECIDED, {}, "not-the-owner ce_source", source="window"),
    case(REPAIR_DECIDED, {"requested_by": "nobody"}, "party-unknown requested_by"),
    case(REPAIR_DECIDED, {"effective_on": None}, "repair-effect-missing effective_on"),
    case(REPAIR_DECIDED, {"effective_on": date(2026, 5, 29)},
         "dates-out-of-order effective_on"),
    case(REPAIR_DECIDED, {"effective_on": date(2100, 1, 1)},
         "date-beyond-long-term effective_on"),
    case(REPAIR_DECIDED, {"decision": "refused"},
         "repair-reason-missing reason", "repair-effect-of-refusal effective_on"),
    case(REPAIR_DECIDED, {"decision": "not_accepted", "reason": "/", "effective_on": None},
         "repair-reason-missing reason"),
    case(REPAIR_DECIDED, {"decided_on": TOMORROW, "effective_on": TOMORROW},
         "date-in-future decided_on"),
    case(REPAIR_DECIDED, {"request_number": ""}, "text-missing request_number"),
    case(REPAIR_DECIDED, {"about.record": None}, "about-not-one about"),
    case(REPAIR_DECIDED, {}, "subject-key-malformed ce_subject", subject="示例"),
)  # fmt: skip

ENQUIRIES = (
    case(ENQUIRY_MADE, {"purpose": "curiosity"}, "purpose-unknown purpose"),
    case(ENQUIRY_MADE, {}, "purpose-not-for-asker purpose", source="court"),
    case(ENQUIRY_MADE, {"answer_by": world.MOMENT}, "answer-by-not-after answer_by"),
    case(
        ENQUIRY_MADE,
        {"answer_by": world.MOMENT + timedelta(days=ANSWER_WAIT_DAYS_MAX, milliseconds=1)},
        "answer-by-too-late answer_by",
    ),
    case(ENQUIRY_MADE, {"asked_at": LATER, "answer_by": LATER + timedelta(hours=1)},
         "date-in-future asked_at"),
    case(ENQUIRY_MADE, {"enquiry_number": "", "procedure": "/", "case_reference": " 1"},
         "text-missing enquiry_number", "text-missing procedure", "text-padded case_reference"),
    case(ENQUIRY_MADE, {}, "subject-key-malformed ce_subject", subject="示例"),
    case(ENQUIRY_ANSWERED, {}, "not-the-hub ce_source", source="finance"),
    case(ENQUIRY_ANSWERED, {"asker": "nobody"}, "party-unknown asker"),
    case(ENQUIRY_ANSWERED, {"enquiry_number": ""}, "text-missing enquiry_number"),
    case(ENQUIRY_ANSWERED, {"purpose": "curiosity"}, "purpose-unknown purpose"),
    case(ENQUIRY_ANSWERED, {"as_of": LATER}, "date-in-future as_of"),
    case(ENQUIRY_ANSWERED, {}, "subject-key-malformed ce_subject", subject="示例"),
)  # fmt: skip

ANSWERS = (
    case(ENQUIRY_ANSWERED, {"purpose": "lane"},
         "answer-beyond-purpose records", "answer-beyond-purpose measures"),
    case(ENQUIRY_ANSWERED, {"records.0.type": LICENCE_GRANTED}, "answer-beyond-purpose records"),
    case(ENQUIRY_ANSWERED, {"clean_for_three_years": True},
         "answer-beyond-purpose clean_for_three_years"),
    case(ENQUIRY_ANSWERED, {**LANE, "clean_for_three_years": False},
         "deciding-records-missing deciding_records"),
    case(ENQUIRY_ANSWERED, {**LANE, "clean_for_three_years": True, "deciding_records": [FOUND]},
         "deciding-records-without-cause deciding_records"),
    case(ENQUIRY_ANSWERED, {**LANE, "deciding_records": [FOUND]},
         "deciding-records-without-cause deciding_records"),
    case(
        ENQUIRY_ANSWERED,
        {"records.0": {"type": "subject.graded", "provider": "nobody", "document_number": "",
                       "revision": 0}},
        "record-type-unknown records[0].type",
        "provider-unknown records[0].provider",
        "text-missing records.document_number",
        "revision-not-positive records[0].revision",
        "answer-beyond-purpose records",
    ),
    case(ENQUIRY_ANSWERED, {"records": [FOUND, FOUND]}, "list-repeated records"),
    case(ENQUIRY_ANSWERED, {"records": [FOUND] * (RECORDS_MAX + 1)}, "list-too-long records"),
    case(ENQUIRY_ANSWERED, {"measures": [HELD, HELD]}, "list-repeated measures"),
    case(ENQUIRY_ANSWERED, {"measures": [HELD] * (MEASURES_MAX + 1)}, "list-too-long measures"),
    case(ENQUIRY_ANSWERED, {"measures.0.ends_on": None},
         "measure-without-end measures[0].ends_on"),
    case(
        ENQUIRY_ANSWERED,
        {"measures.0": {"action_id": "court", "measure": "no-speech", "ends_on": None}},
        "action-id-malformed measures[0].action_id",
        "measure-unknown measures[0].measure",
    ),
)  # fmt: skip

REQUEST_CASES = (*ABOUT, *OBJECTIONS, *REPAIRS, *ENQUIRIES, *ANSWERS)
