"""Every figure, by the name that the command line knows it by, in the order in which they run."""

from collections.abc import Mapping
from typing import Any

from benchmarks.figures.catch_up import CatchUp
from benchmarks.figures.delay import Delay
from benchmarks.figures.fan_out import FanOut
from benchmarks.figures.growth import Growth
from benchmarks.figures.memory import Memory
from benchmarks.figures.outage import Outage
from benchmarks.figures.recovery import Recovery
from benchmarks.figures.start import Start
from benchmarks.figures.suspension import Suspension

FIGURES: Mapping[str, type[Any]] = {
    "delay": Delay,
    "fan-out": FanOut,
    "suspension": Suspension,
    "outage": Outage,
    "catch-up": CatchUp,
    "recovery": Recovery,
    "start": Start,
    "memory": Memory,
    "growth": Growth,
}
