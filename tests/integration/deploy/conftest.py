"""`credit-bus up` as a real process in the foreground, with no network but loopback."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from credit_bus_deploy import jars, processes
from credit_bus_deploy.home import Home, home_at
from credit_bus_deploy.processes import Identity
from credit_bus_deploy.run_record import RunRecord, running

UP_WAIT_SECONDS_MAX = 60.0
END_WAIT_SECONDS_MAX = 40.0
NOBODY = "http://127.0.0.1:9"  # a proxy that is not there: whoever asks the network is refused

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@pytest.fixture(scope="session")
def credit_bus() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function (arguments, **environment) that runs a command to its end."""
    return _credit_bus


def _credit_bus(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "credit_bus_deploy", *arguments],
        env=os.environ | dict.fromkeys(PROXIES, NOBODY) | environment,
        capture_output=True,
        text=True,
        timeout=UP_WAIT_SECONDS_MAX + END_WAIT_SECONDS_MAX,
        check=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreground:
    """A running `credit-bus up --only infra`."""

    home: Home
    process: subprocess.Popen[bytes]
    output: Path

    def record(self) -> RunRecord:
        """Return what runs; wait until all is ready."""
        assert processes.wait_until(self._is_ready, seconds_max=UP_WAIT_SECONDS_MAX), (
            self.output.read_text()
        )
        record = running(self.home)
        assert record is not None
        return record

    def everyone(self) -> set[Identity]:
        """Return the process, its children, and theirs."""
        tree = psutil.Process(self.process.pid).children(recursive=True)
        found = (processes.identity(each.pid) for each in (self.process, *tree))
        return {each for each in found if each is not None}

    def end(self, number: signal.Signals) -> int:
        """Send the signal to the foreground process alone, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(END_WAIT_SECONDS_MAX)

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, self.output.read_text()
        record = running(self.home)
        return record is not None and record.ready


@pytest.fixture(scope="session")
def up() -> Iterator[Callable[[Path], Foreground]]:
    """Return a function that starts `credit-bus up --only infra` in a home."""
    jars.ensure_jars(jars.locked_jars(), jars.cache_folder())  # the first start's download
    with ExitStack() as stack:

        def start(folder: Path) -> Foreground:
            output = folder.parent / f"{folder.name}.output"
            with output.open("ab") as file:
                process = subprocess.Popen(
                    [
                        sys.executable,
                        "-m",
                        "credit_bus_deploy",
                        "up",
                        "--only",
                        "infra",
                        "--home",
                        str(folder),
                    ],
                    env=os.environ | dict.fromkeys(PROXIES, NOBODY),
                    stdout=file,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            stack.callback(processes.stop, process, signal.SIGTERM)
            return Foreground(home=home_at(folder), process=process, output=output)

        yield start


@pytest.fixture(scope="module")
def running_up(up: Callable[[Path], Foreground]) -> Iterator[Foreground]:
    """One installation that the tests of a module share; they leave it running."""
    with tempfile.TemporaryDirectory(prefix="credit-bus-up-") as folder:
        foreground = up(Path(folder) / "home")
        foreground.record()
        yield foreground
        foreground.end(signal.SIGTERM)


@pytest.fixture
def new_home() -> Iterator[Path]:
    """The path of a home that is not there yet."""
    with tempfile.TemporaryDirectory(prefix="credit-bus-up-") as folder:
        yield Path(folder) / "home"
