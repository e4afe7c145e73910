"""Whether anybody listens at a broker's addresses, before a client is made that would wait long."""

import socket

from kafka.cluster import collect_hosts
from kafka.errors import KafkaConnectionError

CONNECT_SECONDS_MAX = 2.0


def require_listening(broker: str) -> None:
    """Raise KafkaConnectionError when nobody listens at any of the addresses.

    A client that meets closed ports asks on for half a minute, and then leaves its sockets to the
    garbage collector, each time.
    """
    if not any(_listens(host, port) for host, port, _ in collect_hosts(broker)):
        raise KafkaConnectionError


def _listens(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=CONNECT_SECONDS_MAX):
            return True
    except OSError:
        return False
