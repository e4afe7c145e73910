"""Logs of every process: one JSON object a line, libraries' own lines too, in UTC.

A line may carry counts, topics, partitions, offsets, codes and party names, never a body, a key or
a header value of an event: `log_fields` says which fields there are, and what is in none goes.
"""

import logging
import sys
import traceback
from pathlib import Path
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict

from credit_bus.log_fields import library_s, only_listed

FRAMES_LOGGED_MAX = 12
_OURS = "credit_bus"  # the packages whose own errors say nothing of an event's content


class _StandardError:
    """The standard error of the moment: whoever replaced it for a while may have closed theirs."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure_logs(level: str) -> None:
    """Send structlog's and the libraries' lines to standard error as JSON; once, at the start.

    Libraries speak from WARNING on, whatever the level.
    """
    numeric = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(_StandardError())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_library_line, structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                only_listed,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            use_get_message=False,
            pass_foreign_args=True,
        )
    )
    logging.basicConfig(handlers=[handler], level=max(numeric, logging.WARNING), force=True)
    structlog.configure(
        processors=[*shared, only_listed, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        logger_factory=structlog.PrintLoggerFactory(file=cast("TextIO", _StandardError())),
        cache_logger_on_first_use=True,
    )


def _library_line(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Return a library's line without what it quotes, and of its error what may be told."""
    line["event"] = library_s(line.get("event"), line.pop("positional_args", ()))
    raised = line.pop("exc_info", None)
    line.pop("stack_info", None)
    error = raised[1] if isinstance(raised, tuple) else raised
    return {**line, **told_of(error)} if isinstance(error, BaseException) else line


def logger(**bound: Any) -> Any:
    """Return a logger that carries these values in each of its lines."""
    return structlog.get_logger(**bound)


def told_of(error: BaseException) -> dict[str, Any]:
    """Return what may be logged of an error: its type, its SQL state, and where it was raised.

    What a library says of an error can quote the value at fault; only our own texts are logged.
    """
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_LOGGED_MAX:]
    told: dict[str, Any] = {
        "error": type(error).__name__,
        "sqlstate": getattr(error, "sqlstate", None),
        "frames": [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in frames],
    }
    if type(error).__module__.startswith(_OURS):
        told["message"] = str(error)
    return told
