"""标注异议: which record an objection or its decision is about, and which objection it is.

Knows the two statements by themselves. An objection changes nothing of how a record stands: while
one about it is not decided, whoever shows the record says that it is disputed.
"""

from credit_bus.domain.event import Body, Event, record_key
from credit_bus.domain.event_types import EVENT_TYPES, OBJECTION_RAISED


def disputed_record(kind: str, body: Body) -> Body | None:
    """Return the reference to the record that such an objection or decision is about.

    None for one about an action, and for every other type.
    """
    if not EVENT_TYPES[kind].disputes:
        return None
    record: Body | None = body["about"]["record"]
    return record


def disputed_key(event: Event) -> bytes | None:
    """Return the document key of the record that an objection or a decision is about, or None."""
    record = disputed_record(event.type, event.body)
    if record is None:
        return None
    return record_key(record["provider"], record["type"], record["document_number"], event.subject)


def objection_key(event: Event) -> bytes:
    """Return the 16 bytes that an objection and its decision have in common.

    Who raised it, under which number, for which subject, about which record: a decision about
    another record does not answer it. Of an objection about a record. KeyError for another type.
    """
    raised_by = event.source if event.type == OBJECTION_RAISED else event.body["raised_by"]
    about = disputed_key(event)
    assert about is not None, "an objection about an action is not kept by platforms"
    kind = f"{OBJECTION_RAISED}/{about.hex()}"
    return record_key(raised_by, kind, event.body["objection_number"], event.subject)
