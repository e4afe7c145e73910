"""When refusing must stop: a mistake of ours refuses what every party says, not one party.

A department that sends nothing but bad rows is answered and never stops the worker. When several
parties at once have nothing but refusals, a schema, a rule or a release of ours is the likelier
cause, and pouring everything into quarantine would be the damage. (After arroyo's limit on dead
letters, with the party in place of the partition.)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinePolicy:
    """The limit trips when so many parties have each had a run of refusals this long."""

    run_max: int = 200
    parties_min: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineRuns:
    """For each party, how many of its last messages in a row were refused."""

    runs: Mapping[str, int] = field(default_factory=dict)

    def after(self, verdicts: Iterable[tuple[str, bool]]) -> "QuarantineRuns":
        """Return the runs after a batch of verdicts: party, and whether it was refused."""
        runs = dict(self.runs)
        for party, refused in verdicts:
            runs[party] = runs.get(party, 0) + 1 if refused else 0
        return replace(self, runs=runs)

    def exceeding(self, policy: QuarantinePolicy) -> tuple[str, ...]:
        """Return the parties over the run length when they are enough to trip, else nothing."""
        over = tuple(sorted(p for p, run in self.runs.items() if run >= policy.run_max))
        return over if len(over) >= policy.parties_min else ()
