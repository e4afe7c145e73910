"""How the kit starts and kills the adapter under test: by a command, or by a person's hands."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.processes import ProcessSpec, spawn, stop

Told = Callable[[str], None]

PERSON_SECONDS_MAX = 1800.0  # how long a person may take over one request


class Adapter(Protocol):
    """The adapter under test, as far as the kit can handle it."""

    def start(self) -> None:
        """Start it; return when that is under way."""
        ...

    def kill(self) -> None:
        """End it without a word, and return when it has ended."""
        ...

    def hand(self, file: Path) -> None:
        """Tell it that there is a new file of statements."""
        ...

    def close(self) -> None:
        """Let go of it when the exchange is over."""
        ...


class CommandAdapter:
    """An adapter that a command starts. It finds files of statements by itself."""

    def __init__(
        self, command: tuple[str, ...], environment: Mapping[str, str], log: Path, told: Told
    ) -> None:
        """Remember how to start it; its output goes to `log`/adapter.log."""
        self._told = told
        self._spec = ProcessSpec(name="adapter", argv=command, environment=environment)
        self._log = log
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process. Raises InstallationError when there is no such program."""
        try:
            self._child = spawn(self._spec, log_folder=self._log)
        except OSError as error:
            raise InstallationError(
                f"the adapter {self._spec.argv[0]} cannot be started ({error.strerror}): correct "
                "--command"
            ) from error

    @property
    def exit_code(self) -> int | None:
        """How the process ended by itself; None while it runs, and when there is none."""
        return None if self._child is None else self._child.poll()

    def kill(self) -> None:
        """Kill the process and whatever it started."""
        child = self._child
        if child is not None:
            if self.exit_code is not None:
                self._told(
                    f"适配器进程早已自行退出（退出码 {self.exit_code}），见 {self._log}/adapter.log"
                )
            stop(child, signal.SIGKILL)
        self._child = None

    def hand(self, file: Path) -> None:
        """Nothing to do: the folder is in its environment."""

    def close(self) -> None:
        """Kill it: it was the kit's alone."""
        self.kill()


class OperatorAdapter:
    """An adapter that a person starts, kills and feeds, as asked on the terminal."""

    def __init__(self, told: Told, *, seconds_max: float = PERSON_SECONDS_MAX) -> None:
        """Ask through `told`; the answers are lines on standard input."""
        self._told = told
        self._seconds_max = seconds_max

    def start(self) -> None:
        """Ask for the start."""
        self._ask("请启动适配器，启动后按回车")

    def kill(self) -> None:
        """Ask for the kill."""
        self._ask("请强行终止适配器（kill -9 或者直接断电，不要正常退出），终止后按回车")

    def hand(self, file: Path) -> None:
        """Ask for the statements."""
        self._ask(f"请把 {file} 中的各项录入本单位系统并报送，开始报送后按回车")

    def close(self) -> None:
        """Nothing to do: it goes on as its people please."""

    def _ask(self, sentence: str) -> None:
        self._told(sentence)
        if not _line_comes(sys.stdin.fileno(), time.monotonic() + self._seconds_max):
            raise InstallationError(
                f"nobody answered within {self._seconds_max:g} seconds: run again at a terminal, "
                "or give the adapter's --command"
            )


def _line_comes(descriptor: int, deadline: float) -> bool:
    """Return whether a line comes in time. Reads no byte beyond it, which the next one needs."""
    while True:
        left = max(0.0, deadline - time.monotonic())
        ready, _, _ = select.select([descriptor], [], [], left)
        byte = os.read(descriptor, 1) if ready else b""
        if byte in {b"", b"\n"}:
            return byte == b"\n"


def environment_of(*, broker: str, party: str, folder: Path) -> dict[str, str]:
    """Return what an adapter's command is told."""
    return {
        "CREDIT_BUS_BROKER": broker,
        "CREDIT_BUS_PARTY": party,
        "CREDIT_BUS_FOLDER": str(folder),
        "PATH": os.environ.get("PATH", os.defpath),
    }
