"""Who listens is found as clients read addresses: several, without a port, with a scheme, IPv6."""

import socket
from collections.abc import Iterator

import pytest
from kafka.errors import KafkaConnectionError

from credit_bus_connectors.monitor.reach import require_listening
from credit_bus_deploy import ports


@pytest.fixture
def port() -> Iterator[int]:
    """A port where somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("form", ["{here}", "{away}, {here}", "PLAINTEXT://{here}"])
def test_one_address_that_answers_is_enough(form: str, port: int) -> None:
    here, away = f"127.0.0.1:{port}", f"127.0.0.1:{ports.free_port()}"
    require_listening(form.format(here=here, away=away))


@pytest.mark.parametrize(
    "broker", ["127.0.0.1:{port}", "PLAINTEXT://127.0.0.1:{port}", "[::1]:{port}"]
)
def test_nobody_there_is_told_whatever_the_form(broker: str) -> None:
    with pytest.raises(KafkaConnectionError):
        require_listening(broker.format(port=ports.free_port()))


def test_an_address_without_a_port_is_one_of_kafka_s_port(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def refused(address: tuple[str, int], **_: object) -> None:
        asked.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", refused)
    with pytest.raises(KafkaConnectionError):
        require_listening("broker.example")

    assert [("broker.example", 9092)] == asked
