"""What changed or disputed a record against where the record is: everywhere it went.

Looks at what platforms were given, not at routes, which may have changed since.
"""

from collections import defaultdict

from credit_bus.domain.channels import RECORDS, inbox
from credit_bus.domain.disputes import disputed_record
from credit_bus.domain.event import Body, affected_record, document_of
from credit_bus.domain.event_types import RECORD_TYPES
from credit_bus.domain.identifiers import is_pseudonym
from credit_bus.domain.registry import Registry, Role
from credit_bus.operations.findings import Bodies, ByTopic, Conservation, Said, place

Document = tuple[str, str, str, str]  # provider, type, its own number, subject key

CHANGES = "changes how it stands"
DISPUTES = "disputes it or answers the doubt"


def check_followed(
    found: Conservation, topics: ByTopic, registry: Registry, bodies: Bodies
) -> None:
    """Each change and each dispute of a record stands with every platform that has the record."""
    documents, told = _of_the_log(topics, bodies)
    for code, party in registry.parties.items():
        if party.role is not Role.PLATFORM:
            continue
        given = {record.said for record in topics[inbox(code)]}
        held = {documents[said] for said in given & documents.keys()}
        for document in held & told.keys():
            for said, why in sorted(told[document].items()):
                if said in given:
                    continue
                provider, kind, number, _ = document
                found.differ(
                    f"{code} has {kind} {number} of {provider} and was not given {said[0]},"
                    f" which {why}"
                )


def _of_the_log(
    topics: ByTopic, bodies: Bodies
) -> tuple[dict[Said, Document], dict[Document, dict[Said, str]]]:
    """Return which document each record states, and what was said of which, with what it does."""
    documents: dict[Said, Document] = {}
    told: dict[Document, dict[Said, str]] = defaultdict(dict)
    for record in topics[RECORDS]:
        kind, subject = record.text("ce_type"), record.text("ce_subject")
        body = bodies[place(record)]
        if kind in RECORD_TYPES:
            number = document_of(kind, body)
            documents[record.said] = (record.text("ce_source"), kind, number, subject)
            continue
        for why, document in ((CHANGES, _changed(kind, body)), (DISPUTES, _disputed(kind, body))):
            # Where a dispute of somebody without a code must go, the routes alone can say.
            if document is not None and not (why == DISPUTES and is_pseudonym(subject)):
                told[(*document, subject)][record.said] = why
    return documents, told


def _changed(kind: str, body: Body) -> tuple[str, str, str] | None:
    affected = affected_record(kind, body)
    return None if affected is None else (affected.provider, affected.type, affected.document)


def _disputed(kind: str, body: Body) -> tuple[str, str, str] | None:
    record = disputed_record(kind, body)
    return (
        None if record is None else (record["provider"], record["type"], record["document_number"])
    )
