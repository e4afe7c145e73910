"""Does everything add up? Said = accepted + said before + rejected; accepted x route = delivered.

Pure: takes what an auditor saw in the topics, returns counts and every difference in a sentence.
It derives what should be there from the registry by itself, without the code that routes.
"""

from collections.abc import Iterable

from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox, outbox, replies
from credit_bus.domain.event_types import EVENT_REJECTED, MEASURE_ORDERED
from credit_bus.domain.registry import Registry
from credit_bus.operations.asked import check_asked
from credit_bus.operations.carried import (
    check_deliveries,
    check_orders,
    check_returns,
    check_routes,
)
from credit_bus.operations.findings import Bodies, Conservation, by_topic
from credit_bus.operations.followed import check_followed
from credit_bus.operations.said import (
    check_hub,
    check_receipts,
    check_sequence,
    check_verdicts,
)
from credit_bus.operations.scan import Seen


def topics_of(registry: Registry) -> list[str]:
    """Return every topic that a look must read."""
    return [
        RECORDS,
        QUARANTINE,
        *(name(party) for party in registry.parties for name in (outbox, inbox, replies)),
    ]


def needs_body(record: Seen) -> bool:
    """Return whether the look needs this record's decoded body."""
    kind = record.text("ce_type")
    return (
        record.topic == RECORDS
        or (kind == EVENT_REJECTED and record.topic.startswith(replies("")))
        or (kind == MEASURE_ORDERED and record.topic.startswith(inbox("")))
    )


def conserve(
    seen: Iterable[Seen], *, registry: Registry, bodies: Bodies, connectors: bool = True
) -> Conservation:
    """Return the counts and differences of one look at a bus at rest.

    `bodies` are the decoded bodies by place of all records that `needs_body` names. Without
    `connectors` nobody is expected to have delivered anything.
    """
    topics = by_topic(seen)
    found = Conservation()
    check_verdicts(found, topics, registry)
    check_sequence(found, topics, registry)
    check_receipts(found, topics, registry, bodies)
    check_hub(found, topics, registry, bodies)
    check_routes(found, topics, registry, bodies)
    check_orders(found, topics, registry, bodies)
    check_returns(found, topics, registry, bodies)
    check_asked(found, topics, registry, bodies)
    check_followed(found, topics, registry, bodies)
    if connectors:
        check_deliveries(found, topics, registry)
    return found
