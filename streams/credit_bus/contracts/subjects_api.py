"""What a Confluent Schema Registry would answer about our schemas: pure, from the catalogue alone.

Knows the read-only part of that registry's API as values; knows no HTTP. Source: Confluent Schema
Registry 7 and 8, "API Reference", and what its clients ask.

A topic of ours carries many types, so a subject is named by the record (RecordNameStrategy): its
full name. Clients with another strategy find their schema all the same, by its text: a look-up
under `<topic>-value` or `<topic>-<full name>` finds whatever schema of ours it is.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from avro.errors import AvroException
from avro.schema import parse
from fastavro import parse_schema
from fastavro.schema import SchemaParseException, UnknownType

from credit_bus.contracts.evolution import problems_between
from credit_bus.contracts.schemas import Schema, SchemaCatalogue
from credit_bus.contracts.shape import places_of, shape_of

COMPATIBILITY = "FULL_TRANSITIVE"
MODE = "READONLY"
VERSION_MAX = 2**31 - 1
PLACES_MAX = 2_000  # of a candidate: more is no body that anybody fills in

OK = 200
NOT_FOUND = 404
NOT_ALLOWED = 405
UNPROCESSABLE = 422

# The real registry's codes and sentences, which clients compare and show.
_ERRORS: Mapping[int, tuple[int, str]] = {
    404: (NOT_FOUND, "HTTP 404 Not Found"),
    405: (NOT_ALLOWED, "HTTP 405 Method Not Allowed"),
    40401: (NOT_FOUND, "Subject '{0}' not found."),
    40402: (NOT_FOUND, "Version {0} not found."),
    40403: (NOT_FOUND, "Schema {0} not found"),
    40408: (NOT_FOUND, "Subject '{0}' does not have subject-level compatibility configured"),
    42201: (UNPROCESSABLE, "Invalid schema: {0}"),
    42202: (
        UNPROCESSABLE,
        "The specified version '{0}' is not a valid version id; it is 1 to 2^31-1, or latest",
    ),
    42205: (UNPROCESSABLE, "Subject {0} is in read-only mode"),
}
_NO_SCHEMA = (SchemaParseException, UnknownType, ValueError, KeyError, TypeError)
_TOPIC = re.compile(r"credit\.[a-z]+(\.[a-z0-9-]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered: an HTTP status and a JSON value."""

    status: int
    body: Any


def error(code: int, *about: object) -> Answer:
    """Return the answer that says this error. KeyError for a code that is none of ours."""
    status, message = _ERRORS[code]
    return Answer(status=status, body={"error_code": code, "message": message.format(*about)})


def said(body: Any) -> Answer:
    """Return the answer that says this."""
    return Answer(status=OK, body=body)


@dataclass(frozen=True)
class SubjectsApi:
    """The answers about one catalogue."""

    catalogue: SchemaCatalogue

    def schema(self, schema_id: str) -> Answer:
        """Answer what clients ask for each id they meet in a message."""
        found = self._by_id(schema_id)
        return error(40403, schema_id) if found is None else said({"schema": _text(found)})

    def schema_text(self, schema_id: str) -> Answer:
        """Answer with the schema itself."""
        found = self._by_id(schema_id)
        return error(40403, schema_id) if found is None else said(json.loads(found.raw))

    def subjects_of(self, schema_id: str) -> Answer:
        """Answer with the subjects that have the schema."""
        found = self._by_id(schema_id)
        return error(40403, schema_id) if found is None else said([full_name(found)])

    def versions_of(self, schema_id: str) -> Answer:
        """Answer with the pairs of subject and version that have the schema."""
        found = self._by_id(schema_id)
        if found is None:
            return error(40403, schema_id)
        return said([{"subject": full_name(found), "version": found.version}])

    def schemas(self, *, prefix: str, latest_only: bool, offset: int, limit: int) -> Answer:
        """Answer with all schemas, by subject and version."""
        found = [
            _row(name, schema)
            for name, versions in self._subjects.items()
            if name.startswith(prefix)
            for schema in (versions[-1:] if latest_only else versions)
        ]
        return said(_page(found, offset=offset, limit=limit))

    def subjects(self, *, prefix: str, offset: int, limit: int) -> Answer:
        """Answer with the names of all subjects."""
        found = [name for name in self._subjects if name.startswith(prefix)]
        return said(_page(found, offset=offset, limit=limit))

    def versions(self, subject: str) -> Answer:
        """Answer with the numbers of a subject's versions."""
        found = self._versions(subject)
        return said([schema.version for schema in found]) if found else error(40401, subject)

    def version(self, subject: str, version: str) -> Answer:
        """Answer with one version of a subject."""
        found = self._version(subject, version)
        return found if isinstance(found, Answer) else said(_row(subject, found))

    def version_text(self, subject: str, version: str) -> Answer:
        """Answer with the schema itself."""
        found = self._version(subject, version)
        return found if isinstance(found, Answer) else said(json.loads(found.raw))

    def referenced_by(self, subject: str, version: str) -> Answer:
        """Answer with who refers to a version: nobody, for each of our files stands by itself."""
        found = self._version(subject, version)
        return found if isinstance(found, Answer) else said([])

    def look_up(self, subject: str, request: Any) -> Answer:
        """Answer under which id and version a schema is registered."""
        candidates = self._candidates(subject)
        if not candidates:
            return error(40401, subject)
        found = _same(candidates, request)
        if found is not None:
            return said(_row(subject, found))
        mistake = _mistake(request)
        if mistake is not None:
            return error(42201, mistake)
        return Answer(status=NOT_FOUND, body={"error_code": 40403, "message": "Schema not found"})

    def register(self, subject: str, request: Any) -> Answer:
        """Answer a registration: with the id of what is registered already, else as READONLY."""
        found = _same(self._candidates(subject), request)
        if found is not None:
            return said({"id": found.id})
        mistake = _mistake(request)
        return error(42205, subject) if mistake is None else error(42201, mistake)

    def compatible(self, subject: str, version: str | None, request: Any) -> Answer:
        """Answer whether a candidate and these versions (all without one) read each other."""
        versions: Sequence[Schema] = self._versions(subject)
        if not versions:
            return error(40401, subject)
        if version is not None:
            found = self._version(subject, version)
            if isinstance(found, Answer):
                return found
            versions = [found]
        mistake = _mistake(request)
        if mistake is not None:
            return error(42201, mistake)
        candidate = _candidate(request, versions[-1])
        if isinstance(candidate, tuple):
            return said({"is_compatible": False, "messages": list(candidate)})
        problems = [
            f"version {reader.version} cannot read version {writer.version}: {problem}"
            for each in versions
            for writer, reader in ((each, candidate), (candidate, each))
            for problem in problems_between(writer=writer, reader=reader)
        ]
        return said({"is_compatible": not problems, "messages": problems})

    def compatibility(self, subject: str) -> Answer:
        """Answer with the level that holds for a subject."""
        known = self._candidates(subject)
        return said({"compatibilityLevel": COMPATIBILITY}) if known else error(40408, subject)

    @cached_property
    def _subjects(self) -> Mapping[str, tuple[Schema, ...]]:
        """Every subject's versions, by its name."""
        types = {schema.type for schema in self.catalogue.all}
        found = [self.catalogue.versions(each) for each in types]
        return {full_name(each[0]): each for each in sorted(found, key=lambda e: full_name(e[0]))}

    def _by_id(self, schema_id: str) -> Schema | None:
        is_number = schema_id.isascii() and schema_id.isdigit() and len(schema_id) <= 10
        return self.catalogue.by_id(int(schema_id)) if is_number else None

    def _versions(self, subject: str) -> tuple[Schema, ...]:
        """Return the versions of a subject that names one type; none of any other."""
        topic, _, record = subject.rpartition("-")
        is_ours = not topic or _TOPIC.fullmatch(topic)
        return self._subjects.get(record, ()) if is_ours else ()

    def _candidates(self, subject: str) -> tuple[Schema, ...]:
        """Return what may be looked up under a subject: for a topic's value, everything."""
        topic, _, field = subject.rpartition("-")
        is_value = field == "value" and _TOPIC.fullmatch(topic) is not None
        return self.catalogue.all if is_value else self._versions(subject)

    def _version(self, subject: str, version: str) -> Schema | Answer:
        versions = self._versions(subject)
        number = _number(version, newest=len(versions))
        if number is None:
            return error(42202, version)
        if not versions:
            return error(40401, subject)
        found = next((schema for schema in versions if schema.version == number), None)
        return error(40402, version) if found is None else found


def full_name(schema: Schema) -> str:
    """Return the full name of the record that a schema describes."""
    return str(schema.parsed["name"])


def _number(version: str, *, newest: int) -> int | None:
    if version in {"latest", "-1"}:
        return newest
    is_number = version.isascii() and version.isdigit() and len(version) <= 10
    return int(version) if is_number and 1 <= int(version) <= VERSION_MAX else None


def _text(schema: Schema) -> str:
    return json.dumps(json.loads(schema.raw), ensure_ascii=False, separators=(",", ":"))


def _row(subject: str, schema: Schema) -> dict[str, Any]:
    return {
        "subject": subject,
        "version": schema.version,
        "id": schema.id,
        "schema": _text(schema),
    }


def _page(found: Sequence[Any], *, offset: int, limit: int) -> list[Any]:
    return list(found[offset : offset + limit] if limit >= 0 else found[offset:])


def _same(candidates: Iterable[Schema], request: Any) -> Schema | None:
    """Return the schema whose text says the same as the request's, however it is laid out."""
    try:
        asked = json.loads(request["schema"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return next((each for each in candidates if json.loads(each.raw) == asked), None)


def _mistake(request: Any) -> str | None:
    """Return why a request holds no Avro schema that could be judged, or None when it does."""
    if not isinstance(request, dict) or not isinstance(request.get("schema"), str):
        return "the request must be an object with a text `schema`"
    if request.get("schemaType", "AVRO") != "AVRO" or request.get("references"):
        return "this registry holds Avro schemas without references alone"
    try:
        parse_schema(json.loads(request["schema"]))
        parse(request["schema"])  # fastavro lets some pass, such as a record without fields
    except (*_NO_SCHEMA, AvroException) as refused:
        return f"no Avro schema ({type(refused).__name__})"
    except RecursionError:
        return "the schema is nested too deeply"
    return None


def _candidate(request: Mapping[str, Any], newest: Schema) -> Schema | tuple[str, ...]:
    """Return the request's schema as the next version, or why it could be none of the bus's."""
    parsed = parse_schema(json.loads(request["schema"]))
    if not isinstance(parsed, dict) or parsed.get("type") != "record":
        return ("an event's schema is a record",)
    if places_of(parsed) > PLACES_MAX:
        return (f"the schema has more than {PLACES_MAX} places",)
    mistakes = shape_of(parsed)[1]
    return mistakes or Schema(
        id=0, type=newest.type, version=newest.version + 1, parsed=parsed, raw=request["schema"]
    )
