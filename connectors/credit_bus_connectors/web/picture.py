"""The way of an event as a small picture: boxes and lines with their places, top to bottom.

Pure: a list of steps in, coordinates out. So narrow that a telephone shows it whole.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 340
_MARGIN = 10
_GAP = 22
_LINE_HEIGHT = 17
_PADDING = 8
_INDENT = 26
_UNITS_MAX = 42  # half-widths in a line, so that it fits a branch, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box to be drawn. `kind` is "who", "stage" or "topic"; a branch hangs on the last stage."""

    kind: str
    text: str
    small: str = ""
    branch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text in a box."""

    text: str
    x: float
    y: float
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box with its texts."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    texts: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything that is drawn."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]  # SVG paths


def picture_of(nodes: Sequence[Node]) -> Picture:
    """Return the picture of a way: each node under the one before, branches beside a trunk."""
    boxes: list[Box] = []
    lines: list[str] = []
    y = float(_MARGIN)
    trunk: Box | None = None
    for node in nodes:
        box = _box(node, y)
        if node.branch and trunk is not None:
            lines.append(_branch(trunk, box))
        elif trunk is not None:
            lines.append(_down(trunk, box) if boxes[-1] is trunk else _past(trunk, box))
        if not node.branch:
            trunk = box
        boxes.append(box)
        y = box.y + box.height + _GAP
    height = int(y - _GAP + _MARGIN)
    return Picture(width=WIDTH, height=height, boxes=tuple(boxes), lines=tuple(lines))


def _box(node: Node, y: float) -> Box:
    x = _MARGIN + (_INDENT if node.branch else 0)
    width = WIDTH - _MARGIN - x
    rows = [(text, "on" if node.kind == "stage" else "") for text in _wrapped(node.text)]
    rows += [(text, "on" if node.kind == "stage" else "small") for text in _wrapped(node.small)]
    return Box(
        kind={"who": "", "stage": "stage", "topic": "topic"}[node.kind],
        x=x,
        y=y,
        width=width,
        height=len(rows) * _LINE_HEIGHT + 2 * _PADDING,
        texts=tuple(
            Line(
                text=text,
                x=x + width / 2,
                y=y + _PADDING + _LINE_HEIGHT * (number + 0.75),
                kind=kind,
            )
            for number, (text, kind) in enumerate(rows)
        ),
    )


def _down(above: Box, below: Box) -> str:
    x, start, end = WIDTH / 2, above.y + above.height, below.y
    return f"M{x} {start} V{end} M{x - 5} {end - 6} L{x} {end} L{x + 5} {end - 6}"


def _past(trunk: Box, below: Box) -> str:
    """Return the line from a trunk, beside its branches, to the next box under them."""
    x, start, end = trunk.x + _INDENT / 2, trunk.y + trunk.height, below.y
    return f"M{x} {start} V{end} M{x - 5} {end - 6} L{x} {end} L{x + 5} {end - 6}"


def _branch(trunk: Box, box: Box) -> str:
    x, start, y = trunk.x + _INDENT / 2, trunk.y + trunk.height, box.y + box.height / 2
    return f"M{x} {start} V{y} H{box.x} M{box.x - 6} {y - 5} L{box.x} {y} L{box.x - 6} {y + 5}"


def _wrapped(text: str) -> list[str]:
    """Return the text in lines that fit a box; a Latin word is not broken."""
    lines, line, width = [], "", 0
    for piece in _pieces(text):
        units = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in piece)
        if line and width + units > _UNITS_MAX:
            lines.append(line)
            line, width = "", 0
        line, width = line + piece, width + units
    return [*lines, line] if line else lines


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for each in text:
        is_wide = unicodedata.east_asian_width(each) in "WF"
        if pieces and not is_wide and each != " " and pieces[-1][-1].isascii():
            pieces[-1] += each
        else:
            pieces.append(each)
    return pieces
