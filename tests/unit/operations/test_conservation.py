"""The auditor sees every loss, double and disorder that is seeded into a sound history."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from tests import samples

from credit_bus.contracts.wire import Message, Wire
from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox, outbox, replies
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    ACTION_SUSPENDED,
    DELIVERY_CONFIRMED,
    DELIVERY_REFUSED,
    ENQUIRY_MADE,
    EVENT_ACCEPTED,
    EVENT_REJECTED,
    LISTING_ENTERED,
    LISTING_REMOVED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_ORDERED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_REQUESTED,
)
from credit_bus.domain.registry import Registry
from credit_bus.operations.audit import body_of
from credit_bus.operations.conservation import conserve, needs_body
from credit_bus.operations.findings import Conservation, place
from credit_bus.operations.scan import Seen
from credit_bus.runtime.batch import gate_batch, router_batch

DISTRICT = inbox("district-platform")
PLATFORMS = ("district-platform", "municipal-platform", "provincial-platform", "public-site")
REPLIES = replies(samples.PENALISING)
COURT = replies(samples.COURT)

History = list[Seen]


class Log:
    """A bus with one partition, in memory: what each topic holds."""

    def __init__(self) -> None:
        self.topics: dict[str, list[Seen]] = {}

    def write(self, topic: str, wire: Wire) -> Message:
        held = self.topics.setdefault(topic, [])
        seen = Seen(
            topic=topic,
            partition=0,
            offset=len(held),
            key=wire.key,
            headers=dict(wire.headers),
            value=wire.value,
        )
        held.append(seen)
        return Message(
            topic=topic,
            partition=0,
            offset=seen.offset,
            timestamp_ms=samples.NOW_MS,
            key=wire.key,
            headers=tuple(wire.headers),
            value=wire.value,
        )

    def judge(self, message: Message, known: dict[bytes, Any]) -> None:
        """Let gate and router work on one message of an outbox."""
        own = Wire(
            key=message.key or b"", headers=list(message.headers), value=message.value or b""
        )
        arrived = self.write(message.topic, own)
        common: dict[str, Any] = {
            "codec": samples.codec(),
            "registry": samples.registry(),
        }
        judged = gate_batch(
            [arrived], lookup=lambda _: known, partitions=1, now=samples.NOW, **common
        )
        known.update(judged.changes)
        for topic, wires in judged.records.items():
            for wire in wires:
                written = self.write(topic, wire)
                if topic == RECORDS:
                    for target, forwarded in router_batch([written], **common).records.items():
                        for each in forwarded:
                            self.write(target, each)

    def refuse_late(self, known: dict[bytes, Any], platform: str) -> None:
        """Let the platform refuse the first record of its inbox."""
        reason = {"code": "column-too-long", "field": "", "rule": "太长", "remedy": "缩短"}
        told = {"reasons": [reason], "refused_at": samples.NOW}
        record = self.topics[inbox(platform)][0]
        self.judge(samples.message(_word(platform, DELIVERY_REFUSED, record, told)), known)

    def confirm(self, known: dict[bytes, Any]) -> None:
        """Let every platform confirm what its inbox holds."""
        for platform in PLATFORMS:
            for record in list(self.topics.get(inbox(platform), [])):
                told = {
                    "acknowledgement": f"{platform} {record.offset}",
                    "delivered_at": samples.NOW,
                }
                word = _word(platform, DELIVERY_CONFIRMED, record, told)
                self.judge(samples.message(word), known)


def _word(platform: str, kind: str, record: Seen, told: dict[str, Any]) -> Event:
    """What the platform says of a record of its inbox."""
    body = {
        "event_id": record.text("ce_id"),
        "event_type": record.text("ce_type"),
        "provider": record.text("ce_source"),
        "event_revision": int(record.text("ce_revision")),
        **told,
    }
    return samples.said(
        kind,
        body,
        party=platform,
        subject=record.text("ce_subject"),
        causation_id=record.text("ce_id"),
    )


def history(*, refused_late_by: str | None = None) -> History:
    """Two penalties, one repeated, one bad; an initiation with an answer and all that can follow
    it; a listing, a registration, and what changes how a record stands; everything confirmed.
    """
    log, known = Log(), dict[bytes, Any]()
    for event in (
        samples.penalty(1),
        samples.penalty(2),
        samples.penalty(1),
        samples.penalty(3, violation=""),
        samples.initiation(1),
        samples.response(1),
    ):
        log.judge(samples.message(event), known)
    for kind in samples.COURSE:
        log.judge(samples.message(samples.of_course(kind, 1)), known)
    quiet = samples.of_course(REMINDER_DUE, 1, state="due", because_of="f" * 32)
    log.judge(samples.message(quiet), known)
    for kind in samples.STANDING:
        log.judge(samples.message(samples.of_standing(kind, 1)), known)
    log.confirm(known)
    if refused_late_by is not None:
        log.refuse_late(known, refused_late_by)
    return [seen for topic in log.topics.values() for seen in topic]


def look(seen: History, *, registry: Registry | None = None) -> Conservation:
    codec = samples.codec()
    bodies = {place(record): body_of(record, codec) for record in seen if needs_body(record)}
    return conserve(seen, registry=registry or samples.registry(), bodies=bodies)


def first(topic: str, kind: str = "") -> Callable[[Seen], bool]:
    return lambda seen: seen.topic == topic and (not kind or seen.text("ce_type") == kind)


def without(seen: History, which: Callable[[Seen], bool]) -> History:
    """The history with one record lost."""
    at = next(n for n, record in enumerate(seen) if which(record))
    return seen[:at] + seen[at + 1 :]


def doubled(seen: History, which: Callable[[Seen], bool]) -> History:
    """The history with one record written twice."""
    record = next(record for record in seen if which(record))
    return [*seen, replace(record, offset=10_000)]


def changed(seen: History, which: Callable[[Seen], bool], *, body: int = 0, **to: Any) -> History:
    """The history with one record changed; `body` puts another penalty's body in its place."""
    if body:
        to["value"] = samples.message(samples.penalty(body)).value
    at = next(n for n, record in enumerate(seen) if which(record))
    return [*seen[:at], replace(seen[at], **to), *seen[at + 1 :]]


def swapped(seen: History, topic: str) -> History:
    """The history with the first two records of a topic in the other order."""
    one, two = [n for n, record in enumerate(seen) if record.topic == topic][:2]
    other = list(seen)
    other[one], other[two] = seen[two], seen[one]
    return other


def test_a_sound_history_adds_up() -> None:
    found = look(history())

    assert [] == found.differences
    assert {"penalty.decided": 4} == {k: v for k, v in found.said.items() if "penalty" in k}
    assert (2, 1, 1) == (
        found.accepted["penalty.decided"],
        found.duplicates["penalty.decided"],
        found.rejected["penalty.decided"],
    )
    assert {"text-missing": 1} == found.reasons
    assert found.routed == found.delivered
    followed = len(samples.COURSE) + 1
    assert {
        "district-platform": 4 + followed + len(samples.STANDING),
        "municipal-platform": 2 + 5 + 2,  # all but the registration; an objection, its decision
        "provincial-platform": 2 + 3 + 2,  # what changes how the penalty stands or is shown
        "public-site": 2 + 5 + 2 + 1,  # as the city, and the public word
    } == dict(found.delivered)
    assert followed == sum(found.accepted[kind] for kind in samples.COURSE)
    assert (6, 1, 0) == (found.orders, found.orders_responded, found.orders_executed)


def test_what_a_platform_confirmed_and_refused_later_is_refused() -> None:
    sound, late = look(history()), look(history(refused_late_by="provincial-platform"))

    assert [] == late.differences
    assert {"provincial-platform": 1} == dict(late.refused_by_platform)
    one = Counter({"provincial-platform": 1})
    assert sound.delivered == late.delivered + one


@pytest.mark.parametrize("kind", [DELIVERY_CONFIRMED, DELIVERY_REFUSED])
def test_each_word_of_a_late_refusal_counts_once(kind: str) -> None:
    seen = history(refused_late_by="provincial-platform")
    ids = [each.text("ce_causationid") for each in seen if each.text("ce_type") == DELIVERY_REFUSED]

    def is_one(record: Seen) -> bool:
        named = (record.topic, record.text("ce_type"), record.text("ce_source"))
        about = record.text("ce_causationid")
        return named == (RECORDS, kind, "provincial-platform") and about == ids[0]

    assert look(doubled(seen, is_one)).differences


FAULTS: dict[str, Callable[[History], History]] = {
    "a record lost from the log": lambda h: without(h, first(RECORDS)),
    "a record twice in the log": lambda h: doubled(h, first(RECORDS)),
    "the log in another order than it was said": lambda h: swapped(h, RECORDS),
    "a record nobody said": lambda h: without(h, first(outbox(samples.PENALISING))),
    "an acceptance not told": lambda h: without(h, first(REPLIES, EVENT_ACCEPTED)),
    "an acceptance told twice": lambda h: doubled(h, first(REPLIES, EVENT_ACCEPTED)),
    "a rejection not told": lambda h: without(h, first(REPLIES, EVENT_REJECTED)),
    "a refused message not kept": lambda h: without(h, first(QUARANTINE)),
    "a refused message kept twice": lambda h: doubled(h, first(QUARANTINE)),
    "an event not given to a platform": lambda h: without(h, first(DISTRICT)),
    "an event given to a platform twice": lambda h: doubled(h, first(DISTRICT)),
    "a platform's inbox in another order": lambda h: swapped(h, DISTRICT),
    "an order not given": lambda h: without(h, first(inbox("finance"), MEASURE_ORDERED)),
    "an order given twice": lambda h: doubled(h, first(inbox("finance"), MEASURE_ORDERED)),
    "an answer that did not come back": lambda h: without(h, first(COURT, MEASURE_RESPONDED)),
    "an answer that came back twice": lambda h: doubled(h, first(COURT, MEASURE_RESPONDED)),
    "an answer that came to somebody else": lambda h: changed(
        h, first(COURT, MEASURE_RESPONDED), topic=replies("transport"), offset=10_000
    ),
    "an implementer not told to stop": lambda h: without(
        h, first(inbox("youth-league"), ACTION_SUSPENDED)
    ),
    "an implementer told twice that it ended": lambda h: doubled(
        h, first(inbox("finance"), ACTION_ENDED)
    ),
    "a stranger told of a suspension": lambda h: changed(
        h, first(inbox("finance"), ACTION_SUSPENDED), topic=inbox("transport"), offset=10_000
    ),
    "an objection that its provider never got": lambda h: without(
        h, first(inbox(samples.PENALISING), OBJECTION_RAISED)
    ),
    "an enquiry that nobody answers": lambda h: without(h, first(inbox("hub"), ENQUIRY_MADE)),
    "a decision on an objection not told": lambda h: without(
        h, first(replies(samples.WINDOW), OBJECTION_DECIDED)
    ),
    "a lifting of which its initiator is not told": lambda h: without(
        h, first(COURT, MEASURE_LIFTED)
    ),
    "an acceptance of a repair not told": lambda h: without(
        h, first(replies(samples.WINDOW), REPAIR_ACCEPTED)
    ),
    "an overdue answer of which its initiator is not told": lambda h: without(
        h, first(COURT, REMINDER_DUE)
    ),
    "a repair asked of somebody who never got it from the log": lambda h: changed(
        h,
        first(inbox(samples.PENALISING), REPAIR_REQUESTED),
        headers={"ce_type": REPAIR_REQUESTED.encode(), "ce_id": b"f" * 32},
    ),
    **{
        f"a {kind} that {platform} was not given": lambda h, k=kind, p=platform: without(
            h, first(inbox(p), k)
        )
        for kind, platform in (
            *product(samples.STANDING, ["district-platform"]),
            *product(
                [RECORD_CORRECTED, RECORD_WITHDRAWN, PUBLICITY_ENDED], ["provincial-platform"]
            ),
            *product(
                [OBJECTION_RAISED, OBJECTION_DECIDED],
                ["municipal-platform", "provincial-platform", "public-site"],
            ),
            *product(
                [LISTING_ENTERED, LISTING_REMOVED, RECORD_WITHDRAWN, PUBLICITY_ENDED],
                ["municipal-platform", "public-site"],
            ),
        )
    },
    "a removal of which who entered was not told": lambda h: without(
        h, first(replies(samples.LISTING), LISTING_REMOVED)
    ),
    "a record in other words": lambda h: changed(h, first(RECORDS, "penalty.decided"), body=2),
    "an event given in other words": lambda h: changed(h, first(DISTRICT), body=2),
    "a refused message that was not kept whole": lambda h: changed(
        h, first(QUARANTINE), value=b"cut"
    ),
    "a confirmation lost": lambda h: without(h, first(RECORDS, DELIVERY_CONFIRMED)),
    "a confirmation twice": lambda h: doubled(h, first(RECORDS, DELIVERY_CONFIRMED)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_seen(fault: str) -> None:
    assert [] != look(FAULTS[fault](history())).differences


def test_a_withdrawal_not_given_to_who_has_the_record_is_seen_whatever_the_routes_say() -> None:
    """A route that was taken away since does not excuse: the platform still has the record."""
    today = samples.registry()
    kept = tuple(each for each in today.routes if each.to != "provincial-platform")
    seen = without(history(), first(inbox("provincial-platform"), RECORD_WITHDRAWN))
    withdrawal = samples.of_standing(RECORD_WITHDRAWN, 1)
    found = look(seen, registry=replace(today, routes=kept))

    sentence = (
        f"provincial-platform has penalty.decided {samples.penalty(1).body['document_number']} of"
        f" market-regulation and was not given {withdrawal.id}, which changes how it stands"
    )

    assert [sentence] == [each for each in found.differences if "changes how" in each]


@pytest.mark.parametrize("kind", [OBJECTION_RAISED, OBJECTION_DECIDED])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_that_has_the_record_and_was_not_told_that_it_is_disputed_is_named(
    platform: str, kind: str
) -> None:
    found = look(without(history(), first(inbox(platform), kind)))

    sentence = (
        f"{platform} has penalty.decided {samples.penalty(1).body['document_number']} of"
        f" market-regulation and was not given {samples.of_course(kind, 1).id}, which disputes it"
        " or answers the doubt"
    )
    assert [sentence] == [each for each in found.differences if "the doubt" in each]


def test_an_initiation_that_reached_nobody_is_seen() -> None:
    found = look([r for r in history() if r.text("ce_type") != MEASURE_ORDERED])

    assert any("reached nobody" in sentence for sentence in found.differences)


def test_what_the_hub_says_and_the_gate_refuses_is_a_finding_with_a_line_of_its_own() -> None:
    """A department's refusal is its own affair; the hub's can only be a mistake of the bus."""
    log, known = Log(), dict[bytes, Any]()
    unlawful = samples.of_course(ACTION_ENDED, 1, cause="withdrawn", because_of=None)
    log.judge(samples.message(samples.penalty(3, violation="")), known)
    log.judge(samples.message(unlawful), known)
    log.confirm(known)
    found = look([seen for topic in log.topics.values() for seen in topic])

    line = (
        "the gate refused what hub said at credit.outbox.hub/0@0 (explanation-missing):"
        " a mistake of ours"
    )
    assert [line] == found.differences


def test_a_party_that_forges_the_bus_s_own_types_does_not_blind_the_auditor() -> None:
    log, known = Log(), dict[bytes, Any]()
    forged = samples.message(samples.penalty())
    headers = tuple(
        (name, b"event.rejected" if name == "ce_type" else value) for name, value in forged.headers
    )
    log.judge(replace(forged, headers=headers, value=b"\x00\x00"), known)
    found = look([seen for topic in log.topics.values() for seen in topic])

    assert [] == found.differences
    assert 1 == sum(found.rejected.values())


def test_the_number_of_sentences_is_bounded() -> None:
    found = Conservation()
    for number in range(1_000):
        found.differ(str(number))

    assert 50 == len(found.differences)
    assert MEASURE_EXECUTED not in found.accepted
