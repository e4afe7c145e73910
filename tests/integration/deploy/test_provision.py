"""A broker's topics become what the files say, once, and never against a refusal."""

from typing import Any

import pytest

from credit_bus.contracts.topics import ConfigChange
from credit_bus.domain.channels import RECORDS
from credit_bus_deploy import processes, provision
from credit_bus_deploy.broker_admin import actual_topics, admin_of, change_configs
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.registries import registry_of

pytestmark = pytest.mark.broker

PARTITIONS = 2
WAIT_SECONDS_MAX = 10.0


@pytest.fixture(scope="module")
def provisioned(running_up: Any) -> str:
    """A broker of this module's own: the topics' names are fixed, so no shared broker serves."""
    broker: str = running_up.record().addresses["broker"]
    registry, _ = registry_of(None)
    before = provision.plan_topics(broker, registry, partitions=PARTITIONS, replication=1)
    done = provision.apply_topics(broker, registry, partitions=PARTITIONS, replication=1)
    assert before == done
    assert len(done.create) > len(registry.parties)
    return broker


def plan(broker: str, *, partitions: int = PARTITIONS) -> Any:
    return provision.plan_topics(broker, registry_of(None)[0], partitions=partitions, replication=1)


def test_another_partition_count_is_refused_and_changes_nothing(provisioned: str) -> None:
    with pytest.raises(InstallationError, match="breaks their order"):
        provision.apply_topics(
            provisioned, registry_of(None)[0], partitions=PARTITIONS + 1, replication=1
        )

    assert plan(provisioned, partitions=PARTITIONS + 1).refused
    assert plan(provisioned).is_done


def test_applying_twice_does_nothing_the_second_time(provisioned: str) -> None:
    again = provision.apply_topics(
        provisioned, registry_of(None)[0], partitions=PARTITIONS, replication=1
    )

    assert again.is_done
    assert () == again.unknown


def test_a_setting_changed_by_hand_is_found_and_set_back(provisioned: str) -> None:
    by_hand = ConfigChange(topic=RECORDS, setting="retention.ms", before=None, after="60000")
    with admin_of(provisioned) as admin:
        wanted = actual_topics(admin, prefix=RECORDS)[RECORDS].config["retention.ms"]
        change_configs(admin, [by_hand])

    expected = ConfigChange(topic=RECORDS, setting="retention.ms", before="60000", after=wanted)
    assert processes.wait_until(
        lambda: (expected,) == plan(provisioned).change, seconds_max=WAIT_SECONDS_MAX
    )

    provision.apply_topics(provisioned, registry_of(None)[0], partitions=PARTITIONS, replication=1)

    assert plan(provisioned).is_done
