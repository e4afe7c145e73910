"""How a body points to something else: an action, an event, a moment, a party, a record.

Whether what it points to ever existed is not known here: it is for those who keep state.
"""

import re
from collections.abc import Hashable, Sequence
from datetime import UTC, date, datetime

from credit_bus.domain.calendar import local_day
from credit_bus.domain.context import Context
from credit_bus.domain.dates import check_not_future
from credit_bus.domain.event import Body, initiator_of
from credit_bus.domain.event_types import ACTION_INITIATED, RECORD_TYPES
from credit_bus.domain.parties import is_one_of
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Role
from credit_bus.domain.rules import reason
from credit_bus.domain.text import Text, text_check

NUMBER_LENGTH_MAX = 128

_ACTION_DIGEST = re.compile(r"[0-9a-f]{24}")
_EVENT_ID = re.compile(r"[0-9a-f]{32}")

_RECORD_NUMBER = Text(name="document_number", length_max=NUMBER_LENGTH_MAX, exact=True)
_check_number = {
    under: text_check(_RECORD_NUMBER, under=under + ".") for under in ("about.record", "record")
}
_check_document = text_check(
    Text(name="title", length_max=200),
    Text(name="number", length_max=NUMBER_LENGTH_MAX, exact=True),
    Text(name="issuer", length_max=200),
    under="basis.",
)


def check_action_id(action: str, context: Context, field: str = "action_id") -> list[Reason]:
    """Return the reason against the name of an action: malformed, or of nobody who may initiate."""
    initiator = initiator_of(action)
    if not initiator or _ACTION_DIGEST.fullmatch(action[len(initiator) + 1 :]) is None:
        return [reason("action-id-malformed", field)]
    party = context.registry.parties.get(initiator)
    if party is None or ACTION_INITIATED not in party.publishes:
        return [reason("action-initiator-unknown", field)]
    return []


def check_event_id(event: str, field: str) -> list[Reason]:
    """Return the reason against the id of an event."""
    return [] if _EVENT_ID.fullmatch(event) else [reason("event-id-malformed", field)]


def check_moment(moment: datetime, today: date, field: str) -> list[Reason]:
    """Return the reason against a moment of a day after today."""
    # The day of UTC is never after the local one, and the last hours of time have no local day.
    day = moment.astimezone(UTC).date()
    return check_not_future(day if day > today else local_day(moment), today, field)


def check_party(code: str, context: Context, field: str) -> list[Reason]:
    """Return the reason against the code of a party."""
    return [] if code in context.registry.parties else [reason("party-unknown", field)]


def check_hub(context: Context) -> list[Reason]:
    """Return the reason against anybody but the hub saying what only the hub can know."""
    source = context.registry.parties.get(context.source)
    hub = source is not None and source.role is Role.HUB
    return [] if hub else [reason("not-the-hub", "ce_source")]


def check_items(
    items: Sequence[Hashable], field: str, *, items_max: int, may_be_empty: bool = False
) -> list[Reason]:
    """Return every reason against a list as such: empty, too long, or with an item twice."""
    if not items:
        return [] if may_be_empty else [reason("list-empty", field)]
    if len(items) > items_max:
        return [reason("list-too-long", field, items_max=items_max)]
    return [] if len(set(items)) == len(items) else [reason("list-repeated", field)]


def check_about(about: Body, context: Context) -> list[Reason]:
    """Return every reason against what an objection, a repair or a reminder is about."""
    record, action = about["record"], about["action_id"]
    if (record is None) == (action is None):
        return [reason("about-not-one", "about")]
    if record is None:
        return check_action_id(action, context, "about.action_id")
    return check_record(record, context, "about.record")


def check_record(record: Body, context: Context, under: str) -> list[Reason]:
    """Return every reason against a reference to a record; `under` is its field in the body."""
    found = _check_number[under](record)
    if record["type"] not in RECORD_TYPES:
        found.append(reason("record-type-unknown", f"{under}.type"))
    provider = context.registry.parties.get(record["provider"])
    if provider is None:
        found.append(reason("provider-unknown", f"{under}.provider"))
    elif record["type"] in RECORD_TYPES - provider.publishes:
        found.append(reason("record-not-of-provider", f"{under}.provider"))
    return found


def check_basis_document(basis: Body | None, context: Context) -> list[Reason]:
    """Return every reason against the document that a statement stands on; none without one."""
    if basis is None:
        return []
    issued = basis["issued_on"]
    return _check_document(basis) + check_not_future(issued, context.today, "basis.issued_on")


def owner_of(about: Body) -> str:
    """Return the party that answers for it: the record's provider or the action's initiator.

    "" when it is about nothing, which its check refuses.
    """
    record = about["record"]
    return str(record["provider"]) if record else initiator_of(about["action_id"] or "")


def check_owner(about: Body, context: Context) -> list[Reason]:
    """Return the reason against deciding on what another party provided or initiated."""
    return check_answers_for(owner_of(about), context)


def check_answers_for(owner: str, context: Context) -> list[Reason]:
    """Return the reason against anybody but that party, or its successor, deciding."""
    # An unknown one has its own reason already.
    if owner not in context.registry.parties or is_one_of((owner,), context):
        return []
    return [reason("not-the-owner", "ce_source")]
