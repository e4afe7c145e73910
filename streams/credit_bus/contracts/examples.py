"""The examples of bodies as JSON, one file each, under the schema version that they are for.

Knows files and their names; a name says whether a body is one that the schema takes, and what is
odd about it. Their JSON form is that of `plain`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from credit_bus.contracts.data_files import data_folder
from credit_bus.contracts.exact import MisfitError, compile_check
from credit_bus.contracts.plain import as_body
from credit_bus.contracts.shape import Shape

_VALID, _INVALID = "valid-", "invalid-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One example. `name` is what is odd about it, in words joined by hyphens."""

    type: str
    version: int
    valid: bool
    name: str
    body: Any


def load_examples(folder: Path | None = None) -> tuple[Example, ...]:
    """Return every example of a folder (this installation's own when none is given), by path."""
    folder = data_folder("examples") if folder is None else folder
    return tuple(_example(path) for path in sorted(folder.glob("*/*/*.json")))


def misfit_of(shape: Shape, body: Any) -> tuple[str, str] | None:
    """Return the first place at which a JSON body does not fit the shape, and the rule of it."""
    try:
        compile_check(shape)(as_body(shape, body))
    except MisfitError as error:
        return error.path, error.rule
    return None


def _example(path: Path) -> Example:
    valid = path.stem.startswith(_VALID)
    return Example(
        type=path.parts[-3],
        version=int(path.parts[-2]),
        valid=valid,
        name=path.stem.removeprefix(_VALID if valid else _INVALID),
        body=json.loads(path.read_text("utf-8")),
    )
