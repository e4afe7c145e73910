"""What a platform passed over is parked; what it has not come to yet is in flight."""

import psycopg
import pytest

from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.trace_store import TraceStore

MUNICIPAL = "municipal-platform"
_HOP = """
INSERT INTO operations.hop (name, kind, topic, partition, log_offset, at, type, source, digest,
                            revision, about, rule, codes)
VALUES (%(name)s, %(kind)s, %(topic)s, 0, %(offset)s, now(), %(type)s, %(source)s, '', 1, %(about)s,
        '', '{}')
"""
_LAG = """
INSERT INTO operations.lag_now (group_id, topic, partition, status, completeness, committed,
                                log_start, end_offset, events, lost, ahead, waiting_since, members)
VALUES (%s, %s, 0, 'OK', 1, %s, 0, 8, 3, 0, 0, now() - interval '1 minute', 1)
"""


def name(number: int) -> bytes:
    return bytes(15) + bytes([number])


@pytest.fixture
def passed(provisioned: str) -> str:
    """Events 5, 6 and 7 wait; the platform has answered 6."""
    topic = f"credit.inbox.{MUNICIPAL}"
    with psycopg.connect(provisioned) as connection:
        for offset in (4, 5, 6, 7):
            given = {"name": name(offset), "kind": 7, "topic": topic, "offset": offset}
            told = {"type": "penalty.decided", "source": "market-regulation", "about": None}
            connection.execute(_HOP, given | told)
        word = {"name": name(99), "kind": 2, "topic": "credit.records", "offset": 1}
        told = {"type": "delivery.confirmed", "source": MUNICIPAL, "about": name(6)}
        connection.execute(_HOP, word | told)
        connection.execute(_LAG, [f"connector-{MUNICIPAL}", topic, 5])
        connection.execute(_LAG, ["somebody-else", topic, 0])
        connection.execute("INSERT INTO operations.answered VALUES (%s, 0, 6)", [topic])
    return provisioned


def test_what_was_passed_over_is_parked_and_nothing_else(
    passed: str, connections: Connections
) -> None:
    assert {MUNICIPAL: 1} == TraceStore(connections).parked()


def test_nothing_is_parked_where_nothing_waits(provisioned: str, connections: Connections) -> None:
    assert {} == TraceStore(connections).parked()
