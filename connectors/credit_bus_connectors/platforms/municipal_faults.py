"""The trouble that the municipal stand-in makes on demand: everything that real platforms do.

Pure: which trouble meets the next post is a function of the faults and of a seeded random number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

DELAY_SECONDS_MAX = 60.0


class Trouble(StrEnum):
    """What may meet a post."""

    STATUS = "status"  # an error status, before any effect
    RESET = "reset"  # the connection breaks before any effect
    LOST = "lost"  # the answer is lost after the effect
    SLOW = "slow"  # the answer takes its time
    LATER = "later"  # each event of the post is put off


@dataclass(slots=True, kw_only=True)
class Faults:
    """The trouble to make. Numbers count down to no trouble; a share stays until it is changed."""

    status: int = 503
    status_times: int = 0
    retry_after_seconds: int = 0
    delay_seconds: float = 0.0  # before every post
    resets: int = 0
    lose_answers: int = 0
    later: dict[str, int] = field(default_factory=dict)  # subject: how often
    share: float = 0.0  # of the posts, each met by one of `troubles` by chance
    troubles: Sequence[str] = tuple(Trouble)
    slow_seconds: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Put bounds on what was asked for. ValueError for a trouble that there is not."""
        self.delay_seconds = min(self.delay_seconds, DELAY_SECONDS_MAX)
        self.slow_seconds = min(self.slow_seconds, DELAY_SECONDS_MAX)
        self.troubles = [Trouble(name) for name in self.troubles]

    def chance(self) -> Random:
        """Return the random numbers of these faults, from their beginning."""
        return Random(self.seed)  # noqa: S311 - chance, not secrecy

    def next_trouble(self, chance: Random) -> Trouble | None:
        """Return what meets the next post; what is counted comes before what is by chance."""
        if self.status_times > 0:
            self.status_times -= 1
            return Trouble.STATUS
        if self.resets > 0:
            self.resets -= 1
            return Trouble.RESET
        if self.lose_answers > 0:
            self.lose_answers -= 1
            return Trouble.LOST
        if self.share and chance.random() < self.share:
            return Trouble(chance.choice(self.troubles))
        return None

    def put_off(self, subject: str) -> bool:
        """Return whether an event of the subject is put off this time."""
        left = self.later.get(subject, 0)
        if left > 0:
            self.later[subject] = left - 1
        return left > 0
