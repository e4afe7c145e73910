"""Texts of a body: presence, length, what they may consist of, and lists of allowed words.

A declaration is compiled once into a function, so that judging a good text costs one condition.
Knows no particular field.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from credit_bus.domain.event import Body
from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import reason

# What officials write into a cell for "nothing" (seen in 双公示 files); on the bus they mean none.
BLANK_WORDS = frozenset({"", "/", "／", "无", "—", "——"})
_BLANK_LENGTH_MAX = max(map(len, BLANK_WORDS))

OTHER = "其他"
_OTHER_SPECIFIED = OTHER + "-"

# Control characters (but not tab and line ends), and those that turn the direction of writing:
# no database and no reader of a decision expects them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


# From a value and its field to the reasons against it.
Words = Callable[[str, str], list[Reason]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text field of a body. An `exact` one names something, so its every character counts."""

    name: str
    length_max: int
    required: bool = True
    exact: bool = False


def is_blank(value: str | None) -> bool:
    """Return whether the value says nothing."""
    return value is None or value.strip() in BLANK_WORDS


def text_check(*texts: Text, under: str = "") -> Callable[[Body], list[Reason]]:
    """Return a function from a body to every reason against these texts of it.

    `under` is the path of the record that the body is, for the field names in the reasons.
    """
    rows = tuple((text.name, text.length_max, text) for text in texts)

    def check(body: Body) -> list[Reason]:
        found: list[Reason] = []
        for name, length_max, text in rows:
            value = body[name]
            if value is None:  # not by `_judge`: 0.1 µs for each text left out, 7 of a penalty's
                if text.required:
                    found.append(reason("text-missing", under + name))
            # By length, a text cannot be a blank word; hashing it to see cost 0.05 µs a text.
            elif not (
                _BLANK_LENGTH_MAX < len(value) <= length_max
                and value.isprintable()
                and value[0] != " "
                and value[-1] != " "
            ):
                found += _judge(text, value, under + name)
        return found

    return check


def word_check(*words: str, other_length_max: int = 0) -> Words:
    """Return a function from a value and its field to the reasons against it as one of the words.

    With `other_length_max`, a value may also be 其他- and what it is, of that length in all.
    """
    other = other_length_max > 0
    known = frozenset(words)
    shown = "、".join((*words, _OTHER_SPECIFIED + "具体内容") if other else words)

    def check(value: str, field: str) -> list[Reason]:
        if value in known:
            return []
        if not other or not (value == OTHER or value.startswith(_OTHER_SPECIFIED)):
            return [reason("word-not-in-list", field, words=shown)]
        if is_blank(value[len(_OTHER_SPECIFIED) :]):
            return [reason("word-other-unspecified", field)]
        return _judge(Text(name=field, length_max=other_length_max), value, field)

    return check


def _judge(text: Text, value: str | None, field: str) -> list[Reason]:
    if value is None or is_blank(value):
        return [reason("text-missing", field)] if text.required else []
    found = []
    if len(value) > text.length_max:
        found.append(reason("text-too-long", field, length_max=text.length_max))
    if _CONTROL.search(value) or (text.exact and not value.strip().isprintable()):
        found.append(reason("text-control-character", field))
    if text.exact and value != value.strip():
        found.append(reason("text-padded", field))
    return found
