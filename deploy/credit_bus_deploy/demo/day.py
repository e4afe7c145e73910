"""`credit-bus demo`: start an installation of its own, play the day, add it up, stop."""

import json
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.calendar import local_day
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    LICENCE_GRANTED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
    PENALTY_DECIDED,
)
from credit_bus.domain.registry import Registry
from credit_bus.operations.audit import audit
from credit_bus.operations.findings import Conservation
from credit_bus_deploy.demo.answers import FileAnswers, read_answers, result_path
from credit_bus_deploy.demo.course import CourseDay, hold_objection
from credit_bus_deploy.demo.court import CourtDay, DayError, hold_court
from credit_bus_deploy.demo.files import DEPARTMENTS, DayFile, day_files, write_files
from credit_bus_deploy.demo.hub import casework_is_done
from credit_bus_deploy.demo.page import Day, show, to_json
from credit_bus_deploy.demo.platforms import held_by_platforms
from credit_bus_deploy.demo.tail import Balance, follow_log
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.installation import Installation, Options, installation
from credit_bus_deploy.registries import registry_of

DAY_SECONDS_MAX = 240.0
EXIT_DIFFERENT = 1
PAGE_COLUMNS_MIN = 118


def run_demo(*, home: Path | None, seed: int, json_file: Path | None) -> int:
    """Play the day and print its page; return 0 when everything adds up, else 1.

    Without a home it uses a temporary one and leaves nothing behind. Raises InstallationError for
    a home in which something has happened already: the sums are over everything in it.
    """
    registry, _ = registry_of(None)
    console = Console()
    console.width = max(console.width, PAGE_COLUMNS_MIN)
    today = local_day(datetime.now(UTC))
    files = day_files(registry, today=today, seed=seed)
    began = time.monotonic()
    with (
        _home(home) as own,
        installation(
            Options(home=own, canary_seconds=0), told=partial(click.echo, err=True)
        ) as running,
    ):
        running.wait_ready()
        seconds = {"up": time.monotonic() - began}
        try:
            day = _play(running, registry, files, seed=seed, today=today, seconds=seconds)
        except DayError as error:
            click.echo(f"the day failed: {error}", err=True)
            return EXIT_DIFFERENT
    show(day, console)
    if json_file is not None:
        json_file.write_text(json.dumps(to_json(day), ensure_ascii=False, indent=2) + "\n")
    return EXIT_DIFFERENT if day.differences else 0


@contextmanager
def _home(given: Path | None) -> Iterator[Path]:
    if given is None:
        with tempfile.TemporaryDirectory(prefix="credit-bus-demo-") as folder:
            yield Path(folder) / "home"
    elif given.exists() and any(given.iterdir()):
        raise InstallationError(
            f"{given} is not empty, and the demo adds up everything that ever happened in its"
            " home: give another --home, or none"
        )
    else:
        yield given


def _play(
    running: Installation,
    registry: Registry,
    files: list[DayFile],
    *,
    seed: int,
    today: date,
    seconds: dict[str, float],
) -> Day:
    codec = Codec(load_catalogue())
    began = time.monotonic()
    with ThreadPoolExecutor(1, thread_name_prefix="court") as pool:
        court = pool.submit(_court_and_course, running.broker, registry, codec, today)
        write_files(files, running.home.adapters)
        _until_at_rest(running, registry, codec, files)
        court_day, course = court.result()
    seconds["day"] = time.monotonic() - began
    found = audit(running.broker, registry=registry, codec=codec)
    held = held_by_platforms(
        database=running.database, municipal_endpoint=running.addresses.municipal_endpoint
    )
    answers = read_answers(files, running.home.adapters)
    seconds["audit"] = time.monotonic() - began - seconds["day"]
    return Day(
        seed=seed,
        departments=DEPARTMENTS,
        answers=answers,
        court=court_day,
        course=course,
        found=found,
        held=held,
        seconds=seconds,
        differences=differences(files, answers, court_day, course, found, held),
    )


def _court_and_course(
    broker: str, registry: Registry, codec: Codec, today: date
) -> tuple[CourtDay, CourseDay]:
    court_day = hold_court(broker=broker, registry=registry, codec=codec, today=today)
    course = hold_objection(
        broker=broker, registry=registry, codec=codec, today=today, court_day=court_day
    )
    return court_day, course


def _until_at_rest(
    running: Installation, registry: Registry, codec: Codec, files: list[DayFile]
) -> None:
    """Wait until every file is answered, the action is closed, and nobody owes anything.

    Casework must have done the whole log: what it says comes through the log again.
    """
    balance = Balance(registry, codec)
    good = sum(file.good for file in files)
    waiting = {result_path(file, running.home.adapters) for file in files}
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )

    def reported() -> int:
        return balance.accepted[LICENCE_GRANTED] + balance.accepted[PENALTY_DECIDED]

    def enough() -> bool:
        nonlocal waiting
        waiting = {path for path in waiting if not path.exists()}
        closed = balance.accepted[ACTION_CLOSED] > 0
        if reported() < good or waiting or not closed or not balance.settled:
            return False
        logged = sum(balance.accepted.values())
        return casework_is_done(running.database, logged=logged, said=balance.said_by_hub)

    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        records = progress.add_task("accepted", total=good)
        follow_log(
            running.broker,
            balance,
            enough=enough,
            told=lambda _: progress.update(records, completed=reported()),
            seconds_max=DAY_SECONDS_MAX,
        )


def differences(
    files: list[DayFile],
    answers: FileAnswers,
    court: CourtDay,
    course: CourseDay,
    found: Conservation,
    held: dict[str, int],
) -> tuple[str, ...]:
    """Return every sentence that speaks against the day."""
    different = [*found.differences, *answers.differences]

    def must(what: str, expected: int, actual: int) -> None:
        if expected != actual:
            different.append(f"{what}: {actual}, expected {expected}")

    must("files answered", len(files), answers.files)
    must("rows accepted", sum(file.good for file in files), answers.accepted)
    must("rows refused", sum(len(file.bad) for file in files), answers.rejected)
    reported = found.accepted[LICENCE_GRANTED] + found.accepted[PENALTY_DECIDED]
    must("licences and penalties in the log", answers.accepted, reported)
    must("orders", court.orders, found.orders)
    must("orders answered", found.orders, found.orders_responded)
    must("orders carried out", found.orders - court.refused, found.orders_executed)
    must("orders refused", 1, court.refused)
    must("responses back at the court", found.orders, court.replies[MEASURE_RESPONDED])
    must("departments told to rest", len(court.implementers), course.rested)
    must("measures lifted", found.orders_executed, course.lifted)
    must("liftings back at the court", course.lifted, course.replies[MEASURE_LIFTED])
    must("proofs of closing at the court", 1, course.replies[ACTION_CLOSED])
    must(f"holders missing in it ({', '.join(course.missing)})", 0, len(course.missing))
    must("feedback back at the court", found.orders_executed, court.replies[MEASURE_EXECUTED])
    for platform, count in held.items():
        must(
            f"routed to {platform} and answered by it",
            found.routed[platform],
            found.delivered[platform] + found.refused_by_platform[platform],
        )
        must(f"held by {platform}", found.delivered[platform], count)
    return tuple(different)
