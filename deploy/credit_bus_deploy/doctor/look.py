"""The doctor's round: asks broker, database, files and disks, each within a bound.

Whatever does not answer is told as unseen, and the round goes on.
"""

import shutil
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from kafka.errors import KafkaError

from credit_bus.contracts.schemas import SchemaCatalogueError, load_catalogue
from credit_bus.domain.registry import Registry
from credit_bus_deploy.broker_admin import admin_of
from credit_bus_deploy.doctor import look_broker, look_database
from credit_bus_deploy.doctor.facts import Disk, Facts, Unseen
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.provision import wanted_topics
from credit_bus_deploy.readers import topics_of_groups
from credit_bus_deploy.registries import registry_of

_NO_BROKER = Unseen(why="no broker is given: --broker HOST:PORT", is_asked=False)
_NO_DATABASE = Unseen(why="no database is given: --database URL", is_asked=False)
_NO_REGISTRY = Unseen(why="the registry has mistakes")

_BROKER_FACTS = ("cluster", "topics", "rights", "broker_clock", "transactions", "groups")
_DATABASE_FACTS = ("database_version", "database_clock", "roles", "schemas")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Where an installation is. None where nobody said."""

    broker: str | None
    database: str | None
    registry_folder: Path | None
    state_folder: Path | None
    partitions: int
    replication: int


def look(patient: Patient) -> Facts:
    """Return all that can be seen."""
    registry, mistakes = _registry(patient.registry_folder)
    ids, lock = _catalogue()
    found: dict[str, Any] = {
        "registry": mistakes,
        "unchecked": _unchecked(patient.registry_folder),
        "lock": lock,
        "schema_ids": _NO_BROKER,
        "disks": _own_disk(patient.state_folder),
        **dict.fromkeys(_BROKER_FACTS, _NO_BROKER),
        **dict.fromkeys(_DATABASE_FACTS, _NO_DATABASE),
    }
    if patient.broker is not None:
        found |= _at_broker(patient.broker, patient, registry, ids, found["disks"])
    if patient.database is not None:
        found |= _at_database(patient.database)
    return Facts(**found)


def _at_broker(
    broker: str,
    patient: Patient,
    registry: Registry | None,
    ids: frozenset[int],
    own: tuple[Disk, ...],
) -> dict[str, Any]:
    try:
        with admin_of(broker) as admin:
            found: dict[str, Any] = {
                "cluster": _seen(lambda: look_broker.cluster(admin)),
                "transactions": _seen(lambda: look_broker.transactions(admin, now=time.time())),
                "disks": _seen(lambda: (*own, *look_broker.disks(admin))),
                "topics": _NO_REGISTRY,
                "groups": _NO_REGISTRY,
            }
            if registry is not None:
                wanted = wanted_topics(
                    registry, partitions=patient.partitions, replication=patient.replication
                )
                names = tuple(topics_of_groups(registry))
                found["topics"] = _seen(lambda: look_broker.topics(admin, wanted))
                found["groups"] = _seen(lambda: look_broker.groups(admin, names))
            both = _seen(lambda: look_broker.rights(broker, admin))
            found |= _rights(both)
            found["schema_ids"] = _seen(lambda: look_broker.schema_ids(broker, ids))
            return found
    except InstallationError as error:
        return dict.fromkeys((*_BROKER_FACTS, "schema_ids"), Unseen(why=str(error)))


def _rights(both: Any) -> dict[str, Any]:
    if isinstance(both, Unseen):
        return {"rights": both, "broker_clock": both}
    rights, clock = both
    return {
        "rights": rights,
        "broker_clock": clock or Unseen(why="no transaction could be written"),
    }


def _at_database(url: str) -> dict[str, Any]:
    try:
        with look_database.connect(url) as connection:
            return {
                "database_version": _seen(lambda: look_database.version(connection)),
                "database_clock": _seen(lambda: look_database.clock(connection)),
                "roles": _seen(lambda: look_database.roles(connection)),
                "schemas": _seen(lambda: look_database.schemas(connection)),
            }
    except psycopg.Error as error:
        return dict.fromkeys(_DATABASE_FACTS, _unseen(error))


def _seen(look_at: Callable[[], T]) -> T | Unseen:
    try:
        return look_at()
    except (KafkaError, psycopg.Error, OSError) as error:
        return _unseen(error)


def _unseen(error: Exception) -> Unseen:
    return Unseen(why=" ".join(f"{type(error).__name__}: {error}".split()))


def _registry(folder: Path | None) -> tuple[Registry | None, tuple[str, ...]]:
    try:
        return registry_of(folder)[0], ()
    except InstallationError as error:
        return None, tuple(str(error).splitlines())


def _unchecked(folder: Path | None) -> Mapping[str, int] | Unseen:
    from credit_bus_deploy.registries import EXAMPLE_REGISTRY  # noqa: PLC0415

    try:
        return {
            path.name: unchecked_rows(tomllib.loads(path.read_text("utf-8")))
            for path in sorted((folder or EXAMPLE_REGISTRY).glob("*.toml"))
        }
    except (OSError, tomllib.TOMLDecodeError) as error:
        return _unseen(error)


def unchecked_rows(content: Mapping[str, Any]) -> int:
    """Return how many rows of a registry file say that nobody checked them."""
    rows = [row for value in content.values() if isinstance(value, list) for row in value]
    return sum(isinstance(row, dict) and row.get("checked") is False for row in rows)


def _catalogue() -> tuple[frozenset[int], tuple[str, ...]]:
    try:
        return frozenset(each.id for each in load_catalogue().all), ()
    except SchemaCatalogueError as error:
        return frozenset(), tuple(str(error).splitlines())


def _own_disk(folder: Path | None) -> tuple[Disk, ...]:
    if folder is None or not folder.exists():
        return ()
    usage = shutil.disk_usage(folder)
    return (Disk(place=str(folder), free_bytes=usage.free, total_bytes=usage.total),)
