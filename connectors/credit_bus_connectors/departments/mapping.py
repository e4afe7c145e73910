"""A header and a row of a template become the body of an event, or every reason why they cannot.

Pure: an identity number is sealed by a function that the caller gives. Finds mistakes of form
only, and one thing of law that nobody after it can see: a sealed number's check character and the
age it tells. Everything else is the gate's to judge.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from credit_bus.domain.event import Body
from credit_bus.domain.identifiers import subject_key
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import SubjectCategory
from credit_bus_connectors.departments import cells
from credit_bus_connectors.departments.cells import Problem, Value
from credit_bus_connectors.departments.identity_checks import (
    IDENTITY_CHARACTERS_MAX,
    TYPE_MISSING,
    number_problem,
)
from credit_bus_connectors.departments.rules import form_reason
from credit_bus_connectors.departments.statement import fits_a_header
from credit_bus_connectors.departments.templates import (
    TEMPLATES,
    Column,
    Template,
    heading,
    headings,
)

# The `Sealed` record of the schemas: {"pseudonym": str, "box": bytes}.
Sealed = Mapping[str, Any]
Seal = Callable[[str], Sealed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A file's header understood: which template, and what each of its columns is."""

    template: Template
    columns: tuple[Column | None, ...]  # by position; None for one the template does not have
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedHeader:
    """A header that no row can be read by."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A row as an event's body. `body` is None exactly when there are reasons."""

    body: Body | None
    reasons: tuple[Reason, ...]
    subject: str = ""  # the subject key
    document: str = ""  # the decision's own number


def read_header(header: Sequence[str]) -> Layout | RefusedHeader:
    """Return the layout, matching each cell by code or Chinese name, in any order.

    Refused with all reasons: of no template, a required column missing, a column twice.
    """
    wanted = [heading(cell) for cell in header]
    template = _template_of(set(wanted))
    if template is None:
        return RefusedHeader(reasons=(form_reason("file-template", ""),))
    spellings = headings(template)
    columns = tuple(spellings.get(name) for name in wanted)
    found = [column.code for column in columns if column is not None]
    reasons = [
        form_reason("column-missing", column.header)
        for column in template.columns
        if column.required and column.code not in found
    ]
    reasons += [
        form_reason("column-repeated", column.header)
        for column in template.columns
        if found.count(column.code) > 1
    ]
    unknown = tuple(
        cell.strip()
        for cell, column in zip(header, columns, strict=True)
        if column is None and cell.strip()
    )
    if reasons:
        reasons += [form_reason("column-unknown", name) for name in unknown]
        return RefusedHeader(reasons=tuple(reasons))
    return Layout(template=template, columns=columns, unknown=unknown)


def _template_of(wanted: set[str]) -> Template | None:
    """Return the template that these headings can only be of, or None.

    What licences and penalties share (the subject, the remark) tells nothing.
    """
    known = {template.type: headings(template).keys() for template in TEMPLATES}
    scores = {
        template.type: len(wanted & known[template.type] - _others(template, known))
        for template in TEMPLATES
    }
    best = max(TEMPLATES, key=lambda template: scores[template.type])
    return best if list(scores.values()).count(scores[best.type]) == 1 else None


def _others(template: Template, known: Mapping[str, Collection[str]]) -> set[str]:
    return {name for kind, names in known.items() if kind != template.type for name in names}


def map_row(layout: Layout, row: Sequence[str], seal: Seal) -> Mapped:
    """Return the body that the row's cells make, or every reason why they make none.

    A row may be shorter than the header (its last cells are empty), never longer.
    """
    if any(cell.strip() for cell in row[len(layout.columns) :]):
        return Mapped(body=None, reasons=(form_reason("row-too-long", ""),))
    said = {
        column.code: cell
        for column, cell in zip(layout.columns, row, strict=False)
        if column is not None
    }
    values, reasons = _convert(layout.template, said)
    assert not said, f"columns of {layout.template.type} that no row of the template took: {said}"
    reasons += _identity_reasons(layout.template, values)
    if not reasons:
        sealed = _sealed(layout.template, values, seal)
        subject = _subject(sealed)
        if fits_a_header(subject):
            body = _body(sealed)
            number = str(body["document_number"])
            return Mapped(body=body, reasons=(), subject=subject, document=number)
        naming = layout.template.column_of(_naming_path(sealed))
        reasons.append(form_reason("subject-unnamed", naming.header))
    return Mapped(body=None, reasons=tuple(reasons))


def identity_numbers(layout: Layout, row: Sequence[str]) -> list[str]:
    """Return the identity numbers of a row that `map_row` may give to `seal`."""
    numbers = (
        cells.code(cell)
        for column, cell in zip(layout.columns, row, strict=False)
        if column is not None and column.identity
    )
    return [number for number in numbers if number and len(number) <= IDENTITY_CHARACTERS_MAX]


def _convert(template: Template, said: dict[str, str]) -> tuple[dict[str, Value], list[Reason]]:
    """Return each column's value by path, and what did not convert; pops the cells off `said`."""
    values: dict[str, Value] = {}
    reasons: list[Reason] = []
    for column in template.columns:
        value = column.convert(said.pop(column.code, ""))
        if isinstance(value, Problem):
            reasons.append(form_reason(value.code, column.header))
            value = None
        elif value is None and column.required:
            reasons.append(form_reason("cell-required", column.header))
        values[column.path] = value
    return values, reasons


def _identity_reasons(template: Template, values: Mapping[str, Value]) -> list[Reason]:
    """Return what is wrong with the identity numbers, which nobody can see once they are sealed."""
    reasons: list[Reason] = []
    for column in template.columns:
        number = values[column.path]
        if not column.identity or not isinstance(number, str):
            continue
        type_column = template.column_of(f"{column.path}_type")
        kind, day = values[type_column.path], values["decided_on"]
        is_person = column.path == "subject.person_id"
        code = number_problem(
            number,
            kind if isinstance(kind, str) else None,
            adult_on=day if is_person and isinstance(day, date) else None,
        )
        if code is not None:
            place = type_column if code == TYPE_MISSING else column
            reasons.append(form_reason(code, place.header))
    return reasons


def _sealed(
    template: Template, values: Mapping[str, Value], seal: Seal
) -> dict[str, Value | Sealed]:
    """Return the values with every identity number sealed."""
    sealed: dict[str, Value | Sealed] = dict(values)
    for column in template.columns:
        number = values[column.path]
        if column.identity and isinstance(number, str):
            sealed[column.path] = seal(number)
    return sealed


def _naming_path(values: Mapping[str, Value | Sealed]) -> str:
    """Return the place that ought to name a subject of the row's category."""
    person = values["subject.category"] == SubjectCategory.NATURAL_PERSON
    return "subject.person_id" if person else "subject.uscc"


def _subject(values: Mapping[str, Value | Sealed]) -> str:
    """Return the subject key, "" when the row gives none.

    An individual business without a code is known by its operator's number, which stands in the
    representative's columns: the person's own are for natural persons alone.
    """
    category = SubjectCategory(str(values["subject.category"]))
    person = category is SubjectCategory.NATURAL_PERSON
    number = values["subject.person_id" if person else "subject.representative_id"]
    pseudonym = str(number["pseudonym"]) if isinstance(number, Mapping) else None
    code = values["subject.uscc"]
    uscc = code if isinstance(code, str) else None
    return subject_key(category=category, uscc=uscc, pseudonym=pseudonym) or ""


def _body(values: Mapping[str, Value | Sealed]) -> dict[str, Any]:
    """Return the values as the nested record that the schema describes."""
    body: dict[str, Any] = {}
    for path, value in values.items():
        record, _, field = path.rpartition(".")
        (body.setdefault(record, {}) if record else body)[field] = value
    return body
