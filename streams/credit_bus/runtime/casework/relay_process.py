"""The relay's process: alone at its database, until it is told to stop or something goes wrong."""

import asyncio
import contextlib
import os
import signal
from typing import Any

import uvloop

from credit_bus.metrics.vitals import Vitals
from credit_bus.runtime import logs
from credit_bus.runtime.casework.connection import await_database
from credit_bus.runtime.casework.relay import (
    DATABASE,
    LOOP,
    RELAY,
    Relay,
    RelaySettings,
    count_waiting,
)
from credit_bus.runtime.casework.relay_store import RelayStore
from credit_bus.runtime.cluster import cluster_of
from credit_bus.runtime.ending import ExitCode, end_process
from credit_bus.runtime.transactions.errors import FencedError


def run(settings: RelaySettings, vitals: Vitals | None = None) -> None:
    """Run the relay until SIGTERM or SIGINT; the process ends here, with an `ExitCode`."""
    logs.configure_logs(settings.log_level)
    uvloop.install()
    asyncio.run(_main(settings, vitals or Vitals()))


async def _main(settings: RelaySettings, vitals: Vitals) -> None:
    log = logs.logger(process=RELAY)
    vitals.health.expect_reach(DATABASE)
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    try:
        await_database(settings.database, log)  # a signal ends it meanwhile
        vitals.health.expect_loop(LOOP)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, told.set)
        await _relay(settings, told, vitals, log)
    except FencedError as error:
        end_process(ExitCode.FENCED, log, logs.RELAY_FAILED, logs.told_of(error))
    except Exception as error:  # noqa: BLE001 - the outermost loop
        end_process(ExitCode.UNFORESEEN, log, logs.RELAY_FAILED, logs.told_of(error))
    log.info(logs.RELAY_STOPPED)
    os._exit(ExitCode.STOPPED)  # nothing is in work; libraries' threads need not be waited for


async def _relay(settings: RelaySettings, told: asyncio.Event, vitals: Vitals, log: Any) -> None:
    _, lanes = await asyncio.to_thread(cluster_of, settings.broker)
    store = await RelayStore.open(settings.database)
    try:
        if not await until_alone(store, settings, told, vitals, log):
            return
        relay = Relay(store, settings, log, vitals)
        try:
            await relay.start(lanes)
            await relay.run(told)
        finally:
            await relay.stop()
    finally:
        await store.close()


async def until_alone(
    store: RelayStore, settings: RelaySettings, told: asyncio.Event, vitals: Vitals, log: Any
) -> bool:
    """Wait while another relay publishes; return whether this one may, False when told to stop.

    Meanwhile it is ready, to take over, and tells what the other one leaves unpublished.
    """
    waits = False
    while not await store.is_alone():
        if not waits:
            log.info(logs.RELAY_WAITS)
            waits = True
        vitals.health.beat(LOOP)
        vitals.health.beat(DATABASE)
        await count_waiting(store, vitals, {})
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), settings.alone_interval_seconds)
        if told.is_set():
            return False
    return True
