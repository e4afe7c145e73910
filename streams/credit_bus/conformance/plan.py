"""What one exchange will say to a department and ask of it, made up before it begins."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from credit_bus.conformance.orders import Case, ground_of, make_case, to_another
from credit_bus.conformance.statements import Maker, Statement, business, company, corrected, person
from credit_bus.domain.calendar import local_day
from credit_bus.domain.event import Body
from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    LICENCE_GRANTED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
    PENALTY_DECIDED,
)
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Party, Registry

STATED = (PENALTY_DECIDED, LICENCE_GRANTED, DEFAULTER_LISTED)
ANSWERS = frozenset({MEASURE_RESPONDED, MEASURE_EXECUTED, MEASURE_LIFTED})

FIRST_FILE = "1-statements.json"
SECOND_FILE = "2-corrections.json"

# Names of the cases: what each order is there to show.
PLAIN = "plain"
BURST = ("burst-1", "burst-2", "burst-3", "burst-4")
DOWN = "down"
STRAY = "stray"
SUSPENDED = "suspended"
ENDED = "ended"
CASES = (PLAIN, STRAY, *BURST, DOWN, SUSPENDED, ENDED)
OBJECTIONS = ("接入检测异议一号", "接入检测异议二号")

_CORRECTED = 1  # which statement is corrected after it was accepted
_REFUSED = 3  # and which after it was refused

PLANNED = Reason(
    code="conformance-refused",
    field="",
    rule="接入检测：这一条故意退回，以检验退回后的更正",
    remedy=f"请按 {SECOND_FILE} 中的更正内容重新报送",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything made up for one exchange with one department."""

    party: Party
    run: str
    secret: bytes
    statements: tuple[Statement, ...]
    corrections: tuple[Statement, ...]
    cases: tuple[Case, ...]  # the stray one's order goes to somebody else
    untried: tuple[str, ...]  # types the party may say, of which the kit has no statement

    def case(self, name: str) -> Case:
        """Return the case of that name; KeyError for none."""
        return {case.name: case for case in self.cases}[name]

    def refuses(self, kind: str, body: Body) -> bool:
        """Return whether this is what the kit refuses, whatever is right with it."""
        return any(
            each.refused and each.kind == kind and says(body, each) and of(body, each)
            for each in self.statements
        )

    def file(self, statements: tuple[Statement, ...]) -> dict[str, Any]:
        """Return the file of statements as JSON values, for whoever is to enter them."""
        return {
            "party": self.party.code,
            "identity_secret": self.secret.hex(),
            "statements": [
                {
                    "number": each.number,
                    "type": each.kind,
                    "corrects": each.corrects,
                    "body": each.plain,
                }
                for each in statements
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that does not say what it was to say."""

    field: str
    wanted: Any
    found: Any


def of(body: Body, statement: Statement) -> bool:
    """Return whether the body is of the statement's document."""
    return statement.document in {body.get("document_number"), body.get("case_number")}


def says(body: Body, statement: Statement) -> bool:
    """Return whether the body says all that the statement says, identity numbers left aside."""
    return not differences(body, statement)


def differences(body: Body, statement: Statement) -> tuple[Difference, ...]:
    """Return the fields in which the body does not say what the statement says."""
    return tuple(_different(statement.body, body, ""))


def _different(wanted: Body, found: Body, under: str) -> list[Difference]:
    odd = []
    for name, value in wanted.items():
        told = found.get(name)
        if value is None or name in {"person_id", "representative_id"}:
            continue  # what the paper does not say, the department may know; numbers come sealed
        if isinstance(value, dict) and isinstance(told, dict):
            odd += _different(value, told, f"{under}{name}.")
        elif told != value:
            odd.append(Difference(field=under + name, wanted=value, found=told))
    return odd


def make_plan(party: Party, *, registry: Registry, now: datetime) -> Plan:
    """Return the plan of an exchange that begins now; each has documents of its own."""
    run = f"{now:%y%m%d%H%M%S}"
    secret = hashlib.sha256(f"credit-bus conformance {party.code} {run}".encode()).digest()
    maker = Maker(party=party, today=local_day(now), run=run, secret=secret)
    statements = _statements(maker)
    cases = _cases(party, registry=registry, now=now, run=run, secret=secret)
    return Plan(
        party=party,
        run=run,
        secret=secret,
        statements=statements,
        corrections=_corrections(statements),
        cases=cases,
        untried=tuple(sorted(party.publishes - set(STATED) - ANSWERS)),
    )


def _statements(maker: Maker) -> tuple[Statement, ...]:
    """Return what is to be said at first; nothing when the party may say none of it."""
    kinds = [kind for kind in STATED if kind in maker.party.publishes]
    if not kinds:
        return ()
    first, last = kinds[0], kinds[-1]
    fifth = company(5) if last == DEFAULTER_LISTED else business(5)
    made = [
        maker.make(1, first, company(1)),
        maker.make(2, last, company(1)),
        maker.make(3, first, company(3)),
        maker.make(4, first, person()),
        maker.make(5, last, fifth),
    ]
    return tuple(replace(each, refused=each.number == _REFUSED) for each in made)


def _corrections(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    by_number = {each.number: each for each in statements}
    if not by_number:
        return ()
    return (
        corrected(by_number[_CORRECTED], 6, revisions=frozenset({2})),
        # Nothing of the document was accepted, so the gate takes either.
        corrected(by_number[_REFUSED], 7, revisions=frozenset({1, 2})),
    )


def _cases(
    party: Party, *, registry: Registry, now: datetime, run: str, secret: bytes
) -> tuple[Case, ...]:
    ground = ground_of(party.code, registry, local_day(now))
    if ground is None or not party.publishes >= ANSWERS:
        return ()
    made = (
        make_case(
            name, number, ground, party.code, registry=registry, now=now, run=run, secret=secret
        )
        for number, name in enumerate(CASES, start=11)
    )
    return tuple(
        to_another(case, registry, party.code) if case.name == STRAY else case for case in made
    )
