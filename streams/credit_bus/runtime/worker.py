"""A worker process: one stage as a Faust agent over lanes, a watchdog beside it, a clear end."""

import asyncio
import contextlib
import ctypes
import gc
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.metrics.vitals import Vitals
from credit_bus.runtime import logs
from credit_bus.runtime.cluster import cluster_of
from credit_bus.runtime.ending import ExitCode, end_process
from credit_bus.runtime.lanes import Lanes, Stage
from credit_bus.runtime.lenient import read_leniently
from credit_bus.runtime.settings import WorkerSettings, group_of
from credit_bus.runtime.stages import GateStage, RouterStage
from credit_bus.runtime.transport import BatchApp, batch_app
from credit_bus.runtime.watchdog import Watchdog

_LOOK_SECONDS = 1.0
_REACH_INTERVALS_MAX = 6  # looks of the watchdog, each of which may wait for a slow broker
_LOOP, _BROKER = "loop", "broker"  # what its health is told by

StageMaker = Callable[[WorkerSettings, Vitals], Awaitable[Stage]]

_COLLECTION_THRESHOLDS = (50_000, 20, 100)
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # of glibc's <malloc.h>
_LARGE_BYTES = 128 * 1024
_ARENAS_MAX = 2


def run(
    settings: WorkerSettings,
    stage_of: StageMaker | None = None,
    vitals: Vitals | None = None,
) -> None:
    """Run the stage until SIGTERM or SIGINT; the process ends here, with an `ExitCode`.

    `stage_of` makes another stage than those of the bus itself. `vitals` are told how it goes.
    """
    logs.configure_logs(settings.log_level)
    give_large_buffers_back()
    uvloop.install()
    read_leniently()
    asyncio.run(_main(settings, stage_of or _stage_of_the_bus, vitals or Vitals()))


def collect_less_often() -> None:
    """Have the collector of cycles look less often, and never at what is loaded by now.

    What is made for an event goes with its batch and has no cycles; looking for them was 5 % of a
    gate's time.
    """
    gc.freeze()
    gc.set_threshold(*_COLLECTION_THRESHOLDS)


def give_large_buffers_back() -> bool:
    """Have glibc keep no hole where a fetch or a batch lay; return whether it does. Before threads.

    By default it raises what counts as large to the largest seen, and each thread has an arena: a
    gate stood at 240 instead of 196 MiB, a router at 147 instead of 115, and both grew.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl and macOS have none
    if mallopt is None:
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES) and mallopt(_M_ARENA_MAX, _ARENAS_MAX))


async def _main(settings: WorkerSettings, stage_of: StageMaker, vitals: Vitals) -> None:
    log = logs.logger(stage=settings.stage)
    vitals.health.expect_reach(_BROKER, _REACH_INTERVALS_MAX * settings.watch_interval_seconds)
    stage = await stage_of(settings, vitals)  # may wait for a database as long as that is away
    vitals.health.expect_loop(_LOOP)
    app = batch_app(
        group=group_of(settings.stage),
        broker=settings.broker,
        session_timeout_seconds=settings.session_timeout_seconds,
        records_per_fetch_max=settings.records_per_fetch_max,
        fetch_pace_seconds=stage.pace_seconds,
        data_folder=settings.state_folder,
    )
    lanes = Lanes(app, stage, settings, vitals)
    app.lanes_assigned, app.lanes_revoked = lanes.assigned, lanes.revoked
    source = app.topic(
        *stage.topics, value_type=bytes, value_serializer="raw", key_serializer="raw"
    )

    async def hand_over(stream: Any) -> None:
        async for event in stream.events():
            await lanes.put(event.value)

    app.agent(source, name=settings.stage, concurrency=1)(hand_over)
    watchdog = Watchdog(
        broker=settings.broker,
        group=app.conf.id,
        assignment=lambda: lanes.assignment,
        stuck=lambda where: end_process(ExitCode.STUCK, log, logs.WORKER_STUCK, {"waiting": where}),
        interval_seconds=settings.watch_interval_seconds,
        stuck_seconds_max=settings.stuck_seconds_max,
        reached=lambda: vitals.health.beat(_BROKER),
    )
    try:
        await _run_until_told(app, lanes, watchdog, settings, vitals, log)
    except Exception as error:  # noqa: BLE001 - one of the two outermost loops
        end_process(ExitCode.UNFORESEEN, log, logs.WORKER_FAILED, logs.told_of(error))


async def _run_until_told(
    app: BatchApp,
    lanes: Lanes,
    watchdog: Watchdog,
    settings: WorkerSettings,
    vitals: Vitals,
    log: Any,
) -> None:
    """Start the app, wait for a signal, stop the lanes, end the process."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await lanes.start()
    vitals.health.beat(_BROKER)
    collect_less_often()
    starting = asyncio.create_task(app.start(), name="faust")
    watchdog.start()
    log.info(logs.WORKER_STARTED, group=app.conf.id)
    while not told.is_set():
        if starting.done():
            starting.result()  # an exception at the start is ours to see
        if app.crashed or app.should_stop:
            raise app.crash_reason or RuntimeError("Faust stopped by itself")
        vitals.health.beat(_LOOP)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), _LOOK_SECONDS)
    watchdog.end()
    await asyncio.wait_for(lanes.revoked(), settings.commit_wait_seconds_max)
    # Leaving the group lets the next owner start at once instead of after the session time-out.
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(app.stop(), settings.stop_wait_seconds_max)
    log.info(logs.WORKER_STOPPED)
    os._exit(ExitCode.STOPPED)  # Faust's threads are known not to end (faust-streaming, #324)


async def _stage_of_the_bus(settings: WorkerSettings, vitals: Vitals) -> Stage:
    registry = load_registry(settings.registry_folder)
    codec = Codec(load_catalogue())
    cluster, partitions = await asyncio.to_thread(cluster_of, settings.broker)
    match settings.stage:
        case "router":
            return RouterStage(codec=codec, registry=registry)
        case "gate":
            return GateStage(
                codec=codec,
                registry=registry,
                settings=settings,
                cluster=cluster,
                partitions=partitions,
                meter=vitals.meter,
            )
        case other:
            raise ValueError(f"there is no stage {other!r}; the stages are gate and router")
