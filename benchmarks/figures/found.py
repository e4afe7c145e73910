"""What a figure found: tables of rows, and what must not be. As Markdown or as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DECIMALS = 3

Cell = str | int | float | bool | None
Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The tables of a figure, by title; and in `broken`, a sentence for each promise broken."""

    tables: Mapping[str, Sequence[Row]]
    broken: Sequence[str] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        tables = {
            title: [{name: _plain(cell) for name, cell in row.items()} for row in rows]
            for title, rows in self.tables.items()
        }
        return {"tables": tables, "broken": list(self.broken)}

    def as_markdown(self) -> list[str]:
        """Return it as lines."""
        lines = []
        for title, rows in self.tables.items():
            headings = list(rows[0])
            lines += [f"### {title}", "", _line(headings), "|" + "---|" * len(headings)]
            lines += [_line([_text(row[heading]) for heading in headings]) for row in rows]
            lines.append("")
        return lines + [f"**BROKEN**: {sentence}" for sentence in self.broken]


def complaints(counts: Mapping[str, int], where: str) -> tuple[str, ...]:
    """Return a sentence for what was lost, and for what was doubled."""
    return tuple(f"{where}: {count} {what}" for what, count in counts.items() if count)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(cell: Cell) -> Cell:
    return round(cell, DECIMALS) if isinstance(cell, float) else cell


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return "–"
        case bool():
            return "yes" if cell else "NO"
        case float():
            return f"{cell:,.1f}" if abs(cell) >= 10 else f"{cell:.2f}"
        case int():
            return f"{cell:,}"
        case str():
            return cell
