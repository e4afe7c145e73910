"""Whether anybody listens at a broker's addresses, before a client is made that would wait long."""

import socket

from kafka.errors import KafkaConnectionError

CONNECT_SECONDS_MAX = 2.0


def require_listening(broker: str) -> None:
    """Raise KafkaConnectionError when nobody listens at any of the addresses.

    A client that meets closed ports asks on for half a minute, and then leaves its sockets to the
    garbage collector, each time.
    """
    if not any(_listens(address.strip()) for address in broker.split(",")):
        raise KafkaConnectionError


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS_MAX):
            return True
    except OSError:
        return False
