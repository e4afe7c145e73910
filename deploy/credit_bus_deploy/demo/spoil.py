"""Every kind of bad row: how to spoil a good one, and the reason that must come back.

A kind is a row of the table: the reason code it must earn, the templates it fits, and the change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus_connectors.departments.files.columns import Template
from credit_bus_connectors.departments.files.templates import LICENCE, PENALTY
from credit_bus_deploy.demo.rows import Row, day, person

BOTH = (LICENCE, PENALTY)

Change = Callable[[Row, date], Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoiling:
    """A kind of bad row. `code` must be among the reasons that come back."""

    code: str
    change: Change
    templates: tuple[Template, ...] = BOTH
    extra_cells: int = 0  # cells beyond the header


def _set(**cells: str) -> Change:
    """Return a change that writes these cells; `__` in a name stands for the dot of a path."""
    return lambda row, _today: {**row, **{path.replace("__", "."): v for path, v in cells.items()}}


def _organisation(**cells: str) -> Change:
    """Return a change of a company's subject block."""
    block = {
        "subject__name": "示例有误有限公司",
        "subject__category": "法人及非法人组织",
        "subject__uscc": synthetic_uscc(1),
        "subject__representative_name": "示例代表人",
        "subject__person_id_type": "",
        "subject__person_id": "",
    }
    return _set(**{**block, **cells})


def _person(**cells: str) -> Change:
    """Return a change of a natural person's subject block, the codes left empty."""
    block = {
        **person(3),
        "subject.uscc": "",
        "subject.representative_name": "",
    }
    changed = {path.replace("__", "."): value for path, value in cells.items()}
    return lambda row, _today: {**row, **block, **changed}


def _wrong_check(code: str) -> str:
    """Return the code with another last character."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def _wrong_organisation(code: str) -> str:
    """Return the code with another character in the organisation's part."""
    return code[:16] + ("0" if code[16] != "0" else "1") + code[17:]


def _next_year(path: str) -> Change:
    return lambda row, today: {**row, path: day(today + timedelta(days=366))}


def _child(row: Row, today: date) -> Row:
    # 2020 as a birth year makes a child; the check character is computed, the person is nobody.
    from credit_bus.domain.identifiers import resident_id_check_character  # noqa: PLC0415

    first = "99999920200101000"
    number = first + resident_id_check_character(first)
    return _person(subject__person_id=number)(row, today)


SPOILINGS = (
    # What cannot even become an event: found by the adapter.
    Spoiling(code="row-too-long", change=_set(), extra_cells=2),
    Spoiling(code="cell-required", change=_set(document_number="/")),
    Spoiling(code="cell-date", change=_set(decided_on="2026年3月5日")),
    Spoiling(code="cell-amount", change=_set(fine_10k="两万元"), templates=(PENALTY,)),
    Spoiling(code="cell-category", change=_set(subject__category="企业")),
    Spoiling(code="cell-identity", change=_person(subject__person_id="999999190001010008")),
    Spoiling(code="cell-identity-long", change=_person(subject__person_id="9" * 65)),
    Spoiling(code="identity-type-missing", change=_person(subject__person_id_type="无")),
    Spoiling(code="subject-minor", change=_child),
    Spoiling(code="subject-unnamed", change=_organisation(subject__uscc="")),
    # What is an event, but not a valid one: found by the gate.
    Spoiling(code="text-too-long", change=_set(content="文" * 4001)),
    Spoiling(code="text-control-character", change=_set(content="罚款\u202e元")),
    Spoiling(code="word-not-in-list", change=_set(category="批准"), templates=(LICENCE,)),
    Spoiling(code="word-not-in-list", change=_set(categories="拘役"), templates=(PENALTY,)),
    Spoiling(code="word-other-unspecified", change=_set(category="其他"), templates=(LICENCE,)),
    Spoiling(
        code="words-repeated",
        change=_set(categories="警告；警告", fine_10k="", confiscated_10k=""),
        templates=(PENALTY,),
    ),
    Spoiling(code="date-in-future", change=_next_year("decided_on")),
    Spoiling(code="dates-out-of-order", change=_set(valid_to="2001/01/01"), templates=(LICENCE,)),
    Spoiling(
        code="date-beyond-long-term", change=_set(valid_to="2199/12/31"), templates=(LICENCE,)
    ),
    Spoiling(
        code="amount-missing",
        change=_set(categories="罚款", fine_10k="/", confiscated_10k="/"),
        templates=(PENALTY,),
    ),
    Spoiling(
        code="certificate-missing",
        change=_set(categories="吊销许可证件", revoked_certificate="", fine_10k=""),
        templates=(PENALTY,),
    ),
    Spoiling(code="uscc-length", change=_organisation(subject__uscc="91620702999990")),
    Spoiling(code="uscc-characters", change=_organisation(subject__uscc="9162070299999O000X")),
    Spoiling(code="uscc-prefix", change=_organisation(subject__uscc="64" + synthetic_uscc(2)[2:])),
    Spoiling(
        code="uscc-organisation-check",
        change=_organisation(subject__uscc=_wrong_organisation(synthetic_uscc(3))),
    ),
    Spoiling(
        code="uscc-check", change=_organisation(subject__uscc=_wrong_check(synthetic_uscc(4)))
    ),
    Spoiling(
        code="organisation-code-invalid",
        change=_organisation(subject__organisation_code="123456789"),
    ),
    Spoiling(
        code="organisation-field-of-person",
        change=_person(subject__representative_name="示例代表人"),
    ),
    Spoiling(
        code="person-field-of-organisation",
        change=_organisation(
            subject__person_id_type="身份证", subject__person_id="999999190001010007"
        ),
    ),
    Spoiling(
        code="id-pair-incomplete", change=_organisation(subject__representative_id_type="身份证")
    ),
)
