"""Where Prometheus finds the processes of one machine, and what the supervisor itself measures.

The file has the form of Prometheus' `file_sd_configs`; ports are chosen anew at each start, so a
scrape follows the file.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from credit_bus.metrics import table
from credit_bus.metrics.listener import Listener
from credit_bus.metrics.meter import Meter
from credit_bus.metrics.vitals import Vitals
from credit_bus_deploy.home import Home, write_whole
from credit_bus_deploy.ports import LOOPBACK
from credit_bus_deploy.supervisor import ProcessStatus

SUPERVISOR = "supervisor"
Changed = Callable[[Sequence[ProcessStatus]], None]


def targets_file(home: Home) -> Path:
    """Return where the file lies."""
    return home.run_file.with_name("prometheus-targets.json")


@contextmanager
def supervised(home: Home, port: int, changed: Changed, vitals: Vitals) -> Iterator[Changed]:
    """Yield what the supervisor is to tell of changes: metrics and targets follow, then `changed`.

    The supervisor's own metrics are at the port as long as the body lasts.
    """
    file = targets_file(home)

    def tell(statuses: Sequence[ProcessStatus]) -> None:
        measure(vitals.meter, statuses)
        with suppress(OSError):  # a full disk must not end the supervision
            write_whole(file, targets_of({**_ports(statuses), SUPERVISOR: port}))
        changed(statuses)

    try:
        with Listener(vitals, port=port):
            yield tell
    finally:
        file.unlink(missing_ok=True)


def targets_of(ports: dict[str, int]) -> str:
    """Return the text of a file of targets: one a process, labelled with its name."""
    told = [
        {"targets": [f"{LOOPBACK}:{port}"], "labels": {"process": name}}
        for name, port in ports.items()
    ]
    return json.dumps(told, indent=1) + "\n"


def measure(meter: Meter, statuses: Sequence[ProcessStatus]) -> None:
    """Tell what runs, how often it was started again, and with what it ended last."""
    for each in statuses:
        meter.set(table.PROCESS_UP, each.identity is not None, process=each.name)
        meter.set(table.PROCESS_RESTARTS, each.restarts, process=each.name)
        if each.exit_code is not None:
            meter.set(table.PROCESS_EXIT_CODE, each.exit_code, process=each.name)


def _ports(statuses: Sequence[ProcessStatus]) -> dict[str, int]:
    return {each.name: each.health_port for each in statuses if each.health_port}
