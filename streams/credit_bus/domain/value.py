"""Frozen values that are made for every event: immutable to the type checker, not at run time.

A frozen dataclass sets each field through `object.__setattr__`, which makes it 2.5 times as dear to
build as a plain one; ten of them for an event were a tenth of the gate's time.
"""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

Made = TypeVar("Made")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def value(made: type[Made]) -> type[Made]:
    """Return the class as a keyword-only dataclass with slots, equal and hashed by its fields.

    mypy refuses an assignment to a field, as with `frozen=True`; nothing refuses it at run time.
    """
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(made)
