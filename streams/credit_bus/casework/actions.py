"""The life of an action up to its end: 发起, 响应, 反馈, 解除."""

from collections import Counter

from credit_bus.casework.counts import (
    ANSWERED,
    EXECUTED,
    EXECUTED_SUSPENDED,
    INITIATED,
    LIFTED,
    ORDERED,
    REFUSED,
    UNMATCHED,
)
from credit_bus.casework.desk import Desk
from credit_bus.casework.duties import done, duty, feedback, is_owed_on, tell
from credit_bus.casework.endings import close_if_over, end, end_again, end_with_record
from credit_bus.casework.grounds import (
    open_objections,
    records_under,
    repairs_under,
    upheld_objections,
)
from credit_bus.casework.kept import DAY
from credit_bus.casework.publicity import end_with_entry
from credit_bus.casework.suspensions import suspend, suspend_again
from credit_bus.casework.things import Action, Order
from credit_bus.casework.values import about_action
from credit_bus.domain.answers import REFUSED as SAYS_NO
from credit_bus.domain.event import Event
from credit_bus.domain.orders import Recipient, recipients_of
from credit_bus.domain.time_rules import Obligation


def initiated(desk: Desk, event: Event) -> None:
    """Keep who was asked for what, as the router asked them; a newer initiation asks all anew."""
    before = desk.find(Action, event.body["action_id"])
    asked = recipients_of(event.body, desk.registry, desk.today)
    action = _asked(desk, event, asked, before)
    desk.put(action)
    desk.count(event.source, INITIATED)
    for implementer, orders in Counter(each.implementer for each in asked).items():
        desk.count(implementer, ORDERED, orders)
    if action.ending is not None:
        end_again(desk, action)
        return
    suspend_again(desk, action)
    _as_things_stand(desk, action.name)


def responded(desk: Desk, event: Event) -> None:
    """Note who takes a measure on, or refuses it on a legal ground."""
    found = _answered(desk, event, Obligation.RESPOND, ANSWERED, "accepted", "refused")
    if found is None:
        return
    action, order = found
    if action.closed is not None:
        return  # the proof stands; nothing is left that could be taken on
    feeds_back = is_owed_on(order, Obligation.FEED_BACK)
    if event.body["decision"] == SAYS_NO:
        desk.count(event.source, REFUSED)
        action = _with(action, order, accepted=None, refused=event.id, over_at=desk.now)
        action = done(desk, action, feeds_back)  # a later no replaces a yes
    else:
        action = _with(action, order, accepted=event.id, refused=None)
        owes = any(map(feeds_back, action.duties))  # a second yes gives no more time
        if action.ending is None and order.executed is None and not owes:
            owed = feedback(desk, order, because_of=event.id)
            action = action.but(duties=(*action.duties, owed))
    desk.put(action)
    close_if_over(desk, action)


def executed(desk: Desk, event: Event) -> None:
    """Note what was carried out; what was done while the action rested is counted apart."""
    action = desk.find(Action, event.body["action_id"])
    lifting = action is not None and action.ending is not None
    found = _answered(desk, event, None if lifting else Obligation.FEED_BACK, EXECUTED, "executed")
    if found is None:
        return
    action, order = found
    if action.state == "suspended":
        desk.count(event.source, EXECUTED_SUSPENDED)
    desk.put(_with(action, order, executed=event.id))


def lifted(desk: Desk, event: Event) -> None:
    """Note that a measure is no longer in force."""
    found = _answered(desk, event, Obligation.FEED_BACK, LIFTED, "lifted")
    if found is None:
        return
    action, order = found
    action = _with(action, order, lifted=event.id, over_at=desk.now)
    desk.put(action)
    close_if_over(desk, action)


def tick(desk: Desk, action: Action) -> None:
    """A term that is over ends the action, suspended or not; duties are told."""
    if action.ending is None and action.ends_on is not None and action.ends_on < desk.today:
        end(
            desk,
            action,
            cause="term_over",
            because_of=None,
            effective_on=action.ends_on + DAY,
        )
        action = desk.get(Action, action.name)
    about = about_action(action.name).reference
    desk.put(tell(desk, action, about, resting=action.resting))


def _asked(desk: Desk, event: Event, asked: tuple[Recipient, ...], before: Action | None) -> Action:
    body = event.body
    orders = {(each.measure, each.implementer): each for each in before.orders} if before else {}
    for each in asked:
        orders[each.measure.code, each.implementer] = Order(
            measure=each.measure.code, implementer=each.implementer
        )
    action = Action(
        name=body["action_id"],
        initiator=event.source,
        event=event.id,
        revision=event.revision,
        ordered_at=desk.now,
        document_number=body["instrument"]["number"],
        ends_on=body["term"]["ends_on"],
        orders=tuple(orders.values()),
        duties=tuple(
            duty(
                desk,
                party=each.implementer,
                obligation=Obligation.RESPOND,
                because_of=event.id,
                measure=each.measure.code,
            )
            for each in asked
        ),
    )
    if before is None:
        return action
    return action.but(
        suspensions=before.suspensions,
        lifted=before.lifted,
        ending=before.ending,
        closed=before.closed,
        closings=before.closings,
    )


def _as_things_stand(desk: Desk, name: str) -> None:
    """What was withdrawn or repaired founds nothing; what is being verified lets nothing run."""

    def kept() -> Action:
        return desk.get(Action, name)

    action = kept()
    for record in records_under(desk, action):
        if record.gone:
            end_with_record(desk, kept(), record)
        elif record.removed is not None:
            end_with_entry(desk, kept(), record.removed)
    for objection in upheld_objections(desk, action):
        end(desk, kept(), cause="objection_upheld", because_of=objection.decided)
    for repair in repairs_under(desk, action):
        end(desk, kept(), cause="repaired", because_of=repair.decided)
    for objection in open_objections(desk, action):
        suspend(desk, kept(), objection)
    tick(desk, kept())


def _answered(
    desk: Desk, event: Event, obligation: Obligation | None, what: str, *answers: str
) -> tuple[Action, Order] | None:
    """Return the action without the duty that the event fulfils, and the order it answers.

    None, and counted, when nobody asked the sender for that measure. An answer that replaces one
    of these `answers` is not counted again.
    """
    action = desk.find(Action, event.body["action_id"])
    order = None if action is None else _order(desk, action, event)
    if action is None or order is None:
        desk.count(event.source, UNMATCHED)
        return None
    if not any(getattr(order, answer) for answer in answers):
        desk.count(event.source, what)
    if obligation is not None:
        fulfilled = is_owed_on(order, obligation)
        action = done(desk, action, fulfilled, what=what, by=event.source)
    return action, order


def _order(desk: Desk, action: Action, event: Event) -> Order | None:
    """Return the order to the sender, or to the one whose duties it took over."""
    measure, source = event.body["measure"], event.source
    asked = [each for each in action.orders if each.measure == measure]
    own = [each for each in asked if each.implementer == source]
    own = own or [each for each in asked if desk.answers_for(source, each.implementer)]
    return own[0] if own else None


def _with(action: Action, order: Order, **changes: object) -> Action:
    return action.but(
        orders=tuple(
            each.but(**changes)
            if (each.measure, each.implementer) == (order.measure, order.implementer)
            else each
            for each in action.orders
        )
    )
