"""A platform that is away for a while and then fails often: what it holds in the end, and whether
others were delayed by it.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from tests.conformance.platforms import SECRET, Standin, standin

from benchmarks.figures.delay import LATE_SECONDS_MAX
from benchmarks.figures.found import Found, Row, complaints
from benchmarks.figures.hub import database
from benchmarks.figures.numbers import QUANTILES, Schedule, quantile
from benchmarks.figures.options import option
from benchmarks.figures.reader import DOUBLES_SECONDS, Arrivals, settle
from benchmarks.figures.rig import Rig, progress, rig
from benchmarks.figures.stamped import Stamps
from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import inbox, outbox
from credit_bus.operations.scan import scan
from credit_bus_deploy import ports

AWAY = "municipal-platform"
OTHERS = ("district-platform", "provincial-platform")
PARTIES = 14
WARM_UP_EVENTS = 2_000
SUBJECTS = 400  # so that each has several events in the platform's absence
RETRY_AFTER_SECONDS = 1
CATCH_UP_SECONDS_MAX = 300.0  # without anything new at the platform
RATIO_MAX = 1.5  # of the others' p99, against the time before

_TAKEN = """
SELECT item ->> 'id' FROM municipal_standin.answer WHERE result = 'accepted'
 ORDER BY acknowledgement
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """The municipal platform is away, then fails a share of what comes; the others go on."""

    rate: int = option(200, "events a second")
    lead_seconds: int = option(10, "seconds of the same rate before anything counts")
    before_seconds: int = option(30, "seconds before it goes away")
    away_seconds: int = option(60, "seconds for which it is away")
    failing_seconds: int = option(60, "seconds of events after it is back, failing")
    failing_percent: int = option(20, "percent of its answers that fail when it is back")

    def measure(self) -> Found:
        """Measure it once."""
        progress(f"outage: {self.away_seconds} s away, then {self.failing_percent} % failing")
        with rig(parties=PARTIES) as bus, database(bus) as url:
            bus.stamps = Stamps(bus.departments, templates=SUBJECTS)
            bus.start("gate", "router")
            with _platforms(bus, url) as away:
                _warm_up(bus)
                return self._measured(bus, url, away)

    def _measured(self, bus: Rig, url: str, away: "_Away") -> Found:
        leaves = self.lead_seconds + self.before_seconds
        seconds = leaves + self.away_seconds + self.failing_seconds
        numbers = bus.take(self.rate * seconds)
        messages = list(bus.messages(numbers))
        confirmed = Confirmed.of(messages, numbers)
        with ExitStack() as stack:
            came = {
                platform: stack.enter_context(
                    bus.reading(numbers, topics=[outbox(platform)], number_by=confirmed)
                )
                for platform in (AWAY, *OTHERS)
            }
            feed = stack.enter_context(bus.publishing(numbers, rate=self.rate, messages=messages))
            _until(feed.schedule.begins + leaves)
            away.leave()
            _until(feed.schedule.begins + leaves + self.away_seconds)
            away.come_back(failing=self.failing_percent / 100)
            feed.ended(seconds_max=seconds + LATE_SECONDS_MAX)
            for arrivals in came.values():
                arrivals.wait(numbers, alive=bus.alive, seconds_max=CATCH_UP_SECONDS_MAX)
            settle(DOUBLES_SECONDS)
        broken = {
            **came[AWAY].broken(numbers),
            **_effects(bus, url, set(confirmed.numbers)),
        }
        caught_up = max(came[AWAY].last(n) for n in numbers) - feed.schedule.begins - seconds
        return Found(
            tables={
                "Delay of the others, due to confirmed": self._rows(came, feed.schedule),
                "The platform that was away": [
                    {
                        "events/s": self.rate,
                        "events": len(numbers),
                        "caught up s after the last event": caught_up,
                        **{f"{name} there": n for name, n in away.standin.counts().items()},
                        **broken,
                    }
                ],
            },
            broken=complaints(broken, AWAY),
        )

    def _rows(self, came: Mapping[str, Arrivals], schedule: Schedule) -> list[Row]:
        """Return the quantiles of each of the others in each part of the time."""
        first, away = self.rate * self.before_seconds, self.rate * self.away_seconds
        numbers = schedule.numbers[self.rate * self.lead_seconds :]
        parts = {
            "before": numbers[:first],
            "away": numbers[first : first + away],
            "failing": numbers[first + away :],
        }
        rows: list[Row] = []
        for platform in OTHERS:
            found = {
                name: sorted(came[platform].first(n) - schedule.due(n) for n in part)
                for name, part in parts.items()
            }
            before = quantile(found["before"], QUANTILES["p99"])
            for name, taken in found.items():
                ratio = quantile(taken, QUANTILES["p99"]) / before
                quantiles = {
                    f"{q} ms": quantile(taken, QUANTILES[q]) * 1000 for q in ("p50", "p99")
                }
                goal = "–" if name == "before" else "kept" if ratio <= RATIO_MAX else "MISSED"
                rows.append(
                    {"platform": platform, "part": name, **quantiles, "ratio": ratio, "goal": goal}
                )
        return rows


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Which event a platform's statement is about."""

    numbers: Mapping[str, int]  # by the event's id

    @classmethod
    def of(cls, messages: Sequence[Message], numbers: range) -> "Confirmed":
        """Return it for these messages and their numbers."""
        return cls(dict(zip(map(_id_of, messages), numbers, strict=True)))

    def __call__(self, message: Any) -> int | None:
        cause = dict(message.headers() or ()).get("ce_causationid")
        return None if cause is None else self.numbers.get(cause.decode())


@dataclass(slots=True, kw_only=True)
class _Away:
    """The platform that goes away: its stand-in, on the same port each time."""

    url: str
    port: int
    stack: ExitStack
    standin: Standin = field(init=False)

    def start(self) -> None:
        """Start it; it answers then."""
        self.standin = self.stack.enter_context(standin(self.url, port=self.port))

    def leave(self) -> None:
        """End it without a word."""
        progress("outage: away")
        self.standin.process.kill()

    def come_back(self, *, failing: float) -> None:
        """Start it again, with every trouble by chance."""
        progress("outage: back, failing")
        self.start()
        self.standin.faults(
            share=failing, status=429, retry_after_seconds=RETRY_AFTER_SECONDS, slow_seconds=2.0
        )


@contextmanager
def _platforms(bus: Rig, url: str) -> Iterator[_Away]:
    """Start the stand-in and a connector for each platform."""
    secret = bus.bus.home / "secret"
    secret.write_text(SECRET.hex(), encoding="ascii")
    with ExitStack() as stack:
        found = _Away(url=url, port=ports.free_port(), stack=stack)
        found.start()
        given = (
            *("--database", url, "--registry", str(bus.bus.registry)),
            *("--municipal-endpoint", found.standin.endpoint),
            *("--secret-file", str(secret), "--log-level", "WARNING"),
        )
        for code in (AWAY, *OTHERS):
            bus.workers.append(bus.bus.run(f"connector-{code}", "connector", code, *given))
        yield found


def _warm_up(bus: Rig) -> None:
    """Return once every platform has confirmed some events of each subject. TimeoutError if not."""
    numbers = bus.take(WARM_UP_EVENTS)
    messages = list(bus.messages(numbers))
    topics = [outbox(code) for code in (AWAY, *OTHERS)]
    confirmed = Confirmed.of(messages, numbers)
    with bus.reading(numbers, topics=topics, copies=len(topics), number_by=confirmed) as came:
        bus.pour(messages)
        came.wait(numbers, alive=bus.alive, seconds_max=bus.start_seconds_max)
        if came.lost(numbers):
            raise TimeoutError("a platform does not confirm")


def _effects(bus: Rig, url: str, ids: set[str]) -> dict[str, int]:
    """Return what is wrong at the platform: events without effect, and subjects out of order."""
    with psycopg.connect(url) as connection:
        taken = [event_id for (event_id,) in connection.execute(_TAKEN) if event_id in ids]
    said: defaultdict[bytes | None, list[str]] = defaultdict(list)
    key_of: dict[str, bytes | None] = {}
    for seen in scan(bus.bus.broker, [inbox(AWAY)]):
        event_id = seen.text("ce_id")
        if event_id in ids:
            said[seen.key].append(event_id)
            key_of[event_id] = seen.key
    held: defaultdict[bytes | None, list[str]] = defaultdict(list)
    for event_id in taken:
        held[key_of[event_id]].append(event_id)
    return {
        "without effect": len(ids) - len(taken),
        "subjects out of order": sum(held[key] != order for key, order in said.items()),
    }


def _id_of(message: Message) -> str:
    return dict(message.headers)["ce_id"].decode()


def _until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.time()))
