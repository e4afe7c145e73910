"""What changed how a record stands against where the record is: everywhere it went.

Looks at what platforms were given, not at routes, which may have changed since.
"""

from collections import defaultdict

from credit_bus.domain.channels import RECORDS, inbox
from credit_bus.domain.event import affected_record, document_of
from credit_bus.domain.event_types import FOLLOWING_TYPES, RECORD_TYPES
from credit_bus.domain.registry import Registry, Role
from credit_bus.operations.findings import Bodies, ByTopic, Conservation, Said, place

Document = tuple[str, str, str, str]  # provider, type, its own number, subject key


def check_followed(
    found: Conservation, topics: ByTopic, registry: Registry, bodies: Bodies
) -> None:
    """Each correction, withdrawal or removal stands with every platform that has the record."""
    documents, changes = _of_the_log(topics, bodies)
    for code, party in registry.parties.items():
        if party.role is not Role.PLATFORM:
            continue
        given = {record.said for record in topics[inbox(code)]}
        held = {documents[said] for said in given & documents.keys()}
        for document in held & changes.keys():
            for said in sorted(changes[document] - given):
                provider, kind, number, _ = document
                found.differ(
                    f"{code} has {kind} {number} of {provider} and was not given {said[0]},"
                    " which changes how it stands"
                )


def _of_the_log(
    topics: ByTopic, bodies: Bodies
) -> tuple[dict[Said, Document], dict[Document, set[Said]]]:
    """Return which document each record states, and what changed the standing of which."""
    documents: dict[Said, Document] = {}
    changes: dict[Document, set[Said]] = defaultdict(set)
    for record in topics[RECORDS]:
        kind, subject = record.text("ce_type"), record.text("ce_subject")
        if kind in RECORD_TYPES:
            number = document_of(kind, bodies[place(record)])
            documents[record.said] = (record.text("ce_source"), kind, number, subject)
        elif kind in FOLLOWING_TYPES:
            affected = affected_record(kind, bodies[place(record)])
            assert affected is not None, kind
            named = (affected.provider, affected.type, affected.document, subject)
            changes[named].add(record.said)
    return documents, changes
