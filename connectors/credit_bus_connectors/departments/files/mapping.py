"""A row under a template's header becomes the body of an event, or every reason why it cannot.

Pure: an identity number is sealed by a function that the caller gives. Finds mistakes of form
only, and one thing of law that nobody after it can see: a sealed number's check character and the
age it tells. Everything else is the gate's to judge.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from credit_bus.domain.event import Body
from credit_bus.domain.identifiers import subject_key
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import SubjectCategory
from credit_bus_connectors.departments.files import cells
from credit_bus_connectors.departments.files.cells import (
    Cell,
    Problem,
    Value,
    converted,
    is_empty,
)
from credit_bus_connectors.departments.files.columns import Template
from credit_bus_connectors.departments.files.header import Layout
from credit_bus_connectors.departments.identity_checks import (
    IDENTITY_CHARACTERS_MAX,
    TYPE_MISSING,
    number_problem,
)
from credit_bus_connectors.departments.rules import form_reason
from credit_bus_connectors.departments.statement import fits_a_header

# The `Sealed` record of the schemas: {"pseudonym": str, "box": bytes}.
Sealed = Mapping[str, Any]
Seal = Callable[[str], Sealed]

_PERSON, _REPRESENTATIVE = "subject.person_id", "subject.representative_id"
_IDENTITIES = (_REPRESENTATIVE, _PERSON)
_TOO_LARGE = Problem("row-too-large")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A row as an event's body. `body` is None exactly when there are reasons."""

    body: Body | None
    reasons: tuple[Reason, ...]
    subject: str = ""  # the subject key
    document: str = ""  # the decision's own number


def map_row(layout: Layout, row: Sequence[Cell], seal: Seal) -> Mapped:
    """Return the body that the row's cells make, or every reason why they make none.

    A row may be shorter than the header (its last cells are empty), never longer.
    """
    if row and row[0] == _TOO_LARGE:
        return Mapped(body=None, reasons=(form_reason(_TOO_LARGE.code, ""),))
    if not all(is_empty(cell) for cell in row[len(layout.columns) :]):
        return Mapped(body=None, reasons=(form_reason("row-too-long", ""),))
    filled: dict[str, Cell] = {
        column.code: cell
        for column, cell in zip(layout.columns, row, strict=False)
        if column is not None
    }
    values, reasons = _convert(layout.template, filled)
    assert not filled, f"{layout.template.type}: cells that no column took: {sorted(filled)}"
    stated = layout.template.complete(values)
    reasons += _identity_reasons(layout.template, stated)
    if not reasons:
        said = _sealed(stated, seal)
        subject = _subject(said)
        if fits_a_header(subject):
            body = _body(said)
            number = str(body["document_number"])
            return Mapped(body=body, reasons=(), subject=subject, document=number)
        naming = layout.template.column_of(_naming_path(said))
        reasons.append(form_reason("subject-unnamed", naming.header))
    return Mapped(body=None, reasons=tuple(reasons))


def identity_numbers(layout: Layout, row: Sequence[Cell]) -> list[str]:
    """Return the identity numbers of a row that `map_row` may give to `seal`."""
    numbers = (
        cells.code(cell)
        for column, cell in zip(layout.columns, row, strict=False)
        if column is not None and column.identity and isinstance(cell, str)
    )
    return [number for number in numbers if number and len(number) <= IDENTITY_CHARACTERS_MAX]


def _convert(template: Template, filled: dict[str, Cell]) -> tuple[dict[str, Value], list[Reason]]:
    """Return each column's value by path, and what did not convert; pops the cells off."""
    values: dict[str, Value] = {}
    reasons: list[Reason] = []
    for column in template.columns:
        value = converted(filled.pop(column.code, ""), column.convert)
        if isinstance(value, Problem):
            reasons.append(form_reason(value.code, column.header))
            value = None
        elif value is None and column.required:
            reasons.append(form_reason("cell-required", column.header))
        values[column.path] = value
    return values, reasons


def _identity_reasons(template: Template, stated: Mapping[str, Value]) -> list[Reason]:
    """Return what is wrong with the identity numbers, which nobody can see once they are sealed."""
    reasons: list[Reason] = []
    for path in _IDENTITIES:
        number, kind = stated[path], stated[f"{path}_type"]
        if not isinstance(number, str):
            continue
        day = stated["decided_on"]
        code = number_problem(
            number,
            kind if isinstance(kind, str) else None,
            adult_on=day if path == _PERSON and isinstance(day, date) else None,
        )
        if code is not None:
            reasons.append(
                _reason_at(template, f"{path}_type" if code == TYPE_MISSING else path, code)
            )
    return reasons


def _reason_at(template: Template, path: str, code: str) -> Reason:
    column = template.column_at(path)
    assert column is not None, f"{template.name}: no column fills {path}"
    return form_reason(code, column.header)


def _sealed(stated: Mapping[str, Value], seal: Seal) -> dict[str, Value | Sealed]:
    """Return the values with every identity number sealed."""
    sealed: dict[str, Value | Sealed] = dict(stated)
    for path in _IDENTITIES:
        number = stated[path]
        if isinstance(number, str):
            sealed[path] = seal(number)
    return sealed


def _naming_path(values: Mapping[str, Value | Sealed]) -> str:
    """Return the place that ought to name a subject of the row's category."""
    person = values["subject.category"] == SubjectCategory.NATURAL_PERSON
    return _PERSON if person else "subject.uscc"


def _subject(values: Mapping[str, Value | Sealed]) -> str:
    """Return the subject key, "" when the row gives none.

    An individual business without a code is known by its operator's number, which stands in the
    representative's columns: the person's own are for natural persons alone.
    """
    category = SubjectCategory(str(values["subject.category"]))
    person = category is SubjectCategory.NATURAL_PERSON
    number = values[_PERSON if person else _REPRESENTATIVE]
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
