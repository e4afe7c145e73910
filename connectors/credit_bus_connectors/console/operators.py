"""Who operates the hub, and who may do what: for pages and commands. Pure.

An operator looks; a clerk proposes to send something once more, a reviewer who is somebody else
approves; either may decline, and close an alarm.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from credit_bus.domain.registry import Registry
from credit_bus.domain.registry import Role as PartyRole
from credit_bus_connectors.departments.desk.access import Account, Role


class Act(Enum):
    """What an operator does with what was refused, or does not add up."""

    READ = "read"  # a message whole, with its body
    PROPOSE = "propose"
    APPROVE = "approve"
    DECLINE = "decline"
    CLOSE = "close"  # an alarm


class Hindrance(Enum):
    """Why an account may not do it."""

    ROLE = "role"
    OWN = "own"  # whoever proposed it would approve it


# One of these roles. Who manages accounts alone reads no record of anybody.
ROLES: Mapping[Act, tuple[Role, ...]] = MappingProxyType(
    {
        Act.READ: (Role.CLERK, Role.REVIEWER),
        Act.PROPOSE: (Role.CLERK,),
        Act.APPROVE: (Role.REVIEWER,),
        Act.DECLINE: (Role.CLERK, Role.REVIEWER),
        Act.CLOSE: (Role.CLERK, Role.REVIEWER),
    }
)


def is_operator(account: Account, registry: Registry) -> bool:
    """Return whether it is an account of the hub."""
    party = registry.parties.get(account.party)
    return party is not None and party.role is PartyRole.HUB


def hindrance(account: Account, act: Act, *, proposed_by: str | None = None) -> Hindrance | None:
    """Return why the account may not do it with what that one proposed; None when it may."""
    if not account.may(*ROLES[act]):
        return Hindrance.ROLE
    if act is Act.APPROVE and proposed_by == account.name:
        return Hindrance.OWN
    return None
