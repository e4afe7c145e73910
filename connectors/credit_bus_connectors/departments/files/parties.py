"""Which parties get a folder: departments that may publish what a template holds."""

from datetime import date

from credit_bus.domain.registry import Registry, Role
from credit_bus_connectors.departments.files.templates import TEMPLATES


def template_parties(registry: Registry, today: date) -> list[str]:
    """Return their codes, in the registry's order."""
    types = {template.type for template in TEMPLATES}
    return [
        party.code
        for party in registry.parties.values()
        if party.role is Role.DEPARTMENT and party.exists_on(today) and party.publishes & types
    ]
