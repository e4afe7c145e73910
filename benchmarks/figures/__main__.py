"""Measures what the bus does by itself: `python -m benchmarks.figures [NAME...] [options]`.

Tables go to the standard output, progress to the standard error. Ends with 1 when something was
lost or came twice, or a worker ended.
"""

import argparse
import json
import os
import platform
import signal
import sys
import time

from benchmarks.commit import commit
from benchmarks.figures.options import add_options, figure_of
from benchmarks.figures.rig import progress
from benchmarks.figures.roster import FIGURES

ENDED = 128 + signal.SIGTERM


def main() -> None:
    """Run from the command line."""
    given = _parser().parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDED))  # and take broker and workers along
    found, broken = {}, False
    if not given.json:
        print(f"{_machine()}\n", flush=True)
    for name in given.names or FIGURES:
        began = time.monotonic()
        found[name] = figure_of(name, FIGURES[name], vars(given)).measure()
        broken = broken or bool(found[name].broken)
        progress(f"{name}: {time.monotonic() - began:.0f} s")
        if not given.json:
            print("\n".join(found[name].as_markdown()), flush=True)
    if given.json:
        figures = {name: each.as_json() for name, each in found.items()}
        print(json.dumps({"machine": _machine(), "figures": figures}, ensure_ascii=False, indent=1))
    sys.exit(1 if broken else 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.figures",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(FIGURES)}")
    parser.add_argument("--json", action="store_true", help="one JSON value instead of tables")
    for name, figure in FIGURES.items():
        add_options(parser, name, figure)
    return parser


def _machine() -> str:
    load = os.getloadavg()[0]
    return (
        f"commit {commit()}, {platform.platform()}, {os.cpu_count()} cores,"
        f" load average {load:.1f} before, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    main()
