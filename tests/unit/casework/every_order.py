"""Every order of some events on one action, judged by the reference.

Two orders that lead to the same rows, the same truth, the same view of the implementer and the same
past revisions are one from there on, for nothing else enters a step: such a place is gone on from
once, and every order is covered.
"""

from dataclasses import dataclass

from tests.unit.casework import model
from tests.unit.casework.judged import View, judge, lawful
from tests.unit.casework.model import Truth
from tests.unit.casework.story import SYMBOLS, Told, casework, go_on, settle

from credit_bus.casework.port import Casework

# What is said of the record and of a repair and changes nothing of the action by itself is left to
# the longer histories.
ON_THE_ACTION = frozenset(SYMBOLS) - {"correct", "ask repair", "accept repair"}
# A decision on an objection to the action does what one to its record does.
ONCE_EACH = ON_THE_ACTION - {"dismiss action", "uphold action"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where some orders of the same symbols have led."""

    used: frozenset[str]
    told: Told
    truth: Truth
    view: View

    @property
    def name(self) -> tuple[object, ...]:
        """Return what tells this place from others."""
        return (
            self.used,
            self.truth,
            self.view,
            self.told.now,
            frozenset(self.told.revisions.items()),
            frozenset(self.told.kept.digests.items()),
        )


def step(place: Place, symbol: str, core: Casework) -> Place:
    """Return where a further symbol leads."""
    told = settle(go_on(place.told, symbol, core), core)
    view = place.view
    for event in told.log:
        lawful(event)
        view = view.after(event)
    truth = model.after(place.truth, symbol)
    return Place(used=place.used | {symbol}, told=told, truth=truth, view=view)


def follow_every_order(events_max: int, symbols: frozenset[str] = ON_THE_ACTION) -> int:
    """Judge every order of up to so many of these; return how many steps that took."""
    core = casework()
    places = [Place(used=frozenset(), told=Told(), truth=Truth(), view=View())]
    stepped = 0
    for length in range(1, events_max + 1):
        found: dict[object, Place | None] = {}
        for place in places:
            for symbol in sorted(symbols - place.used):
                led = step(place, symbol, core)
                stepped += 1
                if led.name not in found:
                    judge(led.told, led.truth, led.view)
                    found[led.name] = led if length < events_max else None  # nobody goes on
        places = [place for place in found.values() if place is not None]
    return stepped
