"""Whether a lane has read all that the log held when a day began."""

from collections.abc import Mapping
from datetime import date

from aiokafka import AIOKafkaConsumer

from credit_bus.runtime.casework.positions import lane_of_records
from credit_bus.runtime.consumers import ends_of, started

_LOOK_MS = 500
_FETCH_BYTES_MAX = 64 * 1024  # one record tells; a larger batch comes when its partition is first


class Unread:
    """Remembers, for each lane and day, how far the log reached at the first look of that day."""

    def __init__(self, broker: str) -> None:
        self._broker = broker
        self._marks: dict[int, tuple[date, int]] = {}
        self._begun: dict[int, date] = {}

    async def begun(self, today: date, positions: Mapping[int, int]) -> frozenset[int]:
        """Return the lanes in which the day has begun; `positions` are their next offsets.

        The mark counts what stands in a transaction that has not ended: its end decides whether it
        was said in time, so it is waited for.
        """
        waiting = {lane: at for lane, at in positions.items() if self._begun.get(lane) != today}
        unmarked = [lane for lane in waiting if self._marks.get(lane, (None, 0))[0] != today]
        if unmarked:
            ends = await ends_of(self._broker, map(lane_of_records, unmarked))
            self._marks |= {tp.partition: (today, end) for tp, end in ends.items()}
        behind = {lane: at for lane, at in waiting.items() if at < self._marks[lane][1]}
        reached = {**waiting, **(await self._next_records(behind) if behind else {})}
        for lane, offset in reached.items():
            if offset >= self._marks[lane][1]:
                self._begun[lane] = today
        return frozenset(lane for lane in positions if self._begun.get(lane) == today)

    async def _next_records(self, positions: Mapping[int, int]) -> dict[int, int]:
        """Return where each lane's next record lies, or up to where none does."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._broker,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="none",
            max_partition_fetch_bytes=_FETCH_BYTES_MAX,
        )
        async with started(consumer):
            tps = {lane: lane_of_records(lane) for lane in positions}
            consumer.assign(list(tps.values()))
            for lane, position in positions.items():
                consumer.seek(tps[lane], position)
            found: dict[int, int] = {}
            for lane, tp in tps.items():
                fetched = await consumer.getmany(tp, timeout_ms=_LOOK_MS)
                records = fetched.get(tp)
                found[lane] = records[0].offset if records else await consumer.position(tp)
            return found
