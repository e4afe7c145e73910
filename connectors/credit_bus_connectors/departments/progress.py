"""Progress bars for somebody who watches a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

Advance = Callable[[int], None]


def progress_bar() -> Progress:
    """Return the bars of all files under way, on standard error, gone when they end."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    )


@contextmanager
def row_progress(progress: Progress | None, party: str, lines: int) -> Iterator[Advance | None]:
    """Give a function that advances this file's bar, or None without a terminal."""
    if progress is None:
        yield None
        return
    task = progress.add_task(party, total=max(lines - 1, 0))
    try:
        yield lambda rows: progress.advance(task, rows)
    finally:
        progress.remove_task(task)
