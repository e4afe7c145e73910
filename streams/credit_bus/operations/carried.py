"""What was accepted against where it had to go: platforms, implementing departments, deliveries."""

from collections import Counter, defaultdict
from collections.abc import Callable

from credit_bus.domain.channels import RECORDS, inbox, replies
from credit_bus.domain.disputes import disputed_record
from credit_bus.domain.event import Body, affected_record, initiator_of
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    DELIVERY_CONFIRMED,
    DELIVERY_REFUSED,
    ENQUIRY_ANSWERED,
    LISTING_REMOVED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_ORDERED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
)
from credit_bus.domain.registry import Registry, Route, SubjectCategory
from credit_bus.domain.routes import categories_of
from credit_bus.operations.findings import Bodies, ByTopic, Conservation, Said, place
from credit_bus.operations.scan import Seen

Order = tuple[str, str, str]  # action, measure, implementer


def _initiator(body: Body) -> str:
    return initiator_of(body["action_id"])


def _waits_in_vain(body: Body) -> str:
    action = body["about"]["action_id"]
    return initiator_of(action) if action and body["state"] == "overdue" else ""


# Whose reply topic it comes back to, by its body ("": nobody's).
_RETURNED: dict[str, Callable[[Body], str]] = {
    MEASURE_RESPONDED: _initiator,
    MEASURE_EXECUTED: _initiator,
    MEASURE_LIFTED: _initiator,
    ACTION_SUSPENDED: _initiator,
    ACTION_RESUMED: _initiator,
    ACTION_ENDED: _initiator,
    ACTION_CLOSED: _initiator,
    LISTING_REMOVED: lambda body: str(body["entered_by"]),
    OBJECTION_DECIDED: lambda body: str(body["raised_by"]),
    REPAIR_ACCEPTED: lambda body: str(body["requested_by"]),
    REPAIR_DECIDED: lambda body: str(body["requested_by"]),
    ENQUIRY_ANSWERED: lambda body: str(body["asker"]),
    REMINDER_DUE: _waits_in_vain,
    DELIVERY_REFUSED: lambda body: str(body["provider"]),
}
_REFUSED_LATE = [DELIVERY_CONFIRMED, DELIVERY_REFUSED]
_COUNTERS = {DELIVERY_CONFIRMED: "delivered", DELIVERY_REFUSED: "refused_by_platform"}


def check_routes(found: Conservation, topics: ByTopic, registry: Registry, bodies: Bodies) -> None:
    """Each platform's inbox holds what its routes name, in the order of the log of record."""
    for platform in registry.platforms:
        routes = [route for route in registry.routes if route.to == platform]
        expected: dict[int, list[Said]] = defaultdict(list)
        for record in topics[RECORDS]:
            if any(matches(route, record, bodies[place(record)]) for route in routes):
                expected[record.partition].append(record.said)
        held: dict[int, list[Said]] = defaultdict(list)
        for record in topics[inbox(platform)]:
            held[record.partition].append(record.said)
        found.routed[platform] = sum(len(ids) for ids in expected.values())
        for partition in expected.keys() | held.keys():
            if expected[partition] != held[partition]:
                found.differ(
                    f"{inbox(platform)}/{partition} holds {len(held[partition])} events where the"
                    f" log and the routes make {len(expected[partition])}, or in another order,"
                    " or in other words"
                )


def check_orders(found: Conservation, topics: ByTopic, registry: Registry, bodies: Bodies) -> None:
    """Each accepted initiation reached each implementer of each measure; count the answers."""
    ordered, frozen, reached = _orders(topics, registry, bodies)
    for record in topics[RECORDS]:
        if record.text("ce_type") == ACTION_INITIATED:
            for measure in bodies[place(record)]["measures"]:
                if (record.text("ce_id"), measure) not in reached:
                    found.differ(
                        f"initiation {record.text('ce_id')} reached nobody for measure {measure}"
                    )
    for order in frozen | ordered.keys():
        if order not in frozen or ordered[order] != 1:
            found.differ(f"order {order} was given {ordered[order]} times")
    found.orders = len(ordered)
    found.orders_responded = len(ordered.keys() & _answers(MEASURE_RESPONDED, topics, bodies))
    found.orders_executed = len(ordered.keys() & _answers(MEASURE_EXECUTED, topics, bodies))


def check_returns(found: Conservation, topics: ByTopic, registry: Registry, bodies: Bodies) -> None:
    """Each answer came back once to the initiator, each platform's refusal to the provider."""
    came: dict[Said, list[str]] = defaultdict(list)
    for party in registry.parties:
        for record in topics[replies(party)]:
            if record.text("ce_type") in _RETURNED:
                came[record.said].append(party)
    for record in topics[RECORDS]:
        name = _RETURNED.get(record.text("ce_type"))
        if name is None:
            continue
        owner = name(bodies[place(record)])
        if not owner:
            continue
        to = came.pop(record.said, [])
        if len(to) != 1 or to[0] not in with_successors(owner, registry):
            found.differ(
                f"{record.text('ce_type')} {record.text('ce_id')} must come back once to {owner}"
                f" and came to {to or 'nobody'}"
            )
    for (event_id, _), to in came.items():
        found.differ(f"{event_id} came back to {to} and is not in {RECORDS}")


def check_deliveries(found: Conservation, topics: ByTopic, registry: Registry) -> None:
    """Each event in a platform's inbox was confirmed or refused by that platform, once.

    A platform that looks closer later may refuse what it confirmed: then it is refused.
    """
    answers: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for record in topics[RECORDS]:
        kind = record.text("ce_type")
        if kind in _COUNTERS:
            answers[record.text("ce_source")][record.text("ce_causationid")].append(kind)
    for platform, answered in answers.items():
        for kinds in answered.values():
            if kinds == _REFUSED_LATE:
                del kinds[0]
            for kind in kinds:
                getattr(found, _COUNTERS[kind])[platform] += 1
    for platform in registry.platforms:
        held = Counter(record.text("ce_id") for record in topics[inbox(platform)])
        for event_id in held.keys() | answers[platform].keys():
            times = len(answers[platform][event_id])
            if held[event_id] != times:
                found.differ(
                    f"{platform} was given {event_id} {held[event_id]} times"
                    f" and answered it {times} times"
                )


def with_successors(party: str, registry: Registry) -> set[str]:
    """Return the party and all that ever answer for it."""
    found: set[str] = set()
    waiting = [party]
    while waiting:
        code = waiting.pop()
        if code in registry.parties and code not in found:
            found.add(code)
            waiting += registry.parties[code].successors
    return found


def matches(route: Route, record: Seen, body: Body) -> bool:
    """Return whether the route takes an accepted event of this body to its platform.

    What changes how a record stands goes where the record's own routes lead; what disputes it goes
    there as well, by the category that its key tells.
    """
    kind = record.text("ce_type")
    disputed = disputed_record(kind, body)
    if (
        disputed is not None
        and disputed["type"] in route.types
        and categories_of(record.text("ce_subject")) & route.categories
    ):
        return True
    affected = affected_record(kind, body)
    if (kind if affected is None else affected.type) not in route.types:
        return False
    subject = body.get("subject")
    return subject is None or SubjectCategory(subject["category"]) in route.categories


def _orders(
    topics: ByTopic, registry: Registry, bodies: Bodies
) -> tuple[Counter[Order], set[Order], set[tuple[str, str]]]:
    """Return the orders given, those in frozen recipient lists, and which initiation reached whom.

    The last are pairs of an initiation's event id and a measure.
    """
    ordered: Counter[Order] = Counter()
    frozen: set[Order] = set()
    reached: set[tuple[str, str]] = set()
    for party in registry.parties:
        for record in topics[inbox(party)]:
            if record.text("ce_type") == MEASURE_ORDERED:
                body = bodies[place(record)]
                action = body["action_id"]
                ordered[(action, body["measure"], party)] += 1
                frozen |= {(action, r["measure"], r["implementer"]) for r in body["recipients"]}
                reached.add((record.text("ce_causationid"), body["measure"]))
    return ordered, frozen, reached


def _answers(kind: str, topics: ByTopic, bodies: Bodies) -> set[Order]:
    answers = set()
    for record in topics[RECORDS]:
        if record.text("ce_type") == kind:
            body = bodies[place(record)]
            answers.add((body["action_id"], body["measure"], record.text("ce_source")))
    return answers
