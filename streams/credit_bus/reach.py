"""Whether anybody listens at a broker's addresses, asked before a client is made."""

import socket

from kafka.cluster import collect_hosts

CONNECT_SECONDS_MAX = 2.0


def listens(broker: str) -> bool:
    """Return whether any of the addresses, written as clients read them, takes a connection.

    A client that meets closed ports asks on for half a minute, and then leaves its sockets to the
    garbage collector, each time.
    """
    return any(_takes_a_connection(host, port) for host, port, _ in collect_hosts(broker))


def _takes_a_connection(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=CONNECT_SECONDS_MAX):
            return True
    except OSError:
        return False
