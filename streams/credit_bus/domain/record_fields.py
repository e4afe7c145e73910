"""The fields of each type of record, by dotted path: what a correction may say has changed.

The paths are those of the schemas, of all versions together; a sealed number is one field, and so
is a list. A test compares this page with the schemas.
"""

from collections.abc import Mapping
from types import MappingProxyType

from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    PENALTY_DECIDED,
    SUBJECT_REGISTERED,
)


def _under(name: str, fields: str) -> str:
    return " ".join(f"{name}.{field}" for field in fields.split())


_SUBJECT = _under(
    "subject",
    "name category uscc registration_number organisation_code tax_number institution_certificate"
    " society_certificate representative_name representative_id_type representative_id"
    " person_id_type person_id",
)
_REFERENCE = _under("subject", "name category uscc person_id")
_REGISTERED = _under(
    "subject", "name category uscc registration_number organisation_code representative_name"
)
_GROUND = " ".join(
    (
        _under("instrument", "type title number article issuer issued_on effective_on"),
        _under("notice", "given_on method"),
        _under("term", "begins_on ends_on until_performance"),
    )
)
# What licences and penalties share, of both generations.
_PUBLICITY = (
    "document_number content decided_on authority_name authority_code source_name source_code"
    " remark generation publicity_state division recorded_at usage_scope power_code"
)

_ROWS: Mapping[str, tuple[str, ...]] = {
    LICENCE_GRANTED: (
        _SUBJECT,
        _PUBLICITY,
        "document_title category certificate_name licence_number valid_from valid_to state",
        "project_name",
    ),
    PENALTY_DECIDED: (
        _SUBJECT,
        _PUBLICITY,
        "violation facts legal_basis categories fine_10k confiscated_10k revoked_certificate",
        "valid_until publish_until title severity",
    ),
    DEFAULTER_LISTED: (
        _SUBJECT,
        _GROUND,
        "case_number court_name filed_on basis_number basis_issuer duty performance conduct ground",
        "performed_part unperformed_part listed_on published_on",
    ),
    LISTING_ENTERED: (
        _REFERENCE,
        _GROUND,
        "list document_number field cause removal_conditions remedies publish decided_on",
        "decided_by remark",
    ),
    SUBJECT_REGISTERED: (
        _REGISTERED,
        "kind capital_10k currency established_on term_from term_to authority_name authority_code",
        "state scope seat industry_code recorded_on remark",
    ),
}

RECORD_FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {kind: frozenset(" ".join(parts).split()) for kind, parts in _ROWS.items()}
)
