"""From a form of a request to the body that is said, and from a petition to the form. Pure."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from credit_bus.domain.calendar import local_day
from credit_bus.domain.event_types import OBJECTION_RAISED
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Registry, SubjectCategory
from credit_bus_connectors.departments.desk.requests import (
    COUNTER,
    WEBSITE,
    Kind,
    Petition,
    recogniser_of,
)
from credit_bus_connectors.departments.desk.subjects import Seal, reference_of

# What a petition says of the record as it was shown: whoever takes it in changes nothing of that.
FIXED = frozenset(
    {
        "number",
        "subject_category",
        "subject_uscc",
        "about_record_provider",
        "about_record_type",
        "about_record_document_number",
        "about_action_id",
    }
)
_FIELDS = MappingProxyType(
    {
        "objection_number": "number",
        "request_number": "number",
        "raised_on": "asked_on",
        "requested_on": "asked_on",
        "recogniser": "about_record_provider",
        "about": "about_record_document_number",
        "ce_subject": "subject_uscc",
    }
)


def body_of(
    kind: Kind,
    told: Mapping[str, Any],
    *,
    seal: Seal,
    registry: Registry,
    today: date,
    is_of_site: bool,
) -> dict[str, Any]:
    """Return the body of a request whose subject has no mistakes; its number is sealed.

    Raises what `seal` raises.
    """
    about = _about(told)
    common = {
        kind.number: told["number"],
        "subject": reference_of(
            name=told["subject_name"],
            category=told["subject_category"],
            uscc=told["subject_uscc"],
            number=told["subject_number"],
            seal=seal,
        ),
        "about": about,
        kind.asked_on: told["asked_on"],
    }
    if kind.says == OBJECTION_RAISED:
        said = {"scope": list(told["scope"]), "statement": told["statement"]}
        return {**common, **said, "channel": WEBSITE if is_of_site else COUNTER}
    return {
        **common,
        "recogniser": recogniser_of(about, registry, today),
        "minimum_reached_on": told["minimum_reached_on"],
        "performed_on": told["performed_on"],
        "proofs": _lines(told["proofs"]),
        "commitment_published_on": told["commitment_published_on"],
    }


def hidden_by(petition: Petition | None) -> frozenset[str]:
    """Return the fields that a petition answers already, or that its subject does not have."""
    if petition is None:
        return frozenset()
    is_person = petition.category == SubjectCategory.NATURAL_PERSON
    return FIXED if is_person else FIXED | {"subject_number"}


def filled_by(petition: Petition) -> dict[str, Any]:
    """Return what a petition fills in of the form: text and lists, as a browser would send them."""
    is_person = petition.category == SubjectCategory.NATURAL_PERSON
    return {
        "petition": str(petition.number),
        "number": petition.name,
        "subject_name": "" if is_person else petition.subject_name,  # a person's is masked
        "subject_category": petition.category,
        "subject_uscc": petition.uscc or "",
        "about_record_provider": petition.provider,
        "about_record_type": petition.record_type,
        "about_record_document_number": petition.document_number,
        "about_action_id": "",
        "scope": list(petition.scope),
        "statement": petition.statement,
        "performed_on": _text(petition.performed_on),
        "commitment_published_on": _text(petition.commitment_published_on),
        "proofs": "\n".join(petition.proofs),
        "asked_on": _text(local_day(petition.received_at)),
    }


def field_of(reason: Reason) -> str:
    """Return the form's field that a reason is about."""
    path = reason.field.partition("[")[0]
    return _FIELDS.get(path, path.replace(".", "_"))


def _about(told: Mapping[str, Any]) -> dict[str, Any]:
    record = {
        "provider": told["about_record_provider"] or "",
        "type": told["about_record_type"] or "",
        "document_number": told["about_record_document_number"] or "",
    }
    action = told["about_action_id"] or None
    return {"record": record if any(record.values()) else None, "action_id": action}


def _lines(entered: str) -> list[str]:
    return [each for part in entered.splitlines() if (each := part.strip())]


def _text(day: date | None) -> str:
    return "" if day is None else str(day)
