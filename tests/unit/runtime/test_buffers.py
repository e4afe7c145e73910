"""Where large buffers lay no hole is kept."""

import subprocess
import sys

import pytest

from credit_bus.runtime import worker

# A buffer once seen makes smaller ones lie in the heap; something that lasts lies behind each.
HOLES = """
import sys, psutil
from credit_bus.runtime.worker import give_large_buffers_back
if sys.argv[1] == "given-back":
    assert give_large_buffers_back()
before = psutil.Process().memory_info().rss
bytearray(16 * 1024 * 1024)
large, kept = [], []
for _ in range(20):
    large.append(bytearray(b"x") * (2 * 1024 * 1024))
    kept.append(bytearray(10_000))
large.clear()
print(psutil.Process().memory_info().rss - before)
"""


def held(how: str) -> int:
    found = subprocess.run(
        [sys.executable, "-c", HOLES, how], capture_output=True, text=True, check=True, timeout=60
    )
    return int(found.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator is Linux's")
def test_a_large_buffer_that_is_done_with_leaves_no_hole() -> None:
    assert held("given-back") < 2 * 1024 * 1024 < held("kept")


def test_another_allocator_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker.ctypes, "CDLL", lambda _: object())

    assert not worker.give_large_buffers_back()
