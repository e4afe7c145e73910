"""The command that tries a department's adapter before it joins: conformance."""

import json
import shlex
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from credit_bus.conformance.patience import Patience
from credit_bus_deploy.cli_bus import registry_option
from credit_bus_deploy.cli_machine import stopped_by_signal
from credit_bus_deploy.failures import EXIT_CODE, FULL, InstallationError

if TYPE_CHECKING:
    from credit_bus.conformance.verdict import Outcome

EXIT_CODES = {"passed": 0, "failed": 1, "incomplete": EXIT_CODE}
_BOUNDS = Patience()

_Option = Callable[[Callable[..., Any]], Callable[..., Any]]


def _file(text: str, metavar: str, explanation: str) -> _Option:
    path = click.Path(path_type=Path, dir_okay=False, writable=True)
    return click.option(f"--{text}", f"{text}_file", metavar=metavar, type=path, help=explanation)


def _bound(name: str, default: float, explanation: str) -> _Option:
    return click.option(
        f"--{name}",
        type=click.FloatRange(0.1, 86_400.0),
        default=default,
        show_default=True,
        help=explanation,
    )


@click.command(short_help="Try a department's adapter before it joins.")
@click.option("--party", required=True, help="Code of the department in the registry.")
@click.option(
    "--command",
    metavar="CMD",
    help="Starts the adapter; it may be killed and started again. Without it a person is asked.",
)
@click.option(
    "--broker",
    metavar="HOST:PORT",
    help="A broker for tests that has the topics and no running bus; one of its own without it.",
)
@registry_option
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the statements and the adapter's log go; a new folder without it.",
)
@_file("json", "FILE", "Write the result for a machine.")
@_file("report", "FILE.html", "Write the result for people, as one page.")
@click.option("--kafka-port", type=click.IntRange(1, 65535), help="Port of its own broker.")
@_bound("answer-seconds", _BOUNDS.answer_seconds_max, "How long something asked for may take.")
@_bound("resend-seconds", _BOUNDS.resend_seconds_max, "How long a resend may take.")
@_bound("quiet-seconds", _BOUNDS.quiet_seconds, "How long it is watched that nothing is said.")
def conformance(
    *,
    json_file: Path | None,
    report_file: Path | None,
    answer_seconds: float,
    resend_seconds: float,
    quiet_seconds: float,
    **given: Any,
) -> None:
    """Run a scripted exchange with a department's adapter, and say what is wrong with it.

    The command of the adapter finds CREDIT_BUS_BROKER, CREDIT_BUS_PARTY and CREDIT_BUS_FOLDER in
    its environment; the statements to be said come into that folder as *.json.
    Exit code 0: passed; 1: failed; 2: could not be run, or not in full.
    """
    patience = Patience(
        answer_seconds_max=answer_seconds,
        resend_seconds_max=resend_seconds,
        quiet_seconds=quiet_seconds,
    )
    outcome = None
    with stopped_by_signal():
        outcome = _run(patience=patience, **given)
    if outcome is None:
        raise InstallationError("the exchange was stopped, and says nothing: run it again")
    from credit_bus.conformance.verdict import to_json  # noqa: PLC0415
    from credit_bus_deploy.conformance.page import to_html, to_text  # noqa: PLC0415

    if json_file is not None:
        _write(json_file, json.dumps(to_json(outcome), ensure_ascii=False, indent=1) + "\n")
    if report_file is not None:
        _write(report_file, to_html(outcome))
    click.echo(to_text(outcome))
    sys.exit(EXIT_CODES[outcome.verdict])


def _run(
    *,
    party: str,
    command: str | None,
    broker: str | None,
    registry: Path | None,
    folder: Path | None,
    kafka_port: int | None,
    patience: Patience,
) -> "Outcome":
    from datetime import UTC, datetime  # noqa: PLC0415

    from credit_bus.contracts.codec import Codec  # noqa: PLC0415
    from credit_bus.contracts.schemas import load_catalogue  # noqa: PLC0415
    from credit_bus_deploy.conformance import brokers, run  # noqa: PLC0415
    from credit_bus_deploy.registries import registry_of  # noqa: PLC0415

    found, _ = registry_of(registry)
    run.plan_for(party, found, datetime.now(UTC))  # refused before anything is started
    place = _folder(folder)
    with ExitStack() as stack:
        if broker is None:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="credit-bus-")))
            own = brokers.own_broker(home, found, party, port=kafka_port, told=_told)
            broker = stack.enter_context(own)
        else:
            brokers.require_no_bus(broker)
        _told(f"消息系统地址：{broker}；单位代码：{party}；陈述清单和日志：{place}")
        return run.run_conformance(
            party,
            _adapter(command, broker=broker, party=party, folder=place),
            broker=broker,
            registry=found,
            codec=Codec(load_catalogue()),
            folder=place,
            patience=patience,
            told=_told,
        )


def _adapter(command: str | None, *, broker: str, party: str, folder: Path) -> Any:
    from credit_bus_deploy.conformance import adapters  # noqa: PLC0415

    if command is None:
        return adapters.OperatorAdapter(_told)
    environment = adapters.environment_of(broker=broker, party=party, folder=folder)
    return adapters.CommandAdapter(tuple(shlex.split(command)), environment, folder, _told)


def _folder(given: Path | None) -> Path:
    """Return the folder, made if need be. Raises InstallationError when it holds statements."""
    if given is None:
        return Path(tempfile.mkdtemp(prefix="conformance-"))
    given.mkdir(parents=True, exist_ok=True)
    if any(given.glob("*.json")):
        raise InstallationError(
            f"{given} holds files of an earlier run, which the adapter would say again: give an "
            "empty --folder"
        )
    return given.absolute()


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        if error.errno in FULL:
            raise
        raise InstallationError(f"{path} cannot be written ({error.strerror})") from error


def _told(sentence: str) -> None:
    click.echo(sentence, err=True)


COMMANDS: tuple[click.Command, ...] = (conformance,)
