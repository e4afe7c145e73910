"""What is kept of events beside their hops: counts, order, repetitions; as rows and back."""

from collections.abc import Sequence
from typing import Any

from credit_bus.operations.adding_up.ledger import Found, Known, flows_of
from credit_bus.operations.adding_up.repeats import Repeats
from credit_bus.operations.adding_up.sequence import Flow, Step
from credit_bus.operations.trace.hops import Hop, PartitionOf
from credit_bus_connectors.monitor import following_queries as queries
from credit_bus_connectors.monitor import hop_rows
from credit_bus_connectors.platforms.pool import Connection


def known(connection: Connection, names: set[bytes], batch: Sequence[Hop]) -> Known:
    """Return what is kept of these events, and how far the flows are that a batch concerns."""
    hops = hop_rows.of_accounts(connection, names) if names else []
    given = columns_of(sorted(flows_of([*hops, *batch])))
    reached: dict[Flow, Step] = {
        (topic, partition): Step(before=before, after=after)
        for topic, partition, before, after in connection.execute(queries.SEQUENCES, given)
    }
    passed: dict[Flow, int] = {
        (topic, partition): offset
        for topic, partition, offset in connection.execute(queries.PASSED, given)
    }
    told = connection.execute(queries.REPEATED, {"names": sorted(names)})
    repeats = {
        bytes(name): Repeats(
            last_at=last_at, said=said, answered=answered, rejected=rejected, kept=kept
        )
        for name, last_at, said, answered, rejected, kept in told
    }
    return Known(hops=hops, reached=reached, passed=passed, repeats=repeats)


def write(connection: Connection, found: Found) -> None:
    """Write counts, order and repetitions as they are after a batch."""
    # In one order always, so that no two transactions wait for each other.
    counts = sorted(found.counts.items())
    told = {
        "hours": [count[0] for count, _ in counts],
        "types": [count[1] for count, _ in counts],
        "words": [count[2] for count, _ in counts],
        "times": [times for _, times in counts],
    }
    connection.execute(queries.COUNT, told)
    steps = sorted(found.reached.items())
    ends = {"befores": [s.before for _, s in steps], "afters": [s.after for _, s in steps]}
    flows = columns_of([flow for flow, _ in steps])
    connection.execute(queries.STORE_SEQUENCES, {**flows, **ends})
    answers = sorted(found.answered.items())
    flows = columns_of([flow for flow, _ in answers])
    offsets = [offset for _, offset in answers]
    connection.execute(queries.STORE_ANSWERED, {**flows, "offsets": offsets})
    with connection.cursor() as cursor:
        cursor.executemany(
            queries.REPEAT,
            [
                (name, told.last_at, told.said, told.answered, told.rejected, told.kept)
                for name, told in sorted(found.repeats.items())
            ],
        )


def columns_of(partitions: Sequence[PartitionOf]) -> dict[str, list[Any]]:
    """Return partitions as a statement takes them: their topics, and their numbers."""
    return {
        "topics": [topic for topic, _ in partitions],
        "partitions": [number for _, number in partitions],
    }
