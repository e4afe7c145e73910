"""The worker process of casework: the stage in the engine that gate and router run in."""

import asyncio
from collections.abc import Callable

import psycopg

from credit_bus.casework.port import Casework
from credit_bus.contracts.codec import Codec
from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.registry import Registry
from credit_bus.metrics.vitals import Vitals
from credit_bus.runtime import logs, worker
from credit_bus.runtime.casework.connection import WrongSchemaError, await_database
from credit_bus.runtime.casework.limits import Limits
from credit_bus.runtime.casework.stage import CaseworkStage
from credit_bus.runtime.casework.store import Store
from credit_bus.runtime.cluster import cluster_of
from credit_bus.runtime.ending import ExitCode, end_process
from credit_bus.runtime.lanes import Stage
from credit_bus.runtime.settings import WorkerSettings

CaseworkOf = Callable[[Registry], Casework]


def run(
    settings: WorkerSettings,
    *,
    database: str,
    casework_of: CaseworkOf,
    limits: Limits | None = None,
    vitals: Vitals | None = None,
) -> None:
    """Run casework until SIGTERM or SIGINT; the process ends here, with an `ExitCode`."""

    async def stage_of(settings: WorkerSettings, vitals: Vitals) -> Stage:
        await asyncio.to_thread(cluster_of, settings.broker)  # raises when it cannot do with us
        return CaseworkStage(
            casework=casework_of(load_registry(settings.registry_folder)),
            codec=Codec(load_catalogue()),
            store=_store(database, settings),
            settings=settings,
            limits=limits or Limits(),
            vitals=vitals,
        )

    worker.run(settings, stage_of, vitals)


def _store(database: str, settings: WorkerSettings) -> Store:
    log = logs.logger(stage=settings.stage)
    try:
        await_database(database, log)
        return Store(database)
    except (psycopg.Error, WrongSchemaError) as error:
        end_process(ExitCode.UNFORESEEN, log, logs.WORKER_FAILED, logs.told_of(error))
