"""The recount of actions: who was asked, who answered, whether in time."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from credit_bus.domain.answers import REFUSED
from credit_bus.domain.event import Event, initiator_of
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
)
from credit_bus.domain.orders import recipients_of
from credit_bus.operations.recounted_days import Owed, Sheet


@dataclass(slots=True, kw_only=True)
class _Order:
    """A measure for an implementer: what it still owes of it, and what it said."""

    implementer: str
    measure: str
    response: Owed | None = None
    feedback: Owed | None = None  # on an end: that it is lifted
    answered: str = ""
    executed: bool = False
    lifted: bool = False

    @property
    def over(self) -> bool:
        """Return whether nothing of it is in force."""
        return self.lifted or self.answered == REFUSED


@dataclass(slots=True, kw_only=True)
class _Action:
    orders: dict[tuple[str, str], _Order] = field(default_factory=dict)
    rests_on: set[str] = field(default_factory=set)
    initiated: bool = False
    ended: bool = False
    closed: bool = False


class Actions:
    """The actions on one subject, by name."""

    def __init__(self, sheet: Sheet, *, is_open: Callable[[str], bool]) -> None:
        """`is_open` says whether the objection of that event is being verified."""
        self._sheet = sheet
        self._is_open = is_open
        self._actions: dict[str, _Action] = {}

    def initiated(self, event: Event) -> None:
        """Everybody asked owes an answer; what was owed before is asked for no more."""
        sheet = self._sheet
        action = self._of(event)
        action.initiated = True
        for order in action.orders.values():
            order.response = order.feedback = None
        asked = recipients_of(event.body, sheet.registry, sheet.today)
        for each in asked:
            key = (each.measure.code, each.implementer)
            action.orders[key] = _Order(
                implementer=each.implementer,
                measure=each.measure.code,
                response=self._owed(each.implementer, "respond"),
            )
        sheet.count(event.source, "initiated")
        for implementer, orders in Counter(each.implementer for each in asked).items():
            sheet.count(implementer, "ordered", orders)

    def responded(self, event: Event) -> None:
        """A first answer counts; a later one replaces it."""
        found = self._asked(event)
        if found is None:
            return
        action, order = found
        if not order.answered:
            self._sheet.count(event.source, "answered")
        if order.response is not None:
            self._sheet.count_done("answered", order.response, event.source)
            order.response = None
        if action.closed:
            return
        order.answered = event.body["decision"]
        if order.answered == REFUSED:
            self._sheet.count(event.source, "refused")
            order.feedback = None
        elif not action.ended and not order.executed:
            order.feedback = order.feedback or self._owed(order.implementer, "feed_back")

    def executed(self, event: Event) -> None:
        """Carried out; while the action rests that is counted apart."""
        found = self._asked(event)
        if found is None:
            return
        action, order = found
        if not order.executed:
            self._sheet.count(event.source, "executed")
        if not action.ended:
            self._fed_back(order, "executed", event.source)
        if action.initiated and action.rests_on and not action.ended:
            self._sheet.count(event.source, "executed_suspended")
        order.executed = True

    def lifted(self, event: Event) -> None:
        """No longer in force."""
        found = self._asked(event)
        if found is None:
            return
        _, order = found
        if not order.lifted:
            self._sheet.count(event.source, "lifted")
        self._fed_back(order, "lifted", event.source)
        order.lifted = True

    def suspended(self, event: Event) -> None:
        """It rests on one ground more."""
        self._of(event).rests_on.add(event.body["reference"])

    def resumed(self, event: Event) -> None:
        """A ground is gone, unless it is an objection that is still being verified."""
        if not self._is_open(event.body["reference"]):
            self._ground_gone(event)

    def ended(self, event: Event) -> None:
        """It ends once."""
        if not self._of(event).ended:
            self._end(event)

    def decided(self, word: Event) -> None:
        """Take what the hub decided."""
        _DECIDED[word.type](self, word)

    def _of(self, event: Event) -> _Action:
        return self._actions.setdefault(event.body["action_id"], _Action())

    def _owed(self, party: str, obligation: str) -> Owed:
        return Owed(party=party, obligation=obligation, since=self._sheet.today)

    def _asked(self, event: Event) -> tuple[_Action, _Order] | None:
        """Return the order that the sender answers, as who was asked or its successor."""
        sheet = self._sheet
        action = self._actions.get(event.body["action_id"], _Action())
        measure, source = event.body["measure"], event.source
        orders = [each for each in action.orders.values() if each.measure == measure]
        own = [each for each in orders if each.implementer == source]
        taken_over = [
            each
            for each in orders
            if sheet.registry.successor_of(each.implementer, sheet.today) == source
        ]
        if not own and not taken_over:
            sheet.count(source, "unmatched")
            return None
        return action, (own or taken_over)[0]

    def _fed_back(self, order: _Order, what: str, by: str) -> None:
        if order.feedback is not None:
            self._sheet.count_done(what, order.feedback, by)
            order.feedback = None

    def _ground_gone(self, event: Event) -> None:
        """When no ground is left, feedback has its time anew."""
        action = self._of(event)
        if event.body["reference"] not in action.rests_on:
            return
        action.rests_on.remove(event.body["reference"])
        if action.rests_on or action.ended:
            return
        for order in action.orders.values():
            if order.feedback is not None:
                order.feedback = self._owed(order.implementer, "feed_back")

    def _end(self, event: Event) -> None:
        """Nobody owes an answer any more; who has not refused owes the word that it is lifted."""
        action = self._of(event)
        action.ended, action.closed = True, False
        for order in action.orders.values():
            order.response = None
            order.feedback = None if order.over else self._owed(order.implementer, "feed_back")

    def _close(self, word: Event) -> None:
        action = self._of(word)
        action.closed = True
        for order in action.orders.values():
            order.response = order.feedback = None
        self._sheet.count(initiator_of(word.body["action_id"]), "closed")


_DECIDED: Mapping[str, Callable[[Actions, Event], None]] = MappingProxyType(
    {
        ACTION_SUSPENDED: Actions.suspended,
        ACTION_RESUMED: Actions._ground_gone,
        ACTION_ENDED: Actions._end,
        ACTION_CLOSED: Actions._close,
    }
)
HUB_DECIDES = frozenset(_DECIDED)
