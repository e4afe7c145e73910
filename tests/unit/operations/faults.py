"""What each loss of an engine leaves of a true history, and what it must be called."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from tests import samples
from tests.unit.operations.histories import PLATFORMS, History, undecodable, usual

from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox, outbox, replies
from credit_bus.domain.event_types import EVENT_ACCEPTED, EVENT_REJECTED, MEASURE_ORDERED

ANY = "*"  # wherever
DISTRICT, RECORDS_AND_RECEIPT = inbox("district-platform"), replies(samples.PENALISING)

Which = Callable[[Message], bool]


def at(topic: str, kind: str = "") -> Which:
    """Return what tells records of a topic, and of a type."""
    return lambda each: (
        each.topic == topic and (not kind or dict(each.headers)["ce_type"] == kind.encode())
    )


def without(history: History, which: Which, *, most: int = 1, last: bool = False) -> History:
    """Return the history without the first (or last) records of that kind."""
    places = [n for n, each in enumerate(history) if which(each)]
    assert places, "a fault must hit something"
    gone = set(places[-most:] if last else places[:most])
    return [each for n, each in enumerate(history) if n not in gone]


def doubled(history: History, *whiches: Which) -> History:
    """Return the history with the first record of each kind written a second time."""
    end = max(each.timestamp_ms for each in history)
    again = [next(each for each in history if which(each)) for which in whiches]
    return [*history, *(replace(each, offset=10_000, timestamp_ms=end) for each in again)]


def altered(history: History, which: Which) -> History:
    """Return the history with another body in one record."""
    where = next(n for n, each in enumerate(history) if which(each))
    body = samples.message(samples.penalty(77)).value
    return [*history[:where], replace(history[where], value=body), *history[where + 1 :]]


def swapped(history: History, topic: str) -> History:
    """Return the history with two neighbours of a partition in the other order."""
    of_topic = [each for each in history if each.topic == topic]
    one, two = next(
        (a, b)
        for a in of_topic
        for b in of_topic
        if a.partition == b.partition and b.offset == a.offset + 1
    )
    return _exchanged(history, one, two)


def _exchanged(history: History, one: Message, two: Message) -> History:
    moved = {
        id(one): replace(two, offset=one.offset, timestamp_ms=one.timestamp_ms),
        id(two): replace(one, offset=two.offset, timestamp_ms=two.timestamp_ms),
    }
    return [moved.get(id(each), each) for each in history]


def _id_of(message: Message) -> str:
    return dict(message.headers).get("ce_id", b"").decode()


def _cause_of(message: Message) -> str:
    return dict(message.headers).get("ce_causationid", b"").decode()


def _is_penalty(message: Message, number: int) -> bool:
    return _id_of(message) == samples.penalty(number).id


def _is_receipt_of(message: Message, event_id: str) -> bool:
    is_receipt = message.topic.startswith(replies(""))
    kind = dict(message.headers).get("ce_type", b"").decode()
    return is_receipt and kind == EVENT_ACCEPTED and _cause_of(message) == event_id


def _follows(message: Message, event_id: str) -> bool:
    """Whether it follows from the event, anywhere but in its outbox."""
    is_its = event_id in (_id_of(message), _cause_of(message))
    return is_its and message.topic != outbox(samples.PENALISING)


def _skipped(history: History, *, penalty: int) -> History:
    """Nothing followed from what was said."""
    gone = samples.penalty(penalty).id
    return [each for each in history if not _follows(each, gone)]


def _unrouted(history: History, *, penalty: int) -> History:
    """It was accepted, and nothing followed."""
    gone = samples.penalty(penalty).id
    return [
        each
        for each in history
        if not _follows(each, gone) or each.topic in (RECORDS, RECORDS_AND_RECEIPT)
        if not (_cause_of(each) == gone and each.topic == RECORDS)
    ]


def _unsaid(history: History) -> History:
    """The log and the receipts hold what nobody said."""
    return [
        each
        for each in history
        if not (_is_penalty(each, 2) and each.topic == outbox(samples.PENALISING))
    ]


def _dropped(history: History) -> History:
    """Nothing followed from what nobody can read."""
    bad = undecodable(4)
    return [
        each
        for each in history
        if each.topic == outbox(samples.PENALISING) or not _follows(each, _id_of(bad))
    ]


def _revisions_swapped(history: History) -> History:
    """The district platform was given the second revision of a penalty first."""
    ids = [samples.penalty(1, revision=revision).id for revision in (1, 2)]
    one, two = (
        next(each for each in history if each.topic == DISTRICT and _id_of(each) == name)
        for name in ids
    )
    return _exchanged(history, one, two)


def _astray(history: History) -> History:
    """A penalty stands in the inbox of a department that nobody named."""
    found = next(each for each in history if each.topic == DISTRICT)
    return [*history, replace(found, topic=inbox("finance"), offset=10_000)]


def _passed_over(_: History) -> History:
    """The district platform's connector went past a penalty without a word."""
    gone = (samples.penalty(2).id, b"district-platform")
    words = (outbox("district-platform"), RECORDS)
    return [
        each
        for each in usual()
        if each.topic not in words or (_cause_of(each), dict(each.headers)["ce_source"]) != gone
    ]


# What each loss of faust.md would leave of a true history, and what it must be called.
FAULTS: Mapping[str, tuple[Callable[[History], History], set[tuple[str, str]]]] = {
    "L1: the commit jumps over an event in work": (
        lambda h: _skipped(h, penalty=2),
        {("unanswered", outbox(samples.PENALISING))},
    ),
    "L2: an exception acknowledges, and the router skips": (
        lambda h: _unrouted(h, penalty=2),
        {("unrouted", inbox(platform)) for platform in PLATFORMS},
    ),
    "L3: a retry that was asked for never comes, an order is not given": (
        lambda h: without(h, at(inbox("finance"), MEASURE_ORDERED)),
        {("unrouted", inbox("finance"))},
    ),
    "L4: an output is not confirmed before the commit: quarantine": (
        lambda h: without(h, at(QUARANTINE)),
        {("unkept", QUARANTINE)},
    ),
    "L4: an output is not confirmed before the commit: an inbox": (
        lambda h: without(h, at(DISTRICT)),
        {("unrouted", DISTRICT)},
    ),
    "L5: the tail of the outputs was never sent: receipts": (
        lambda h: without(h, at(RECORDS_AND_RECEIPT, EVENT_ACCEPTED), most=1),
        {("unanswered", outbox(samples.PENALISING)), ("unreceipted", RECORDS_AND_RECEIPT)},
    ),
    "L5: the tail of the outputs was never sent: the log": (
        lambda h: without(h, at(RECORDS)),
        {("unlogged", RECORDS), *(("nowhere", inbox(each)) for each in PLATFORMS)},
    ),
    "L6: a commit failed, and the gate does it all again": (
        lambda h: doubled(h, at(RECORDS), at(RECORDS_AND_RECEIPT, EVENT_ACCEPTED)),
        {("doubled", RECORDS), ("doubled", RECORDS_AND_RECEIPT)},
    ),
    "L6: a commit failed, and the router does it all again": (
        lambda h: doubled(h, at(DISTRICT), at(inbox("finance"), MEASURE_ORDERED)),
        {("doubled", DISTRICT), ("doubled", inbox("finance"))},
    ),
    "L7: what was skipped in a rebalance counts as done": (
        lambda h: _skipped(_skipped(h, penalty=2), penalty=1),
        {("unanswered", outbox(samples.PENALISING))},
    ),
    "L8: one output too many: of what was never said": (
        _unsaid,
        {("nowhere", RECORDS), ("nowhere", RECORDS_AND_RECEIPT)},
    ),
    "L8: one output too many: of what was never committed": (
        lambda h: without(
            without(h, lambda each: _is_penalty(each, 2) and each.topic == RECORDS),
            lambda each: _is_receipt_of(each, samples.penalty(2).id),
        ),
        {
            ("unanswered", outbox(samples.PENALISING)),
            *(("nowhere", inbox(each)) for each in PLATFORMS),
        },
    ),
    "a connector commits past what it did not deliver": (
        _passed_over,
        {("undelivered", DISTRICT)},
    ),
    "L9: what does not decode is dropped": (
        _dropped,
        {("unanswered", outbox(samples.PENALISING))},
    ),
    "the log in another order than it was said": (
        lambda h: swapped(h, RECORDS),
        {("disordered", ANY)},
    ),
    "an inbox in another order than the log": (
        lambda h: swapped(h, DISTRICT),
        {("disordered", DISTRICT)},
    ),
    "two revisions of one document in the other order with a platform": (
        _revisions_swapped,
        {("disordered", DISTRICT)},
    ),
    "another body in the log": (
        lambda h: altered(h, at(RECORDS)),
        {("altered", ANY)},
    ),
    "another body in an inbox": (lambda h: altered(h, at(DISTRICT)), {("altered", DISTRICT)}),
    "another body in quarantine": (
        lambda h: altered(h, at(QUARANTINE)),
        {("altered", QUARANTINE)},
    ),
    "a rejection that is not told": (
        lambda h: without(h, at(RECORDS_AND_RECEIPT, EVENT_REJECTED)),
        {("unanswered", outbox(samples.PENALISING))},
    ),
    "a refused message kept twice": (
        lambda h: doubled(h, at(QUARANTINE)),
        {("doubled", QUARANTINE)},
    ),
    "an event with a platform that no route names": (
        _astray,
        {("nowhere", inbox("finance"))},
    ),
}
