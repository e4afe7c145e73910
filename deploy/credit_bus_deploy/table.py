"""The process table of one machine: which commands run, with which environment.

The rows after the infrastructure are commands of this very program. Knows no process.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

from credit_bus.domain.registry import Registry
from credit_bus.runtime.ending import ExitCode
from credit_bus_deploy.home import Home
from credit_bus_deploy.ports import LOOPBACK
from credit_bus_deploy.processes import ProcessSpec

CASEWORK = "casework"
STAGES = ("gate", "router", CASEWORK)
RELAY = "relay"
MUNICIPAL = "municipal-platform"
STANDIN = "municipal-standin"
PUBLIC_SITE = "public-site"
WEB = "web"
SITE = "site"
ENQUIRIES = "enquiries"
DESK = "desk"
CONSOLE = "console"
MONITOR = "monitor"
APPLICATION_TIER = 1
FINAL_EXIT_CODES = frozenset({int(ExitCode.QUARANTINE_LIMIT)})  # an operator must look first


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """What every process of the table is told."""

    broker: str
    database: str
    registry_folder: Path
    partitions: int
    municipal_endpoint: str
    municipal_port: int | None  # None: the endpoint is a real platform, no stand-in is started
    pages: Mapping[str, int]  # the port of each process that shows pages
    canary_seconds: int = 0  # between two canaries of one party; none are sent without
    health_ports: Sequence[int] = ()  # one a row, in its order; none without


def application_specs(
    registry: Registry, addresses: Addresses, home: Home
) -> tuple[ProcessSpec, ...]:
    """Return the rows after the infrastructure, in the order in which they are started."""
    environment = environment_of(addresses, home)
    rows = _rows(registry, addresses, home)
    found: Iterator[int | None] = chain(addresses.health_ports, repeat(None))
    return tuple(
        ProcessSpec(
            name=name,
            argv=own_command(*arguments),
            environment={**environment, "CREDIT_BUS_HEALTH_PORT": str(port or 0)},
            tier=APPLICATION_TIER,
            final_exit_codes=FINAL_EXIT_CODES,
            health_port=port if name != STANDIN else None,
        )
        for (name, arguments), port in zip(rows, found, strict=False)
    )


def row_count(registry: Registry, addresses: Addresses, home: Home) -> int:
    """Return how many processes there will be after the infrastructure."""
    return len(_rows(registry, addresses, home))


def _rows(
    registry: Registry, addresses: Addresses, home: Home
) -> list[tuple[str, tuple[str, ...]]]:
    platforms = registry.platforms
    rows: list[tuple[str, tuple[str, ...]]] = []
    if MUNICIPAL in platforms and addresses.municipal_port is not None:
        port = str(addresses.municipal_port)
        rows.append((STANDIN, (STANDIN, "--port", port)))
    rows += [(f"worker-{stage}", ("worker", stage)) for stage in STAGES]
    rows.append((RELAY, ("relay",)))
    rows.append((ENQUIRIES, ("enquiries",)))
    rows += [(f"connector-{code}", ("connector", code)) for code in platforms]
    rows.append(("folders", ("folders", str(home.adapters))))
    pages = {name: ("--port", str(port)) for name, port in addresses.pages.items()}
    rows.append((WEB, (WEB, *pages[WEB])))
    if PUBLIC_SITE in platforms:
        rows.append((SITE, (SITE, "--no-https", *pages[SITE])))
    rows += [(name, (name, *pages[name])) for name in (DESK, CONSOLE)]
    rows.append((MONITOR, (MONITOR, "--canary-seconds", str(addresses.canary_seconds))))
    return rows


def group_of(name: str) -> str | None:
    """Return the consumer group that the process of this name joins, or None if it joins none."""
    stage = name.removeprefix("worker-")
    if name != stage or name == ENQUIRIES:
        return f"credit-bus.{stage}"
    return name if name.startswith("connector-") else None


def web_url(port: int) -> str:
    """Return where the web process of this machine, or its public site, answers."""
    return f"http://{LOOPBACK}:{port}"


def own_command(*arguments: str) -> tuple[str, ...]:
    """Return the command line of a command of this program."""
    return (sys.executable, "-m", "credit_bus_deploy", *arguments)


def environment_of(addresses: Addresses, home: Home) -> Mapping[str, str]:
    """Return what the commands read instead of options; secrets by file name alone."""
    return {
        "CREDIT_BUS_HOME": str(home.root),
        "CREDIT_BUS_BROKER": addresses.broker,
        "CREDIT_BUS_DATABASE": addresses.database,
        "CREDIT_BUS_REGISTRY": str(addresses.registry_folder),
        "CREDIT_BUS_PARTITIONS": str(addresses.partitions),
        "CREDIT_BUS_STATE": str(home.state),
        "CREDIT_BUS_SECRET_FILE": str(home.secret_file),
        "CREDIT_BUS_SESSIONS_SECRET_FILE": str(home.sessions_secret_file),
        "CREDIT_BUS_MUNICIPAL_ENDPOINT": addresses.municipal_endpoint,
        "CREDIT_BUS_WEB": web_url(addresses.pages[WEB]),
        "PYTHONUNBUFFERED": "1",
        "PATH": os.environ.get("PATH", os.defpath),
    }
