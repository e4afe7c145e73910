"""Who must read what, by the registry: the bus's own groups, and somebody in each inbox."""

from collections.abc import Mapping, Sequence
from datetime import date

from credit_bus.domain.channels import RECORDS, inbox, outbox
from credit_bus.domain.registry import Registry, Role
from credit_bus_connectors.monitor.lag_reads import Readers
from credit_bus_deploy.table import CASEWORK, ENQUIRIES, group_of


def topics_of_groups(registry: Registry) -> Mapping[str, Sequence[str]]:
    """Return the groups that must have members, with what each reads."""
    read = {
        "worker-gate": [outbox(party) for party in registry.parties],
        "worker-router": [RECORDS],
        f"worker-{CASEWORK}": [RECORDS],
        ENQUIRIES: [inbox(registry.hub)],
        **{f"connector-{each}": [inbox(each)] for each in registry.platforms},
    }
    return {group: read[name] for name in read if (group := group_of(name)) is not None}


def readers_of(registry: Registry, day: date) -> Readers:
    """Return them, and the inboxes of the departments of that day: somebody must read these."""
    return Readers(
        groups=topics_of_groups(registry),
        inboxes=[
            inbox(code)
            for code, party in registry.parties.items()
            if party.role is Role.DEPARTMENT and party.exists_on(day)
        ],
    )
