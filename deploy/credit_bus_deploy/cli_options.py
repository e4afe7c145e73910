"""The options that several commands of processes share."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.home import home_at
from credit_bus_deploy.ports import LOOPBACK, PAGES
from credit_bus_deploy.run_record import running

EXAMPLE_WITHOUT = "Registry of the district; the example district without it."
INSTALLED_WITHOUT = "Registry of the district; the installation's, or the example without it."

# What every `--registry` is that may come from the environment; its help says what is without it.
_A_REGISTRY: dict[str, Any] = {
    "metavar": "DIR",
    "envvar": "CREDIT_BUS_REGISTRY",
    "show_envvar": True,
    "type": click.Path(path_type=Path, exists=True, file_okay=False),
}


def registry_option_of(told: str, name: str = "registry") -> Callable[..., Any]:
    """Return the option `--registry` with this help, under this name of the parameter."""
    return click.option("--registry", name, help=told, **_A_REGISTRY)


def _option(*flags: str, **told: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    return flags, told


# Options that several commands share: flags, and what click is told of them.
_OPTIONS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "broker": _option(
        "--broker", metavar="HOST:PORT", required=True, envvar="CREDIT_BUS_BROKER", show_envvar=True
    ),
    "database": _option(
        "--database", metavar="URL", required=True, envvar="CREDIT_BUS_DATABASE", show_envvar=True
    ),
    "registry": _option(
        "--registry",
        "registry_folder",
        help=EXAMPLE_WITHOUT,
        **_A_REGISTRY,
    ),
    "state": _option(
        "--state",
        "state_folder",
        type=click.Path(path_type=Path),
        required=True,
        envvar="CREDIT_BUS_STATE",
        show_envvar=True,
        help="Folder for what the process keeps on disk.",
    ),
    "secret": _option(
        "--secret-file",
        type=click.Path(path_type=Path, dir_okay=False),
        required=True,
        envvar="CREDIT_BUS_SECRET_FILE",
        show_envvar=True,
        help="File with the district's identity secret, in hexadecimal.",
    ),
    "log": _option(
        "--log-level",
        default="INFO",
        show_default=True,
        type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"]),
        envvar="CREDIT_BUS_LOG_LEVEL",
        show_envvar=True,
    ),
    "health-port": _option(
        "--health-port",
        type=click.IntRange(0, 65535),
        default=0,
        envvar="CREDIT_BUS_HEALTH_PORT",
        show_envvar=True,
        help="Port for /metrics, /health/live and /health/ready; none without it.",
    ),
    "health-host": _option(
        "--health-host",
        default="127.0.0.1",
        show_default=True,
        envvar="CREDIT_BUS_HEALTH_HOST",
        show_envvar=True,
        help="Address for that port; whoever reaches it may read counts, and nothing else.",
    ),
    "once": _option("--once", is_flag=True, help="Answer what is there, then end."),
}


def with_options(*names: str, **changes: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate with shared options; `changes` are told to click besides what the table says."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(names):
            flags, told = _OPTIONS[name]
            function = click.option(*flags, **{**told, **changes})(function)
        return function

    return decorate


def with_vitals(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate with `--health-port` and `--health-host`; the command is given `vitals` instead.

    Whoever listens there is answered as long as the command runs.
    """

    @functools.wraps(function)
    def listening(*args: Any, health_port: int, health_host: str, **given: Any) -> Any:
        from credit_bus_deploy.vitals import listening_at  # noqa: PLC0415

        with listening_at(health_host, health_port) as vitals:
            return function(*args, vitals=vitals, **given)

    return with_options("health-port", "health-host")(listening)


def port_option(name: str, what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option `--NAME-port` of what listens there."""
    return click.option(
        f"--{name}-port",
        type=click.IntRange(1, 65535),
        envvar=f"CREDIT_BUS_{name.upper()}_PORT",
        show_envvar=True,
        help=f"Port of {what}; chosen once when not given.",
    )


PAGE_PORTS = {f"{name}_port": name for name in PAGES}


def page_port_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option of each process that shows pages."""
    for name, what in reversed(list(PAGES.items())):
        function = port_option(name, what)(function)
    return function


def listening_options(
    name: str, port: int, *, beyond: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return `--host` and `--port` of a process that shows pages; `beyond` is for other hosts."""

    def added(function: Callable[..., Any]) -> Callable[..., Any]:
        function = click.option(
            "--port",
            type=click.IntRange(1, 65535),
            default=port,
            show_default=True,
            envvar=f"CREDIT_BUS_{name.upper()}_PORT",
            show_envvar=True,
        )(function)
        return click.option(
            "--host",
            default=LOOPBACK,
            show_default=True,
            envvar=f"CREDIT_BUS_{name.upper()}_HOST",
            show_envvar=True,
            help=f"Address to listen on{beyond}",
        )(function)

    return added


sessions_option = click.option(
    "--sessions-secret-file",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    envvar="CREDIT_BUS_SESSIONS_SECRET_FILE",
    show_envvar=True,
    help="File with the secret that signs sessions, in hexadecimal.",
)

installed_broker_option = click.option(
    "--broker",
    metavar="HOST:PORT",
    envvar="CREDIT_BUS_BROKER",
    show_envvar=True,
    help="The broker; without it, that of the installation that runs in the home.",
)

installed_registry_option = registry_option_of(INSTALLED_WITHOUT, "folder")


def broker_in(home: Path, given: str | None) -> str:
    """Return the broker that is given, or that of the installation that runs in the home.

    Raises InstallationError when there is neither.
    """
    record = None if given else running(home_at(home))
    found = given or (None if record is None else record.addresses.get("broker"))
    if not found:
        raise InstallationError(
            f"no broker is given, and no installation with one runs in {home_at(home).root}: give"
            " --broker HOST:PORT"
        )
    return found


def registry_or_example(given: Path | None) -> Path:
    """Return the registry's folder. Raises InstallationError when there is none."""
    from credit_bus_deploy.registries import EXAMPLE_REGISTRY  # noqa: PLC0415

    found = given or EXAMPLE_REGISTRY
    if not found.is_dir():
        raise InstallationError(f"there is no registry in {found}: give --registry")
    return found
