"""An answer as JSON, and the body of `enquiry.answered` that it was made of. Pure.

The JSON says what the event's schema has no place for: on which instrument a measure stands, and
the names of what stands there as codes.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from credit_bus.domain.event import Body
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus.domain.registry import Registry
from credit_bus_connectors.enquiry.answering import Answer
from credit_bus_connectors.enquiry.question import Question

_RECORD = ("type", "provider", "document_number", "revision", "disputed")
_MEASURE = ("action_id", "measure", "ends_on")
_INSTRUMENT = ("title", "number", "issuer", "issued_on")


def answer_text(question: Question, answer: Answer, registry: Registry) -> str:
    """Return the JSON that is told and kept."""
    body = answer.body
    told = {
        "enquiry": question.event_id,
        "enquiry_number": body["enquiry_number"],
        "asker": body["asker"],
        "subject": question.subject,
        "purpose": body["purpose"],
        "as_of": body["as_of"].isoformat(),
        "records": [_record(each, registry) for each in body["records"]],
        "measures": [_measure(each, answer, registry) for each in body["measures"]],
        "clean_for_three_years": body["clean_for_three_years"],
        "deciding_records": [_record(each, registry) for each in body["deciding_records"]],
        "left_out": answer.left_out,
        "rule_version": registry.version,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def body_of(text: str) -> Body:
    """Return the body of the event that this JSON tells of."""
    told: dict[str, Any] = json.loads(text)
    return {
        "enquiry_number": told["enquiry_number"],
        "asker": told["asker"],
        "purpose": told["purpose"],
        "as_of": datetime.fromisoformat(told["as_of"]),
        "records": [_only(each, _RECORD) for each in told["records"]],
        "measures": [
            {**_only(each, _MEASURE), "ends_on": _day(each["ends_on"])} for each in told["measures"]
        ],
        "clean_for_three_years": told["clean_for_three_years"],
        "deciding_records": [_only(each, _RECORD) for each in told["deciding_records"]],
    }


def _record(found: Body, registry: Registry) -> dict[str, Any]:
    provider = registry.parties.get(found["provider"])
    return {
        **found,
        "type_name": EVENT_TYPES[found["type"]].term,
        "provider_name": None if provider is None else provider.name,
    }


def _measure(found: Body, answer: Answer, registry: Registry) -> dict[str, Any]:
    ends, known = found["ends_on"], registry.measures.get(found["measure"])
    return {
        **found,
        "ends_on": None if ends is None else ends.isoformat(),
        "measure_name": None if known is None else known.name,
        "instrument": _only(answer.instruments[found["action_id"]], _INSTRUMENT),
    }


def _only(told: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: told[name] for name in names}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
