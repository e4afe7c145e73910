"""What the first start settles for all later ones: ports and the partition count.

A value given wins over a remembered one, and that over the default; what was used is remembered.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from credit_bus_deploy.failures import InstallationError, disk_errors
from credit_bus_deploy.home import Home, read_json, write_whole
from credit_bus_deploy.ports import LOOPBACK, PAGES, free_port, is_free

PARTITIONS_DEFAULT = 4
PARTITIONS_MAX = 256
_FIELDS = {"kafka_port", "partitions", *(f"{name}_port" for name in PAGES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The values in force for this start."""

    kafka_port: int
    partitions: int
    pages: Mapping[str, int]  # the port of each process that shows pages

    @property
    def remembered(self) -> dict[str, int]:
        """The values as they are kept."""
        ports = {f"{name}_port": port for name, port in self.pages.items()}
        return {"kafka_port": self.kafka_port, "partitions": self.partitions, **ports}


def choose(
    home: Home,
    *,
    kafka_port: int | None,
    partitions: int | None,
    pages: Mapping[str, int | None] = MappingProxyType({}),
) -> Choices:
    """Return the values in force, and remember them; `pages` are the ports that are given.

    Raises InstallationError when the file of the remembered ones is not ours to read.
    """
    remembered = _remembered(home)
    chosen = Choices(
        kafka_port=kafka_port or remembered.get("kafka_port") or free_port(),
        partitions=partitions or remembered.get("partitions") or PARTITIONS_DEFAULT,
        pages={
            name: pages.get(name) or remembered.get(f"{name}_port") or free_port() for name in PAGES
        },
    )
    if chosen.partitions > PARTITIONS_MAX:
        raise InstallationError(
            f"{chosen.partitions} partitions are more than one machine takes ({PARTITIONS_MAX}): "
            "give fewer, or use brokers of their own with --broker"
        )
    if chosen.remembered != remembered:
        with disk_errors(home.root):
            write_whole(home.choices_file, json.dumps(chosen.remembered, indent=1) + "\n")
    return chosen


def remembered_partitions(home: Home) -> int | None:
    """Return the partition count that the home's first start settled, or None before it.

    Raises InstallationError as `choose` does.
    """
    return _remembered(home).get("partitions")


def _remembered(home: Home) -> Mapping[str, int]:
    remembered = read_json(home.choices_file)
    if not set(remembered) <= _FIELDS or not all(type(each) is int for each in remembered.values()):
        raise InstallationError(
            f"{home.choices_file} may hold the integers {', '.join(sorted(_FIELDS))} alone: "
            "correct it, or remove it and give the ports and --partitions as before"
        )
    return remembered


def require_free(port: int, *, what: str, remedy: str) -> None:
    """Raise InstallationError when somebody listens on the port."""
    if not is_free(port):
        raise InstallationError(
            f"port {port} on {LOOPBACK}, which {what} needs, is taken by another program: "
            f"stop that program, or {remedy}"
        )
