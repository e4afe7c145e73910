"""What the first start settles for all later ones: ports and the partition count.

A value given wins over a remembered one, and that over the default; what was used is remembered.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from credit_bus_deploy.failures import InstallationError, disk_errors
from credit_bus_deploy.home import Home, read_json, write_whole
from credit_bus_deploy.ports import LOOPBACK, free_port, is_free

PARTITIONS_DEFAULT = 4
PARTITIONS_MAX = 256
_FIELDS = {"kafka_port", "web_port", "site_port", "desk_port", "partitions"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The values in force for this start."""

    kafka_port: int
    web_port: int
    site_port: int
    desk_port: int
    partitions: int


def choose(
    home: Home,
    *,
    kafka_port: int | None,
    partitions: int | None,
    web_port: int | None = None,
    site_port: int | None = None,
    desk_port: int | None = None,
) -> Choices:
    """Return the values in force, and remember them.

    Raises InstallationError when the file of the remembered ones is not ours to read.
    """
    remembered = _remembered(home)
    chosen = Choices(
        kafka_port=kafka_port or remembered.get("kafka_port") or free_port(),
        web_port=web_port or remembered.get("web_port") or free_port(),
        site_port=site_port or remembered.get("site_port") or free_port(),
        desk_port=desk_port or remembered.get("desk_port") or free_port(),
        partitions=partitions or remembered.get("partitions") or PARTITIONS_DEFAULT,
    )
    if chosen.partitions > PARTITIONS_MAX:
        raise InstallationError(
            f"{chosen.partitions} partitions are more than one machine takes ({PARTITIONS_MAX}): "
            "give fewer, or use brokers of their own with --broker"
        )
    if asdict(chosen) != remembered:
        with disk_errors(home.root):
            write_whole(home.choices_file, json.dumps(asdict(chosen), indent=1) + "\n")
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
            "correct it, or remove it and give --kafka-port, --web-port, --site-port and"
            " --partitions as before"
        )
    return remembered


def require_free(port: int, *, what: str, remedy: str) -> None:
    """Raise InstallationError when somebody listens on the port."""
    if not is_free(port):
        raise InstallationError(
            f"port {port} on {LOOPBACK}, which {what} needs, is taken by another program: "
            f"stop that program, or {remedy}"
        )
