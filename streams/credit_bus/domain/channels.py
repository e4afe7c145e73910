"""Names of the topics: who writes where, and who reads it."""

RECORDS = "credit.records"
QUARANTINE = "credit.quarantine"

_OUTBOX = "credit.outbox."
_INBOX = "credit.inbox."
_REPLIES = "credit.replies."


def outbox(party: str) -> str:
    """Everything the party says; written by that party alone."""
    return _OUTBOX + party


def inbox(party: str) -> str:
    """What a platform must hold or a department must do; read by that party alone."""
    return _INBOX + party


def replies(party: str) -> str:
    """What comes back for what the party said; read by that party alone."""
    return _REPLIES + party


def owner_of_outbox(topic: str) -> str:
    """Return the party that alone may write this outbox topic."""
    if not topic.startswith(_OUTBOX):
        raise ValueError(f"{topic} is not an outbox topic")
    return topic[len(_OUTBOX) :]


def party_of(topic: str) -> str | None:
    """Return the party whose topic it is: what it says, must hold, or is answered; None: of all."""
    for prefix in (_OUTBOX, _INBOX, _REPLIES):
        if topic.startswith(prefix):
            return topic[len(prefix) :]
    return None
