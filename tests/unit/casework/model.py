"""The reference: what is true of the action after a story, by rules as short as the plan's.

It keeps no rows, says nothing, and shares no code with casework.
"""

from dataclasses import dataclass, replace

OPEN, DISMISSED, UPHELD = "open", "dismissed", "upheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What holds. `ended` is the cause of the end."""

    stated: int = 0
    withdrawn: bool = False
    repaired: bool = False
    record_doubt: str = ""
    record_wrong: bool = False  # an objection was right, and nothing is put right yet
    action_doubt: str = ""
    initiated: bool = False
    forgone: bool = False  # its initiator said that it is over, before or after it began
    stayed: bool = False
    ended: str = ""
    end_held: bool = False  # by every platform
    refused: bool = False
    lifted: bool = False
    closed: bool = False
    late: bool = False  # the term is over

    @property
    def state(self) -> str:
        """Return what an official reads."""
        if not self.initiated:
            return "none"
        if self.closed:
            return "closed"
        if self.ended:
            return "ended"
        return "suspended" if self.rests else "active"

    @property
    def rests(self) -> bool:
        """Return whether nobody may carry the measure out although it has not ended."""
        return self.stayed or OPEN in (self.record_doubt, self.action_doubt)


def after(truth: Truth, symbol: str) -> Truth:
    """Return what holds after the symbol."""
    truth = _CHANGES[symbol](truth)
    if truth.ended and truth.end_held and (truth.lifted or truth.refused):
        truth = replace(truth, closed=True)
    return truth


def _end(truth: Truth, cause: str) -> Truth:
    if not truth.initiated or truth.ended:
        return truth
    return replace(truth, ended=cause, end_held=False)


def _initiate(truth: Truth) -> Truth:
    truth = replace(truth, initiated=True, refused=False, lifted=False, closed=False)
    if truth.ended:
        return replace(truth, end_held=False)
    if truth.forgone or truth.withdrawn:
        return _end(truth, "withdrawn")
    if truth.record_wrong or truth.action_doubt == UPHELD:
        return _end(truth, "objection_upheld")
    if truth.repaired:
        return _end(truth, "repaired")
    return _end(truth, "term_over") if truth.late else truth


def _state(truth: Truth) -> Truth:
    # A newer revision than the withdrawn first one stands again.
    return replace(truth, stated=truth.stated + 1, withdrawn=truth.withdrawn and truth.stated < 1)


def _withdraw(truth: Truth) -> Truth:
    if truth.stated > 1:
        return truth  # of the first revision; a newer one stands
    return _end(replace(truth, withdrawn=True), "withdrawn")


def _put_right(truth: Truth) -> Truth:
    return replace(truth, record_wrong=False)


def _doubt(truth: Truth, what: str) -> Truth:
    return truth if getattr(truth, what) else replace(truth, **{what: OPEN})


def _dismiss(truth: Truth, what: str) -> Truth:
    if getattr(truth, what) in ("", UPHELD):
        return truth
    return replace(truth, **{what: DISMISSED})


def _uphold(truth: Truth, what: str) -> Truth:
    if getattr(truth, what) in ("", UPHELD):
        return truth
    wrong = truth.record_wrong or (what == "record_doubt" and not truth.withdrawn)
    return _end(replace(truth, **{what: UPHELD, "record_wrong": wrong}), "objection_upheld")


def _if_initiated(truth: Truth, **changes: bool) -> Truth:
    return replace(truth, **changes) if truth.initiated else truth


def _repair(truth: Truth) -> Truth:
    return _end(replace(truth, repaired=True), "repaired")


def _same(truth: Truth) -> Truth:
    return truth


_CHANGES = {
    "initiate": _initiate,
    "accept": lambda truth: _if_initiated(truth, refused=False),
    "refuse": lambda truth: _if_initiated(truth, refused=True),
    "execute": _same,
    "lift": lambda truth: _if_initiated(truth, lifted=True),
    "doubt record": lambda truth: _doubt(truth, "record_doubt"),
    "doubt action": lambda truth: _doubt(truth, "action_doubt"),
    "dismiss record": lambda truth: _dismiss(truth, "record_doubt"),
    "dismiss action": lambda truth: _dismiss(truth, "action_doubt"),
    "uphold record": lambda truth: _uphold(truth, "record_doubt"),
    "uphold action": lambda truth: _uphold(truth, "action_doubt"),
    "state": _state,
    "correct": _put_right,
    "withdraw": lambda truth: _put_right(_withdraw(truth)),
    "stay": lambda truth: replace(truth, stayed=True),
    "lift stay": lambda truth: replace(truth, stayed=False),
    "end": lambda truth: _end(replace(truth, forgone=True), "withdrawn"),
    "ask repair": _same,
    "accept repair": _same,
    "repair": _repair,
    "confirm": lambda truth: replace(truth, end_held=bool(truth.ended)),
    "expire": lambda truth: _end(replace(truth, late=True), "term_over"),
}
