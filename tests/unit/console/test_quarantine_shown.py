"""Who may do what with the quarantine, and what a query asks for."""

import pytest
from tests import samples

from credit_bus_connectors.console.operators import Act, Hindrance, hindrance, is_operator
from credit_bus_connectors.console.quarantine_shown import asked_in, filter_of, query_of
from credit_bus_connectors.departments.desk.access import Account, Role


def account(*roles: Role, party: str = samples.HUB, name: str = "li") -> Account:
    return Account(name=name, party=party, roles=frozenset(roles))


@pytest.mark.parametrize(
    ("act", "role", "proposed_by", "expected"),
    [
        (Act.READ, Role.CLERK, None, None),
        (Act.READ, Role.REVIEWER, None, None),
        (Act.READ, Role.ADMINISTRATOR, None, Hindrance.ROLE),
        (Act.PROPOSE, Role.CLERK, None, None),
        (Act.PROPOSE, Role.REVIEWER, None, Hindrance.ROLE),
        (Act.APPROVE, Role.CLERK, "wang", Hindrance.ROLE),
        (Act.APPROVE, Role.REVIEWER, "wang", None),
        (Act.APPROVE, Role.REVIEWER, "li", Hindrance.OWN),
        (Act.DECLINE, Role.CLERK, "li", None),
        (Act.DECLINE, Role.REVIEWER, "wang", None),
        (Act.DECLINE, Role.ADMINISTRATOR, "wang", Hindrance.ROLE),
    ],
)
def test_a_clerk_proposes_and_a_reviewer_who_is_somebody_else_approves(
    act: Act, role: Role, proposed_by: str | None, expected: Hindrance | None
) -> None:
    assert expected is hindrance(account(role), act, proposed_by=proposed_by)


def test_an_operator_is_of_the_hub_alone() -> None:
    registry = samples.registry()

    assert is_operator(account(Role.CLERK), registry)
    assert not is_operator(account(Role.CLERK, party="finance"), registry)
    assert not is_operator(account(Role.CLERK, party="no-more"), registry)


def test_what_could_not_be_found_is_not_asked_for() -> None:
    asked = asked_in({"party": "finance", "code": "a\x00b", "first": "2026-13-01", "other": "x"})

    assert "party=finance" == query_of(asked)
    assert "party=finance" == filter_of(asked).words
    assert "" == filter_of(asked_in({})).words
    assert "from=2026-06-01" == filter_of(asked_in({"first": "2026-06-01"})).words
