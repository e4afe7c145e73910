"""Which rules a check can break, and how long its texts may be: read out of the check itself.

Looks through a function at the functions, tables and texts that it uses, as far as they are of
the domain. So what is told of a type cannot drift from the code. It tells at most too much: a rule
that a shared function has for another type is counted for this one, too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CodeType, FunctionType, ModuleType
from typing import Any

from credit_bus.domain.text import Text

_DOMAIN = "credit_bus.domain."
_RULES = "credit_bus.domain.rules"  # it knows every rule, and none of who breaks it


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What a check can tell: codes of rules, and the longest texts by the path of the field."""

    codes: frozenset[str]
    lengths: Mapping[str, tuple[int, ...]]  # several where the generations differ
    required: frozenset[str]  # texts that must say something


@dataclass(slots=True)
class _Walk:
    known: frozenset[str]  # every code that is a rule
    codes: set[str] = field(default_factory=set)
    lengths: dict[str, set[int]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)


def reached_by(check: Callable[..., Any], *, known: frozenset[str]) -> Reached:
    """Return what this check reaches; `known` are the codes that are rules."""
    walk = _Walk(known)
    _visit(check, walk)
    return Reached(
        codes=frozenset(walk.codes),
        lengths={path: tuple(sorted(found)) for path, found in sorted(walk.lengths.items())},
        required=frozenset(walk.required),
    )


def _visit(value: Any, walk: _Walk) -> None:
    if isinstance(value, str):
        walk.codes.update(code for code in walk.known if _names(value, code))
        return
    if id(value) in walk.seen or isinstance(value, ModuleType):
        return
    walk.seen.add(id(value))
    if isinstance(value, FunctionType):
        _visit_function(value, walk)
    elif isinstance(value, Mapping):
        _visit_each((*value.keys(), *value.values()), walk)
    elif isinstance(value, tuple | list | frozenset | set):
        _visit_each(value, walk)


def _names(text: str, code: str) -> bool:
    """Return whether a text is a code, or the beginning that the codes of a family are made of."""
    return text == code or (text.endswith("-") and code.startswith(text))


def _visit_each(values: Any, walk: _Walk) -> None:
    for value in values:
        _visit(value, walk)


def _visit_function(function: FunctionType, walk: _Walk) -> None:
    if not function.__module__.startswith(_DOMAIN) or function.__module__ == _RULES:
        return
    closed = dict(
        zip(
            function.__code__.co_freevars,
            (cell.cell_contents for cell in function.__closure__ or ()),
            strict=True,
        )
    )
    _note_lengths(closed, walk)
    _visit_each(closed.values(), walk)
    for code in _codes_within(function.__code__):
        _visit_each(code.co_consts, walk)
        for name in code.co_names:
            _visit(function.__globals__.get(name), walk)


def _codes_within(code: CodeType) -> list[CodeType]:
    """Return the code of a function and of the functions written within it."""
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    return [code, *(found for each in inner for found in _codes_within(each))]


def _note_lengths(closed: Mapping[str, Any], walk: _Walk) -> None:
    """Note the texts that a `text_check` was made of."""
    under = closed.get("under", "")
    for row in closed.get("rows", ()):
        text = row[-1]
        if isinstance(text, Text):
            walk.lengths.setdefault(under + text.name, set()).add(text.length_max)
            walk.required.update({under + text.name} if text.required else ())
