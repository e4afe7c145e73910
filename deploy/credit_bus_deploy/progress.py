"""The progress bar of a first start's download.

It knows files and bytes, and nothing of where they come from.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn

FileProgress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


class DownloadBar:
    """Two lines on standard error: files done of all, and bytes of the present file."""

    def __init__(self, *, files: int) -> None:
        """Prepare for so many files; nothing is shown before the context is entered."""
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            DownloadColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._files = files

    @contextmanager
    def shown(self) -> Iterator[FileProgress]:
        """Show the bar, and yield what a downloader calls with name and size of each file."""
        with self._progress:
            overall = self._progress.add_task("Kafka", total=self._files)

            @contextmanager
            def file_progress(name: str, size: int) -> Iterator[Callable[[int], None]]:
                task = self._progress.add_task(name, total=size)
                yield lambda count: self._progress.advance(task, count)
                self._progress.remove_task(task)
                self._progress.advance(overall)

            yield file_progress
