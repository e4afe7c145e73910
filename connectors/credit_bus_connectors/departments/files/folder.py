"""Watched folders: files in `<party>/in/` are said, answered in `done/`, remembered in `state/`.

Knows folders, threads and signals; the way of a file is `intake.py`. A file that is still being
written is left until two looks see the same size and time. SIGTERM ends the process between two
batches; what it leaves is taken up again where it stood.
"""

import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import structlog
from rich.progress import Progress

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.calendar import local_day
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.failures import (
    FencedError,
    NotPublishedError,
    UnansweredError,
    UncertainError,
)
from credit_bus_connectors.departments.files.intake import take_in
from credit_bus_connectors.departments.files.ledger import Ledger
from credit_bus_connectors.departments.files.parties import template_parties
from credit_bus_connectors.departments.files.report import (
    ErrorReport,
    Result,
    free_name,
    write_whole,
)
from credit_bus_connectors.departments.files.saying import WHY_CHARACTERS_MAX, Desk, StoppedError
from credit_bus_connectors.departments.files.source import (
    ERRORS_SUFFIX,
    Footprint,
    footprint,
    open_source,
    settled,
    waiting_files,
)
from credit_bus_connectors.departments.files.tables import Unreadable
from credit_bus_connectors.departments.progress import progress_bar, row_progress
from credit_bus_connectors.departments.stopping import until_told
from credit_bus_connectors.keys import PostgresKeyStore
from credit_bus_connectors.measured import measure_file

PARTIES_AT_ONCE_MAX = 8
LOOK_SECONDS = 0.3
LOOP = "loop"  # what its health is told by
SETTLE_WAIT_SECONDS_MAX = 30.0  # `once` leaves a file that is still changing after this
CLIENT_INSTANCE = "folder"

log = structlog.get_logger()


@dataclass(slots=True)
class _Watch:
    """The running state of the watcher: the parties' desks, and what is under way."""

    broker: str
    codec: Codec
    keys: PostgresKeyStore
    secret: bytes
    stop: threading.Event
    progress: Progress | None
    vitals: Vitals = field(default_factory=Vitals)
    desks: dict[str, Desk] = field(default_factory=dict)
    running: dict[str, Future[None]] = field(default_factory=dict)
    looks: dict[str, dict[Path, Footprint]] = field(default_factory=dict)
    failed: dict[Path, Exception] = field(default_factory=dict)

    def desk(self, party: str, folder: Path) -> Desk:
        """Return the party's desk, opened at its first file."""
        if party not in self.desks:
            self.desks[party] = Desk(
                client=DepartmentClient(
                    party, self.broker, codec=self.codec, instance=CLIENT_INSTANCE
                ),
                codec=self.codec,
                ledger=Ledger(folder / "state" / "ledger.sqlite"),
                keys=self.keys,
                secret=self.secret,
                pause=self.stop.wait,
            )
        return self.desks[party]

    def close(self) -> None:
        """Close every desk."""
        for desk in self.desks.values():
            desk.client.close()
            desk.ledger.close()


def run_folder(
    *,
    party: str,
    folder: Path,
    broker: str,
    database: str,
    registry_folder: Path,
    secret: bytes,
    once: bool = False,
    vitals: Vitals | None = None,
) -> None:
    """Watch one party's folder (the one that holds `in/`). See `run_folders`.

    Raises ValueError for a party that the registry does not have.
    """
    registry = load_registry(registry_folder)
    if party not in registry.parties:
        raise ValueError(f"{party} is no party of the registry {registry_folder}; use its code")
    one = {party: folder}
    _watch(lambda: one, broker=broker, database=database, secret=secret, once=once, vitals=vitals)


def run_folders(
    *,
    folder: Path,
    broker: str,
    database: str,
    registry_folder: Path,
    secret: bytes,
    once: bool = False,
    vitals: Vitals | None = None,
) -> None:
    """Watch `<folder>/<party>/in` of every party until SIGTERM; with `once`, until all is answered.

    Makes the folders of departments that may publish what a template holds. A sub-folder that is
    named after no party is left alone, and said so once. With `once`, raises UnansweredError or
    ClientError when a file could not be answered, after all others were.
    """
    registry = load_registry(registry_folder)
    folder.mkdir(parents=True, exist_ok=True)
    for party in template_parties(registry, local_day(datetime.now(UTC))):
        (folder / party / "in").mkdir(parents=True, exist_ok=True)
    for stranger in sorted(path.name for path in folder.iterdir() if path.is_dir()):
        if stranger not in registry.parties:
            log.error("folder.stranger", folder=stranger, remedy="name it after a party")

    def folders() -> dict[str, Path]:
        return {
            path.name: path
            for path in sorted(folder.iterdir())
            if path.is_dir() and path.name in registry.parties
        }

    _watch(folders, broker=broker, database=database, secret=secret, once=once, vitals=vitals)


def _watch(
    folders: Callable[[], Mapping[str, Path]],
    *,
    broker: str,
    database: str,
    secret: bytes,
    once: bool,
    vitals: Vitals | None,
) -> None:
    vitals = vitals or Vitals()
    vitals.health.expect_loop(LOOP)
    with ExitStack() as stack:
        stop = stack.enter_context(until_told())
        keys = PostgresKeyStore(database, secret=secret)
        stack.callback(keys.close)
        progress = stack.enter_context(progress_bar()) if sys.stderr.isatty() else None
        watch = _Watch(broker, Codec(load_catalogue()), keys, secret, stop, progress, vitals)
        vitals.health.expect_that("answers", lambda: not watch.failed)
        stack.callback(watch.close)
        pool = stack.enter_context(
            ThreadPoolExecutor(PARTIES_AT_ONCE_MAX, thread_name_prefix="party")
        )
        # Whatever ends the loop, what is under way must end between two batches as well.
        stack.callback(stop.set)
        _loop(watch, folders, pool, once=once)
    if once and watch.failed:
        raise next(iter(watch.failed.values()))


def _loop(
    watch: _Watch,
    folders: Callable[[], Mapping[str, Path]],
    pool: ThreadPoolExecutor,
    *,
    once: bool,
) -> None:
    """Look, hand each party's settled files to a thread, look again."""
    deadline = monotonic() + SETTLE_WAIT_SECONDS_MAX
    while not watch.stop.is_set():
        watch.vitals.health.beat(LOOP)
        for party, future in list(watch.running.items()):
            if future.done():
                del watch.running[party]
                future.result()
        open_files = False
        for party, folder in folders().items():
            if party in watch.running:
                continue
            ready, unsettled = _look(watch, party, folder, once=once)
            open_files = open_files or unsettled
            if ready:
                watch.running[party] = pool.submit(_take_party, watch, party, folder, ready)
        if watch.running:
            deadline = monotonic() + SETTLE_WAIT_SECONDS_MAX
        elif once and (not open_files or monotonic() > deadline):
            return
        watch.stop.wait(LOOK_SECONDS)
    for future in watch.running.values():
        future.result()  # each ends between two batches; what failed is told


def _look(
    watch: _Watch, party: str, folder: Path, *, once: bool
) -> tuple[dict[Path, Footprint], bool]:
    """Return the party's files that may be read now, and whether others must be looked at again."""
    for name in ("in", "done", "state"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    now = waiting_files(folder / "in")
    if once:
        now = {path: look for path, look in now.items() if path not in watch.failed}
    ready = {path: now[path] for path in settled(watch.looks.get(party, {}), now)}
    watch.looks[party] = now
    return ready, len(ready) < len(now)


def _take_party(watch: _Watch, party: str, folder: Path, files: Mapping[Path, Footprint]) -> None:
    """Take in the party's files one after another; a file without answers stays for later."""
    desk = watch.desk(party, folder)
    for path, look in files.items():
        try:
            _take_file(watch, desk, folder, path, look)
        except StoppedError:
            return
        except FencedError:
            watch.stop.set()
            raise
        except (NotPublishedError, UncertainError, UnansweredError) as error:
            watch.failed[path] = error
            log.error("folder.unanswered", party=party, why=str(error)[:WHY_CHARACTERS_MAX])
            return
        except FileNotFoundError:
            if footprint(path) is not None:
                raise
            log.warning("folder.file_gone", party=party)


def _take_file(watch: _Watch, desk: Desk, folder: Path, path: Path, look: Footprint) -> None:
    """Answer a file in `done/`: the report, the counts, and last the file itself."""
    began = monotonic()
    source = open_source(path, look)
    target = free_name(folder / "done", path.name)
    with ErrorReport(target.with_name(target.stem + ERRORS_SUFFIX)) as report:
        if isinstance(source, Unreadable):
            result = Result(file=path.name, sha256=source.sha256, refused_whole=True)
            result.by_reason[source.reason.code] += 1
            report.add(0, (source.reason,), None)
        else:
            with row_progress(watch.progress, desk.client.party, source.lines) as advance:
                now = datetime.now(UTC)
                result = take_in(desk, source, report, now=now, advance=advance)
        if footprint(path) != look:
            log.warning("folder.file_changed", party=desk.client.party, file=result.sha256[:12])
            return  # what was said is said; the new content is taken in at the next look
        report.finish()
    now = datetime.now(UTC)
    write_whole(target.with_name(target.stem + ".result.json"), result.as_json(answered_at=now))
    path.replace(target)
    desk.ledger.close_file(sha256=result.sha256, now=now)
    watch.failed.pop(path, None)
    measure_file(watch.vitals.meter, desk.client.party, result.answers)
    log.info(
        "folder.file",
        party=desk.client.party,
        file=result.sha256[:12],
        rows=result.rows,
        accepted=result.accepted,
        duplicates=result.duplicates,
        rejected=result.rejected,
        seconds=round(monotonic() - began, 3),
    )
