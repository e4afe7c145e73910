"""What a peer wrote: when, how much, and whether it is the same as the reference.

Order is compared per topic and key, which is what the bus promises; times of the run are left out.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from kafka import KafkaConsumer, TopicPartition

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import Wire
from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox
from credit_bus.domain.reason import Reason

# When something was said, judged or kept is of the run, not of the work.
_TIMES_IN_BODIES = ("accepted_at", "rejected_at")
_OF_THE_RUN = ("ce_time", "quarantine-timestamp")
_INBOX = inbox("")

# Headers of one name stay in their order: a reader takes the last.
_name = itemgetter(0)

Digests = dict[tuple[str, bytes], list[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """All that was written, as digests in order per topic and key, and when events were done."""

    digests: Digests
    done_ms: tuple[int, ...]  # broker's time of each event's last record in a final topic, sorted


class Normaliser:
    """Turns a record into a digest that does not depend on when it was written."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    def digest(self, topic: str, headers: Iterable[tuple[str, bytes]], value: bytes) -> bytes:
        """Return 16 bytes that tell what a record says."""
        forwarded = topic == RECORDS or topic.startswith(_INBOX)
        kept = [(name, text) for name, text in headers if forwarded or name not in _OF_THE_RUN]
        body: object = value
        if not forwarded and topic != QUARANTINE:
            decoded = self._codec.decode(value, expected_type=None)
            assert not isinstance(decoded, Reason), f"{topic} holds what nobody can read"
            body = {k: v for k, v in decoded.items() if k not in _TIMES_IN_BODIES}
        said = repr((sorted(kept, key=_name), body)).encode()
        return hashlib.blake2b(said, digest_size=16).digest()


def reference(records: Mapping[str, Sequence[Wire]], normaliser: Normaliser) -> Digests:
    """Return what the pure step made, in the form of `read`."""
    digests: Digests = defaultdict(list)
    for topic, wires in records.items():
        for wire in wires:
            digests[topic, wire.key].append(normaliser.digest(topic, wire.headers, wire.value))
    return dict(digests)


def read(
    broker: str, topics: Iterable[str], normaliser: Normaliser, *, finals: Collection[str]
) -> Written:
    """Return everything committed in the topics.

    What a record says tells its event, too: in all inboxes it says the same.
    """
    consumer = KafkaConsumer(
        bootstrap_servers=broker,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_poll_records=5_000,
        max_partition_fetch_bytes=8 * 1024 * 1024,
    )
    digests: Digests = defaultdict(list)
    done: dict[bytes, int] = {}
    try:
        tps = [
            TopicPartition(topic, number)
            for topic in topics
            for number in consumer.partitions_for_topic(topic) or ()
        ]
        consumer.assign(tps)
        ends = consumer.end_offsets(tps)
        consumer.seek_to_beginning(*tps)
        behind = {tp for tp in tps if ends[tp] > 0}
        while behind:
            for batch in consumer.poll(timeout_ms=500).values():
                for each in batch:
                    digest = normaliser.digest(each.topic, each.headers, each.value)
                    digests[each.topic, each.key].append(digest)
                    if each.topic in finals:
                        done[digest] = max(each.timestamp, done.get(digest, 0))
            behind = {tp for tp in behind if consumer.position(tp) < ends[tp]}
    finally:
        consumer.close()
    return Written(digests=dict(digests), done_ms=tuple(sorted(done.values())))


def differences(expected: Digests, found: Digests) -> list[str]:
    """Return where two outputs differ; empty when they say the same in the same order."""
    wrong = [
        place for place in expected.keys() | found.keys() if expected.get(place) != found.get(place)
    ]
    by_topic: dict[str, int] = defaultdict(int)
    for topic, _ in wrong:
        by_topic[topic] += 1
    return [f"{topic}: {count} keys differ" for topic, count in sorted(by_topic.items())]


def events_per_second(times_ms: Sequence[int]) -> float:
    """Return the rate after the first moment: what the first transaction held is not counted."""
    first, last = times_ms[0], times_ms[-1]
    after = sum(1 for time in times_ms if time > first)
    return after / max(1, last - first) * 1000
