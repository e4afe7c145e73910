"""What parties said against what became of it: verdicts, order, receipts."""

from collections import Counter, defaultdict

from credit_bus.domain.channels import QUARANTINE, RECORDS, outbox, replies
from credit_bus.domain.event_types import EVENT_ACCEPTED, EVENT_REJECTED, EVENT_TYPES
from credit_bus.domain.registry import Registry, Role
from credit_bus.operations.findings import Bodies, ByTopic, Conservation, Place, Said, at, place
from credit_bus.operations.scan import Seen

Name = tuple[str, str]  # source and id


def check_verdicts(found: Conservation, topics: ByTopic, registry: Registry) -> None:
    """Every message of an outbox is accepted once, or said before, or in quarantine."""
    accepted = Counter(_name(record) for record in topics[RECORDS])
    for (source, event_id), times in accepted.items():
        if times > 1:
            found.differ(f"{source} {event_id} stands {times} times in {RECORDS}")
    quarantined: dict[Place, list[Seen]] = defaultdict(list)
    for record in topics[QUARANTINE]:
        quarantined[_origin(record)].append(record)
    met: set[Name] = set()
    for party in registry.parties:
        for record in topics[outbox(party)]:
            _check_verdict(found, record, quarantined[place(record)], accepted, met)
    for source, event_id in set(accepted) - met:
        found.differ(f"{source} {event_id} stands in {RECORDS}, but its party never said it")


def _check_verdict(
    found: Conservation,
    record: Seen,
    quarantined: list[Seen],
    accepted: Counter[Name],
    met: set[Name],
) -> None:
    kind = record.text("ce_type") or "?"
    name = _name(record)
    found.said[kind] += 1
    if quarantined:
        found.rejected[kind] += 1
        if [kept.value or b"" for kept in quarantined] != [record.value or b""]:
            found.differ(f"{at(record)} does not stand once and whole in {QUARANTINE}")
    elif name in met:
        found.duplicates[kind] += 1
    elif accepted[name]:
        met.add(name)
        found.accepted[kind] += 1
    else:
        found.differ(f"{at(record)} ({kind}) has no verdict")


def check_sequence(found: Conservation, topics: ByTopic, registry: Registry) -> None:
    """What a party said stands in the log of record in the order in which it said it."""
    for party in registry.parties:
        kept: dict[int, list[Said]] = defaultdict(list)
        for record in topics[RECORDS]:
            if record.text("ce_source") == party:
                kept[record.partition].append(record.said)
        said: dict[int, dict[Said, None]] = defaultdict(dict)
        accepted = {each for said_there in kept.values() for each in said_there}
        for record in topics[outbox(party)]:
            if record.said in accepted and record.text("ce_source") == party:
                said[record.partition].setdefault(record.said)
        for partition in kept.keys() | said.keys():
            if kept[partition] != list(said[partition]):
                found.differ(
                    f"{party}: what it said in partition {partition} stands in another order, or"
                    f" in other words, in {RECORDS}"
                )


def check_receipts(
    found: Conservation, topics: ByTopic, registry: Registry, bodies: Bodies
) -> None:
    """Every message was answered to its sender, exactly once."""
    rejected = Counter(record.text("quarantine-topic") for record in topics[QUARANTINE])
    for party in registry.parties:
        told = _rejections(found, topics[replies(party)], bodies)
        expected = Counter(
            record.text("ce_id")
            for record in topics[outbox(party)]
            if not told[place(record)] and _is_answered(record)
        )
        accepted = Counter(
            record.text("ce_causationid")
            for record in topics[replies(party)]
            if record.text("ce_type") == EVENT_ACCEPTED
        )
        for event_id in expected.keys() | accepted.keys():
            if expected[event_id] != accepted[event_id]:
                found.differ(
                    f"{party} said {event_id} {expected[event_id]} times acceptably"
                    f" and was told so {accepted[event_id]} times"
                )
        in_quarantine = rejected[outbox(party)]
        if in_quarantine != sum(told.values()):
            found.differ(f"{party}: {in_quarantine} in {QUARANTINE}, {sum(told.values())} told")


def check_hub(found: Conservation, topics: ByTopic, registry: Registry, bodies: Bodies) -> None:
    """Nothing that the hub says is refused: casework speaks by the rules that the gate has."""
    for party in registry.parties.values():
        if party.role is not Role.HUB:
            continue
        for record in topics[replies(party.code)]:
            if record.text("ce_type") == EVENT_REJECTED:
                body = bodies[place(record)]
                codes = ", ".join(reason["code"] for reason in body["reasons"])
                found.differ(
                    f"the gate refused what {party.code} said at {body['topic']}/"
                    f"{body['partition']}@{body['offset']} ({codes}): a mistake of ours"
                )


def _rejections(found: Conservation, told: list[Seen], bodies: Bodies) -> Counter[Place]:
    """Return which places a party was told to be rejected; count replies and reasons."""
    places: Counter[Place] = Counter()
    for record in told:
        kind = record.text("ce_type")
        found.replies[kind] += 1
        if kind == EVENT_REJECTED:
            body = bodies[place(record)]
            places[(body["topic"], body["partition"], body["offset"])] += 1
            for reason in body["reasons"]:
                found.reasons[reason["code"]] += 1
    return places


def _is_answered(record: Seen) -> bool:
    row = EVENT_TYPES.get(record.text("ce_type"))
    return row is not None and row.receipt


def _name(record: Seen) -> Name:
    return (record.text("ce_source"), record.text("ce_id"))


def _origin(record: Seen) -> Place:
    return (
        record.text("quarantine-topic"),
        int(record.text("quarantine-partition")),
        int(record.text("quarantine-offset")),
    )
