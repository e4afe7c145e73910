"""Canaries: said by a watch for one party after the other, and found again in what is kept.

A canary is an event like any other, in the name of the party whose outbox it tries; it is about
nobody, and counts for nobody. Each is a transaction of its own: an outbox that cannot be written to
stops its own party's canaries alone.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from kafka.errors import KafkaError

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import write_event
from credit_bus.domain.calendar import in_milliseconds, local_day
from credit_bus.domain.channels import outbox
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import CANARY_SENT
from credit_bus.domain.registry import Registry
from credit_bus.domain.upkeep import nobodys_key
from credit_bus.logs import logger, told_of
from credit_bus.operations.canaries import Canary, gap_seconds, turns_from
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
SENT, UNSAID = "monitor.canary-sent", "monitor.canary-unsaid"
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
 WHERE said.type = 'canary.sent' AND said.kind = 1
   AND said.at >= least(%s, (SELECT max(at) FROM operations.hop
                              WHERE type = 'canary.sent' AND kind = 1))
 ORDER BY said.at DESC LIMIT %s
"""

log = logger()


def canary_watch(broker: str, registry: Registry, codec: Codec, *, every_seconds: float) -> Watch:
    """Return the watch that says a canary of each party each so many seconds, in turns."""
    gap = gap_seconds(every_seconds, len(registry.parties))
    turns = turns_from(tuple(registry.parties), datetime.now(UTC), gap)

    def work(stop: Stop) -> None:
        producer = open_producer(
            {"bootstrap_servers": broker, "client_id": _TRANSACTIONAL_ID},
            transactional_id=_TRANSACTIONAL_ID,
        )
        try:
            while not stop.is_asked:
                begun, now = time.monotonic(), datetime.now(UTC)
                party = next(turns)
                if registry.parties[party].exists_on(local_day(now)):
                    _say(producer, canary_of(party, now), codec)
                stop.beat()
                stop.wait(max(0.0, begun + gap - time.monotonic()))
        finally:
            producer.close(timeout=CLOSE_SECONDS_MAX)

    return Watch(
        name="canaries",
        work=work,
        passing=(KafkaError, TimeoutError),
        seconds_max=gap + WATCH_SECONDS_MAX,
    )


def _say(producer: Any, event: Event, codec: Codec) -> None:
    """Say a canary. Raises KafkaError, TimeoutError when more than its own outbox is away."""
    try:
        bring(producer, [(outbox(event.source), record_of(write_event(event, codec)))])
    except KafkaError as error:
        log.warning(UNSAID, party=event.source, **told_of(error))
        bounded(producer.abort_transaction, TRANSACTION_SECONDS_MAX)
        return
    bounded(producer.commit_transaction, TRANSACTION_SECONDS_MAX)
    log.info(SENT, party=event.source)


def canary_of(party: str, now: datetime) -> Event:
    """Return a canary of the party, in a lane of its own chance."""
    moment = in_milliseconds(now)
    return make_event(
        party=party,
        type_=CANARY_SENT,
        body={"round": f"{party}-{moment:%Y%m%dT%H%M%S%f}", "sent_at": moment},
        subject=nobodys_key(f"{party} {moment.isoformat()}"),
        time=now.replace(microsecond=0),
    )


def read_canaries(connections: Pool, since: datetime) -> Sequence[Canary]:
    """Return the canaries said since then, as far as they came; of none since, the last one.

    Raises UnreachableError.
    """
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
