"""What keeps the bus itself: canaries that show that its routes carry, and rules put into force.

Neither is about anybody: the subject key only says in which lane it travels.
"""

import hashlib
import re

from credit_bus.domain.context import Context
from credit_bus.domain.event import Body, Event
from credit_bus.domain.event_types import CANARY_SENT
from credit_bus.domain.reason import Reason
from credit_bus.domain.references import check_hub, check_moment
from credit_bus.domain.rules import reason
from credit_bus.domain.subjects import check_subject_key
from credit_bus.domain.text import Text, text_check

ROUND_LENGTH_MAX = 64

_VERSION = re.compile(r"[0-9a-f]{12}")
_CANARY = text_check(Text(name="round", length_max=ROUND_LENGTH_MAX, exact=True))
_ACTIVATED = text_check(Text(name="reason", length_max=2000))


def nobodys_key(purpose: str) -> str:
    """Return a subject key that stands for nobody: 64 hex digits of what it is for."""
    return hashlib.sha256(f"credit-bus nobody\x1f{purpose}".encode()).hexdigest()


def is_of_canary(event: Event) -> bool:
    """Return whether it is a canary, or a platform's word on one: neither counts for anybody."""
    return CANARY_SENT in (event.type, event.body.get("event_type"))


def check_canary(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against a canary."""
    found = check_subject_key(context) + _CANARY(body)
    return tuple(found + check_moment(body["sent_at"], context.today, "sent_at"))


def check_activation(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against saying that rules are in force: the hub says it, of versions."""
    found = check_hub(context) + check_subject_key(context) + _ACTIVATED(body)
    for name in ("registry_version", "previous_version"):
        version = body[name]
        if version is not None and _VERSION.fullmatch(version) is None:
            found.append(reason("rule-version-malformed", name))
    if body["registry_version"] == body["previous_version"]:
        found.append(reason("rules-unchanged", "registry_version"))
    for name in ("events_rehearsed", "events_changed"):
        if body[name] < 0:
            found.append(reason("count-negative", name))
    return tuple(found + check_moment(body["activated_at"], context.today, "activated_at"))
