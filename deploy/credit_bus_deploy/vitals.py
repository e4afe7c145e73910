"""A process's metrics and health on a port of its own, beside whatever the process does."""

import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

from credit_bus.metrics.listener import Listener
from credit_bus.metrics.vitals import Vitals
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.ports import LOOPBACK, answers
from credit_bus_deploy.ready import split_address

ASK_SECONDS_MAX = 2.0
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - to ask ourselves, not to listen


@contextmanager
def listening_at(host: str, port: int) -> Iterator[Vitals]:
    """Yield the vitals of this process, told to whoever asks at the port; 0 is nowhere.

    Raises InstallationError when the address is not to be had.
    """
    vitals = Vitals()
    if port == 0:
        yield vitals
        return
    try:
        listener = Listener(vitals, host=host, port=port)
    except OSError as error:
        raise InstallationError(
            f"{host}:{port} cannot be listened on for health and metrics ({error.strerror}): "
            "give another --health-port, or stop the program that has it"
        ) from error
    with listener:
        yield vitals


def expect_broker(vitals: Vitals, broker: str) -> None:
    """Have it asked whether any address of the broker takes a connection."""
    places = [split_address(address.strip()) for address in broker.split(",")]
    vitals.health.expect_that("broker", lambda: any(answers(host, port) for host, port in places))


def expect_pages(vitals: Vitals, *, host: str, port: int) -> None:
    """Have the process's own pages asked whether it lives and is ready."""
    url = f"http://{LOOPBACK if host in _EVERYWHERE else host}:{port}"
    vitals.health.expect_life("pages", asked(f"{url}/health/live"))
    vitals.health.expect_that("pages", asked(f"{url}/health/ready"))


def asked(url: str) -> Callable[[], bool]:
    """Return a function that tells whether the URL answers with 200, within a bound."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def is_well() -> bool:
        try:
            with opener.open(url, timeout=ASK_SECONDS_MAX) as answer:
                return bool(answer.status == HTTPStatus.OK)
        except OSError:
            return False

    return is_well
