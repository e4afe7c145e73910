"""The commands of one machine: up, down, status, demo, kafka lock."""

import json
import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click

from credit_bus.operations.canaries import EVERY_SECONDS
from credit_bus_deploy import jars, processes
from credit_bus_deploy.cli_options import (
    EXAMPLE_WITHOUT,
    PAGE_PORTS,
    page_port_options,
    port_option,
    registry_option_of,
)
from credit_bus_deploy.failures import EXIT_CODE, InstallationError
from credit_bus_deploy.home import FREE_BYTES_MIN, home_at
from credit_bus_deploy.kafka import START_WAIT_SECONDS_MAX
from credit_bus_deploy.run_record import running
from credit_bus_deploy.standing import standings
from credit_bus_deploy.status_shown import as_value, show

DEFAULT_HOME = Path(".credit-bus")
DOWN_WAIT_SECONDS_MAX = 60.0
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_HOME,
    show_default=True,
    envvar="CREDIT_BUS_HOME",
    show_envvar=True,
    help="Folder of this installation: data, logs, secrets.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def with_home(command: str, home: Path) -> str:
    """Return the command as a user must type it for this home; the default one needs no word."""
    root = home_at(home).root
    said = "" if root == home_at(DEFAULT_HOME).root else f" --home {shlex.quote(str(root))}"
    return f"`credit-bus {command}{said}`"


class _StopRequestedError(KeyboardInterrupt):
    """Somebody asked this process to stop; raised once, wherever the main thread is."""


@contextmanager
def stopped_by_signal() -> Iterator[None]:
    """Leave the body quietly at the first SIGINT, SIGTERM or SIGHUP; later ones are ignored.

    The stopping itself must not be interrupted: it is bounded, and ends with SIGKILL.
    """
    asked = False

    def stop(number: int, _: FrameType | None) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise _StopRequestedError(number)

    former = {number: signal.signal(number, stop) for number in _STOP_SIGNALS}
    try:
        yield
    except _StopRequestedError:
        return
    finally:
        for number, action in former.items():
            signal.signal(number, action)


@click.command(short_help="Start everything on this machine, and run until Ctrl-C.")
@home_option
@click.option(
    "--broker",
    metavar="HOST:PORT",
    envvar="CREDIT_BUS_BROKER",
    show_envvar=True,
    help="Use this broker and start none.",
)
@click.option(
    "--database",
    metavar="URL",
    envvar="CREDIT_BUS_DATABASE",
    show_envvar=True,
    help="Use this PostgreSQL database and start none.",
)
@registry_option_of(EXAMPLE_WITHOUT)
@port_option("kafka", "the embedded Kafka")
@page_port_options
@click.option(
    "--partitions",
    type=click.IntRange(1),
    envvar="CREDIT_BUS_PARTITIONS",
    show_envvar=True,
    help="Partitions of every topic; settled by the first start.",
)
@click.option(
    "--municipal-endpoint",
    metavar="URL",
    envvar="CREDIT_BUS_MUNICIPAL_ENDPOINT",
    show_envvar=True,
    help="The municipal platform; a stand-in runs here without it.",
)
@click.option(
    "--canary-seconds",
    type=click.IntRange(min=0),
    default=EVERY_SECONDS,
    show_default=True,
    envvar="CREDIT_BUS_CANARY_SECONDS",
    show_envvar=True,
    help="Seconds between two canaries of one party; parties take turns. None are sent with 0.",
)
@click.option(
    "--only", type=click.Choice(["infra"]), hidden=True, help="Start broker and database alone."
)
@click.option(
    "--broker-wait",
    type=float,
    hidden=True,
    default=START_WAIT_SECONDS_MAX,
    envvar="CREDIT_BUS_BROKER_WAIT_SECONDS_MAX",
)
@click.option(
    "--free-bytes-min",
    type=int,
    hidden=True,
    default=FREE_BYTES_MIN,
    envvar="CREDIT_BUS_FREE_BYTES_MIN",
)
def up(only: str | None, broker_wait: float, free_bytes_min: int, **given: Any) -> None:
    """Start everything on this machine, and run until Ctrl-C or `credit-bus down`."""
    from credit_bus_deploy.installation import Options, installation  # noqa: PLC0415

    options = Options(
        **{name: value for name, value in given.items() if name not in PAGE_PORTS},
        pages={page: given[name] for name, page in PAGE_PORTS.items()},
        infrastructure_only=only is not None,
        broker_wait_seconds_max=broker_wait,
        free_bytes_min=free_bytes_min,
    )

    def told(sentence: str) -> None:
        click.echo(sentence, err=True)

    with (
        stopped_by_signal(),
        installation(options, told=told) as running_now,
    ):
        told("waiting for the processes")
        try:
            running_now.wait_ready()
        except InstallationError as error:  # the others go on; `status` shows which do not
            told(f"not complete: {error}")
        record = running(home_at(options.home))
        assert record is not None, "the installation has just written its record"
        show(record, standings(record.processes))
        told(f"running; stop with Ctrl-C or {with_home('down', options.home)}")
        _wait_for_signal()
    told("stopped")


@click.command(short_help="Stop what runs in a home, and say what happened.")
@home_option
def down(home: Path) -> None:
    """Stop the installation that runs in a home, and say what happened."""
    record = running(home_at(home))
    if record is None:
        click.echo(f"nothing runs in {home_at(home).root}")
        return
    process = record.supervisor
    begun = time.monotonic()
    try:
        os.kill(process.pid, signal.SIGTERM)
    except ProcessLookupError:  # it ended between the two looks
        click.echo(f"nothing runs in {home_at(home).root}")
        return
    except PermissionError as error:
        raise InstallationError(
            f"process {process.pid} belongs to another user: stop it as the user who started it"
        ) from error
    if not processes.wait_until(
        lambda: not processes.is_alive(process), seconds_max=DOWN_WAIT_SECONDS_MAX
    ):
        raise InstallationError(
            f"process {process.pid} was asked to stop and still runs after "
            f"{DOWN_WAIT_SECONDS_MAX:.0f} seconds: read its logs in {home_at(home).logs}, or end "
            "it with SIGKILL; the next start cleans up"
        )
    count = sum(1 for each in record.processes if each.identity is not None)
    click.echo(f"stopped {count} processes in {time.monotonic() - begun:.1f} seconds")


@click.command(short_help="Show what runs in a home, and where things are.")
@home_option
@json_option
def status(home: Path, as_json: bool) -> None:
    """Show what runs in a home, how each process says it stands, and what it ended with last.

    Exit code 2 when nothing runs.
    """
    record = running(home_at(home))
    if record is not None:
        found = standings(record.processes)
        if as_json:
            click.echo(json.dumps(as_value(record, found), indent=1, ensure_ascii=False))
        else:
            show(record, found)
            if not record.ready:
                click.echo("starting: not every process has joined yet")
        return
    if not as_json:
        raise InstallationError(
            f"nothing runs in {home_at(home).root}: start it with {with_home('up', home)}"
        )
    click.echo(json.dumps({"running": False, "home": str(home_at(home).root)}))
    sys.exit(EXIT_CODE)


@click.command(short_help="Run one made-up day on real servers, and check its sums.")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="An empty folder to keep the day in; a temporary one without it.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the day's numbers to this file.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the made-up day.")
def demo(home: Path | None, json_file: Path | None, seed: int) -> None:
    """Run one made-up day of the district on a real broker and database, and check its sums."""
    from credit_bus_deploy.demo.day import run_demo  # noqa: PLC0415

    sys.exit(run_demo(home=home, seed=seed, json_file=json_file))


@click.group(hidden=True)
def kafka() -> None:
    """The embedded Kafka's own upkeep."""


@kafka.command(short_help="Write the lock file of Kafka's jars anew.")
@click.option("--file", type=click.Path(path_type=Path, dir_okay=False), default=jars.LOCK_FILE)
def lock(file: Path) -> None:
    """Resolve Kafka's jars anew and write the lock file with their checksums."""
    text = jars.resolve_lock()
    count = len(jars.parse_lock(text))
    file.write_text(text, encoding="utf-8")
    click.echo(f"{count} jars locked in {file}")


def _wait_for_signal() -> None:
    """Sleep until a handler raises."""
    while True:
        signal.pause()


COMMANDS: tuple[click.Command, ...] = (up, down, status, demo, kafka)
