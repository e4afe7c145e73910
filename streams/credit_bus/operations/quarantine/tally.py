"""What a redrive of many would do, in counts. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many messages would be taken today, and how many left where they lie, and why."""

    taken: int
    left: int
    codes: Mapping[str, int]  # in how many of those left each stands, the most frequent first


def tally_of(hindrances: Iterable[Sequence[str]]) -> Tally:
    """Return the counts of messages, given why each would be left; nothing for what is taken."""
    taken, left = 0, 0
    codes: Counter[str] = Counter()
    for each in hindrances:
        if each:
            left += 1
            codes.update(set(each))
        else:
            taken += 1
    ordered = sorted(codes.items(), key=lambda row: (-row[1], row[0]))
    return Tally(taken=taken, left=left, codes=dict(ordered))
