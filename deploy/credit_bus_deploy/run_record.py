"""What runs now, as a file in the home: written by the supervisor, read by `status` and `down`.

Knows the file's form and how to tell a living record from one left by a crash.
"""

import contextlib
import json
import os
import re
import signal
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from credit_bus_deploy import processes
from credit_bus_deploy.endings import meaning_of
from credit_bus_deploy.home import Home, read_json, write_whole
from credit_bus_deploy.processes import Identity
from credit_bus_deploy.restarts import State
from credit_bus_deploy.supervisor import ProcessStatus

_URL_PASSWORD = re.compile(r"(?<=://)([^/@:]*):([^@/]*)@")
_KEYWORD_PASSWORD = re.compile(r"(password\s*=\s*)('[^']*'|[^\s&]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One installation that runs, or ran until a crash."""

    supervisor: Identity
    addresses: Mapping[str, str]  # in the order in which they are shown
    ready: bool
    processes: tuple[ProcessStatus, ...]


def without_password(url: str) -> str:
    """Return a database URL (or keyword string) fit for a screen or a file."""
    return _KEYWORD_PASSWORD.sub(r"\1***", _URL_PASSWORD.sub(r"\1:***@", url))


def to_json(record: RunRecord) -> dict[str, Any]:
    """Return the record as the file holds it and `status --json` prints it."""
    return {
        "supervisor": _identity_json(record.supervisor),
        "ready": record.ready,
        **record.addresses,
        "processes": [
            {
                "name": each.name,
                "state": str(each.state),
                "process": each.identity and _identity_json(each.identity),
                "restarts": each.restarts,
                "since": round(each.since, 3),
                "exit_code": each.exit_code,
                "last_end": None if each.exit_code is None else meaning_of(each.exit_code),
                "health_port": each.health_port,
                "stop_signal": each.stop_signal,
            }
            for each in record.processes
        ],
    }


def from_json(raw: Mapping[str, Any]) -> RunRecord:
    """Return the record that `to_json` wrote. Raises KeyError or TypeError for anything else."""
    known = {"supervisor", "ready", "processes"}
    return RunRecord(
        supervisor=_identity(raw["supervisor"]),
        addresses={key: value for key, value in raw.items() if key not in known},
        ready=raw["ready"],
        processes=tuple(_status(row) for row in raw["processes"]),
    )


def read_run(home: Home) -> RunRecord | None:
    """Return what the file says, or None without one. A file of another form counts as none."""
    raw = read_json(home.run_file)
    try:
        return from_json(raw) if raw else None
    except (KeyError, TypeError, ValueError):
        return None


def running(home: Home) -> RunRecord | None:
    """Return the record of the installation that runs in this home now, or None."""
    record = read_run(home)
    return record if record is not None and processes.is_alive(record.supervisor) else None


def end_left_overs(home: Home) -> tuple[str, ...]:
    """End what an earlier run left behind, last started first; return the names.

    Only a process that still has the recorded pid *and* start time is touched. To be called with
    the home's lock held: then the recorded supervisor is certainly gone.
    """
    record = read_run(home)
    if record is None:
        return ()
    left: Sequence[ProcessStatus] = [each for each in record.processes if each.identity is not None]
    return tuple(
        each.name
        for each in reversed(left)
        if each.identity is not None
        and processes.end_left_over(each.identity, signal.Signals(each.stop_signal))
    )


class RunPublisher:
    """Keeps the file at what is; told by the supervisor's threads and by the installation."""

    def __init__(self, home: Home) -> None:
        """Publish nothing yet; the record names this process as the supervisor."""
        ourselves = processes.identity(os.getpid())
        assert ourselves is not None, "this process runs"
        self._file = home.run_file
        self._record = RunRecord(supervisor=ourselves, addresses={}, ready=False, processes=())
        self._lock = threading.Lock()

    def changed(self, statuses: Sequence[ProcessStatus]) -> None:
        """Write the new states of the processes."""
        self._write(processes=tuple(statuses))

    def addresses(self, shown: Mapping[str, str]) -> None:
        """Write where everything is."""
        self._write(addresses=shown)

    def ready(self) -> None:
        """Write that every process has begun its work."""
        self._write(ready=True)

    def end(self) -> None:
        """Remove the file: nothing runs any more."""
        self._file.unlink(missing_ok=True)

    def _write(self, **changes: Any) -> None:
        """A full disk must not end the supervision: the file is then old news."""
        with self._lock, contextlib.suppress(OSError):
            self._record = replace(self._record, **changes)
            write_whole(self._file, json.dumps(to_json(self._record), indent=1) + "\n")


def _identity_json(identity: Identity) -> dict[str, Any]:
    return {"pid": identity.pid, "created": identity.created}


def _identity(raw: Mapping[str, Any]) -> Identity:
    return Identity(pid=int(raw["pid"]), created=float(raw["created"]))


def _status(row: Mapping[str, Any]) -> ProcessStatus:
    return ProcessStatus(
        name=row["name"],
        state=State(row["state"]),
        identity=_identity(row["process"]) if row["process"] else None,
        restarts=row["restarts"],
        since=row["since"],
        exit_code=row["exit_code"],
        stop_signal=row["stop_signal"],
        health_port=row.get("health_port"),
    )
