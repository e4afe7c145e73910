"""The options of a figure: fields of a dataclass, and what the command line makes of them."""

import argparse
from collections.abc import Mapping
from dataclasses import MISSING, Field, field, fields
from typing import Any, Protocol

from benchmarks.figures.found import Found


class Figure(Protocol):
    """Something to be measured; its fields are its options."""

    def measure(self) -> Found:
        """Measure it, which takes a while."""
        ...


def option(default: Any, says: str) -> Any:
    """Return a field with this default; `says` is what `--help` shows."""
    return field(default=default, metadata={"says": says})


def add_options(parser: argparse.ArgumentParser, name: str, figure: type[Any]) -> None:
    """Add `--name-field` for each field of the figure."""
    group = parser.add_argument_group(name, figure.__doc__)
    for each in fields(figure):
        assert each.default is not MISSING
        several = isinstance(each.default, tuple)
        group.add_argument(
            _flag(name, each),
            dest=_flag(name, each),
            type=type(each.default[0] if several else each.default),
            nargs="+" if several else None,
            metavar="N",
            default=each.default,
            help=f"{each.metadata['says']} (default: {_shown(each.default)})",
        )


def figure_of(name: str, figure: type[Any], given: Mapping[str, Any]) -> Figure:
    """Return the figure with the options that were given."""
    values = {each.name: given[_flag(name, each)] for each in fields(figure)}
    told = {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
    made: Figure = figure(**told)
    return made


def _flag(name: str, each: Field[Any]) -> str:
    return f"--{name}-{each.name.replace('_', '-')}"


def _shown(default: Any) -> str:
    return " ".join(map(str, default)) if isinstance(default, tuple) else str(default)
