"""What a label may say: a bounded number of words that name a part of the bus, never an event.

What is no such word is told as `other`: a subject's key, a digest, an event's id or a name cannot
become a label, and no process keeps more series than the bounds allow. Pure.
"""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType

OTHER = "other"

_WORD = re.compile(r"[a-z][a-z0-9-]{0,47}")
_ROUTE = re.compile(r"/[A-Za-z0-9_{}.:/-]{0,95}")
_GROUP = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,95}")
_TOPIC = re.compile(r"credit(\.[a-z][a-z0-9-]{0,47}){1,2}")
_STATUS = re.compile(r"[1-5][0-9]{2}")
_DIGEST = re.compile(r"[0-9a-fA-F]{12}")  # of an id, a key or a trace
_DIGITS = re.compile(r"[0-9]{6}")  # of a number that somebody has


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label: what it names, and either its words or how they look and how many they may be."""

    name: str
    meaning: str
    words: frozenset[str] = frozenset()
    form: re.Pattern[str] = _WORD
    values_max: int = 16

    def told(self, value: str, known: Set[str]) -> str:
        """Return the value if it may be told beside those `known` so far, else `other`."""
        if value in known:
            return value
        if self.words:
            return value if value in self.words else OTHER
        if len(known) >= self.values_max or not self.form.fullmatch(value):
            return OTHER
        return OTHER if _DIGEST.search(value) or _DIGITS.search(value) else value


def _words(name: str, meaning: str, *words: str) -> Label:
    return Label(name=name, meaning=meaning, words=frozenset(words), values_max=len(words))


LABELS: Mapping[str, Label] = MappingProxyType(
    {
        each.name: each
        for each in (
            _words("stage", "stage of the bus", "gate", "router", "casework", "relay"),
            _words(
                "kind",
                "kind of topic",
                "outbox",
                "records",
                "inbox",
                "replies",
                "quarantine",
            ),
            Label(name="party", meaning="party of the registry, by its code", values_max=400),
            Label(name="code", meaning="code of a rule that refused", values_max=300),
            _words("verdict", "the gate's word", "accepted", "refused"),
            _words("result", "a platform's answer", "delivered", "invalid", "later"),
            _words("way", "how an enquiry came", "topic", "http"),
            _words("outcome", "whether an enquiry got its answer", "answered", "unanswered"),
            _words("answer", "what became of a row", "accepted", "duplicate", "rejected"),
            Label(name="route", meaning="pattern of a path", form=_ROUTE, values_max=200),
            _words(
                "method", "of a request", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"
            ),
            Label(name="status", meaning="status of an answer", form=_STATUS, values_max=40),
            Label(name="watch", meaning="watch of the monitor", values_max=32),
            Label(name="group", meaning="consumer group", form=_GROUP, values_max=500),
            Label(name="topic", meaning="topic of the bus", form=_TOPIC, values_max=1_300),
            Label(name="fault", meaning="what an alarm says is amiss", values_max=32),
            _words(
                "standing",
                "how a duty stands today",
                "overdue",
                "at_risk",
                "in_time",
                "resting",
                "undated",
            ),
            Label(name="process", meaning="process of the process table", values_max=64),
        )
    }
)


def kind_of(topic: str) -> str:
    """Return the kind of a topic: the word after `credit.`."""
    parts = topic.split(".", 2)
    return parts[1] if len(parts) > 1 and parts[1] in LABELS["kind"].words else OTHER
