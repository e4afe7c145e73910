"""What a connector is started with, and what it may log when it ends."""

from pathlib import Path

import pytest
from tests import samples

from credit_bus.domain.registry import Role
from credit_bus.logs import told_of
from credit_bus_connectors.http_push import HttpPush
from credit_bus_connectors.run import SINKS, Settings, run_connector


def start(party: str, **changes: object) -> None:
    given: dict[str, object] = {
        "broker": "127.0.0.1:1",
        "database": "postgresql://127.0.0.1:1/nothing",
        "registry_folder": samples.REGISTRY_FOLDER,
        "endpoint": None,
        "log_level": "INFO",
        "secret": bytes(32),
        **changes,
    }
    run_connector(party=party, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("party", ["nobody", "district-court", "hub"])
def test_only_a_platform_has_a_connector(party: str) -> None:
    with pytest.raises(ValueError, match="is no platform with a connector"):
        start(party)


def test_the_municipal_connector_needs_an_endpoint() -> None:
    with pytest.raises(ValueError, match="needs an endpoint"):
        SINKS["municipal-platform"](Settings(database="", endpoint=None, secret=b""))


@pytest.mark.parametrize("endpoint", ["", "127.0.0.1:80", "ftp://127.0.0.1", "http://"])
def test_an_endpoint_has_a_scheme_and_a_host(endpoint: str) -> None:
    with pytest.raises(ValueError, match="is no endpoint"):
        HttpPush(endpoint)


def test_every_platform_of_the_example_district_has_a_sink() -> None:
    platforms = {
        code for code, party in samples.registry().parties.items() if party.role is Role.PLATFORM
    }

    assert set(SINKS) == platforms


def test_the_text_of_an_error_is_not_logged_since_a_row_may_stand_in_it() -> None:
    try:
        raise RuntimeError("Failing row contains (示例某, 999999190001010007)")
    except RuntimeError as error:
        told = told_of(error)

    assert "999999190001010007" not in str(told)
    assert "RuntimeError" == told["error"]
    assert Path(__file__).name in str(told["frames"])
