"""Loopback ports: which are free, and who answers.

Knows no protocol above TCP.
"""

import secrets
import socket
from collections.abc import Collection, Mapping
from types import MappingProxyType

from credit_bus_deploy.failures import InstallationError

LOOPBACK = "127.0.0.1"
PORTS = range(20_000, 30_000)
ATTEMPTS_MAX = 100
# The processes that show pages, each on a port of its own, and how they are called.
PAGES: Mapping[str, str] = MappingProxyType(
    {
        "web": "the web process",
        "site": "the public site",
        "desk": "the desk",
        "console": "the console",
    }
)
CONNECT_WAIT_SECONDS_MAX = 1.0


def free_port() -> int:
    """Return a port, chosen at random in our range, that nobody listens on at this moment.

    The range lies below the one from which systems take the ports of outgoing connections, so that
    a port once chosen is still free at the next start. Raises InstallationError when none is.
    """
    for _ in range(ATTEMPTS_MAX):
        port = secrets.choice(PORTS)
        if is_free(port):
            return port
    raise InstallationError(
        f"no free port found between {PORTS.start} and {PORTS.stop - 1} on {LOOPBACK}: give one"
    )


def free_ports(count: int, *, taken: Collection[int | None] = ()) -> tuple[int, ...]:
    """Return so many free ports, each another one, and none of those taken by others soon.

    Raises InstallationError when there are not enough.
    """
    found: dict[int, None] = {}
    for _ in range(ATTEMPTS_MAX + count):
        if len(found) == count:
            return tuple(found)
        port = free_port()
        if port not in taken:
            found[port] = None
    raise InstallationError(f"no {count} free ports found on {LOOPBACK}: stop other programs")


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now (a port in TIME_WAIT counts as free)."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=CONNECT_WAIT_SECONDS_MAX):
            return True
    except OSError:
        return False
