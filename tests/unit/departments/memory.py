"""How much memory a piece of work took at its peak, in this process."""

from collections.abc import Callable
from pathlib import Path

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def mebibytes_more(work: Callable[[], None]) -> float:
    """Return by how much the process grew at the peak of the work."""
    _CLEAR.write_text("5")  # the peak is counted anew from here
    before = _kibibytes("VmRSS")
    work()
    return (_kibibytes("VmHWM") - before) / 1024


def _kibibytes(name: str) -> int:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1])
