"""Canaries: said for every party by a watch, and found again in what the reader keeps.

A canary is an event like any other, in the name of the party whose outbox it tries; it is about
nobody, and counts for nobody. All of a round go out in one transaction.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from kafka.errors import KafkaError

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import write_event
from credit_bus.domain.calendar import in_milliseconds, local_day
from credit_bus.domain.channels import outbox
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import CANARY_SENT
from credit_bus.domain.registry import Registry
from credit_bus.domain.upkeep import nobodys_key
from credit_bus.logs import logger
from credit_bus.operations.canaries import Canary
from credit_bus_connectors.departments.failures import bounded
from credit_bus_connectors.departments.producer import (
    TRANSACTION_SECONDS_MAX,
    bring,
    open_producer,
    record_of,
)
from credit_bus_connectors.departments.statement import make_event
from credit_bus_connectors.monitor.process import WATCH_SECONDS_MAX, Stop, Watch
from credit_bus_connectors.platforms.pool import Pool

CANARIES_READ_MAX = 20_000
CLOSE_SECONDS_MAX = 30.0
SENT = "monitor.canaries-sent"
_TRANSACTIONAL_ID = "credit-bus.canaries"

_READ = """
SELECT said.source, said.at,
       (SELECT min(at) FROM operations.hop AS logged
         WHERE logged.name = said.name AND logged.kind = 2),
       (SELECT coalesce(json_object_agg(source, extract(epoch FROM at)), '{}')
          FROM (SELECT source, min(at) AS at FROM operations.hop AS word
                 WHERE word.about = said.name AND word.kind = 2
                   AND word.type = 'delivery.confirmed'
                 GROUP BY source) AS confirmed)
  FROM operations.hop AS said
 WHERE said.type = 'canary.sent' AND said.kind = 1 AND said.at >= %s
 ORDER BY said.at DESC LIMIT %s
"""

log = logger()


def canary_watch(broker: str, registry: Registry, codec: Codec, *, every_seconds: float) -> Watch:
    """Return the watch that says a round of canaries each so many seconds."""

    def work(stop: Stop) -> None:
        producer = open_producer(
            {"bootstrap_servers": broker, "client_id": _TRANSACTIONAL_ID},
            transactional_id=_TRANSACTIONAL_ID,
        )
        try:
            while not stop.is_asked:
                begun = time.monotonic()
                events = round_of(registry, datetime.now(UTC))
                said = (
                    (outbox(each.source), record_of(write_event(each, codec))) for each in events
                )
                bring(producer, said)
                bounded(producer.commit_transaction, TRANSACTION_SECONDS_MAX)
                log.info(SENT, events=len(events))
                stop.beat()
                stop.wait(max(1.0, begun + every_seconds - time.monotonic()))
        finally:
            producer.close(timeout=CLOSE_SECONDS_MAX)

    return Watch(
        name="canaries",
        work=work,
        passing=(KafkaError, TimeoutError),
        seconds_max=every_seconds + WATCH_SECONDS_MAX,
    )


def round_of(registry: Registry, now: datetime) -> list[Event]:
    """Return a canary for each party that exists today, each in a lane of its own chance."""
    moment = in_milliseconds(now)
    return [
        make_event(
            party=code,
            type_=CANARY_SENT,
            body={"round": f"{code}-{moment:%Y%m%dT%H%M%S%f}", "sent_at": moment},
            subject=nobodys_key(f"{code} {moment.isoformat()}"),
            time=now.replace(microsecond=0),
        )
        for code, party in registry.parties.items()
        if party.exists_on(local_day(now))
    ]


def read_canaries(connections: Pool, since: datetime) -> Sequence[Canary]:
    """Return the canaries said since then, as far as they came. Raises UnreachableError."""
    with connections.transaction() as connection:
        rows = connection.execute(_READ, [since, CANARIES_READ_MAX]).fetchall()
    return [
        Canary(
            party=party,
            said_at=said_at,
            logged_at=logged_at,
            confirmed_at={
                platform: datetime.fromtimestamp(float(seconds), UTC)
                for platform, seconds in confirmed.items()
            },
        )
        for party, said_at, logged_at, confirmed in rows
    ]
