"""Who must read what: what the stages themselves say they read, and an inbox of each department."""

from dataclasses import replace
from datetime import date

from tests import samples

from credit_bus.domain.channels import RECORDS, inbox, outbox
from credit_bus.domain.registry import Role
from credit_bus.runtime.stages import RouterStage
from credit_bus_deploy.provision import wanted_topics
from credit_bus_deploy.readers import readers_of, topics_of_groups

TODAY = date(2026, 11, 30)
REGISTRY = samples.registry()


def test_a_stage_must_read_what_it_reads() -> None:
    told = topics_of_groups(REGISTRY)
    router = RouterStage(codec=samples.codec(), registry=REGISTRY)

    assert router.topics == tuple(told["credit-bus.router"])
    assert [RECORDS] == list(told["credit-bus.casework"])
    assert [inbox(REGISTRY.hub)] == list(told["credit-bus.enquiries"])
    assert [inbox("public-site")] == list(told["connector-public-site"])
    assert {outbox(party) for party in REGISTRY.parties} == set(told["credit-bus.gate"])


def test_every_topic_that_must_be_read_is_provisioned() -> None:
    readers = readers_of(REGISTRY, TODAY)
    wanted = wanted_topics(REGISTRY, partitions=1, replication=1)

    assert {*readers.inboxes, *(topic for each in readers.groups.values() for topic in each)} <= (
        wanted.keys()
    )


def test_somebody_must_read_the_inbox_of_each_department_of_the_day() -> None:
    departments = [code for code, each in REGISTRY.parties.items() if each.role is Role.DEPARTMENT]
    ended = replace(REGISTRY.parties["finance"], until=TODAY)
    without = replace(REGISTRY, parties={**REGISTRY.parties, "finance": ended})

    assert inbox("finance") in readers_of(REGISTRY, TODAY).inboxes
    assert len(departments) >= len(readers_of(REGISTRY, TODAY).inboxes)
    assert inbox("finance") not in readers_of(without, TODAY).inboxes
