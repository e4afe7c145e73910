"""Reminders: the hub tells a party that something falls due, or that it is overdue.

Knows the form of a reminder. Which day something falls due is the deadline rules' to say.
"""

import re

from credit_bus.domain.context import Context
from credit_bus.domain.event import Body
from credit_bus.domain.reason import Reason
from credit_bus.domain.references import check_about, check_event_id, check_hub, check_party
from credit_bus.domain.rules import reason
from credit_bus.domain.subjects import check_subject_key

OVERDUE = "overdue"

# What is done for an action, and what is done with a record; all others can be about either.
_FOR_ACTIONS = frozenset({"respond", "feed_back"})
_FOR_RECORDS = frozenset({"publish", "withdraw", "share"})

_RULE_VERSION = re.compile(r"[0-9a-f]{12}")


def check_reminder(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against a reminder: nobody is called overdue before the day is over."""
    about, obligation = body["about"], body["obligation"]
    found = check_hub(context) + check_subject_key(context)
    found += check_party(body["party"], context, "party")
    found += check_about(about, context)
    found += check_event_id(body["because_of"], "because_of")
    strange = "record" if obligation in _FOR_ACTIONS else "action_id"
    if obligation in _FOR_ACTIONS | _FOR_RECORDS and about[strange] is not None:
        found.append(reason("obligation-not-of-about", "obligation"))
    if body["state"] == OVERDUE and body["due_on"] >= context.today:
        found.append(reason("not-overdue-yet", "state", due_on=body["due_on"]))
    if _RULE_VERSION.fullmatch(body["rule_version"]) is None:
        found.append(reason("rule-version-malformed", "rule_version"))
    return tuple(found)
