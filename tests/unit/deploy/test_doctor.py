"""The doctor finds each thing that is seeded, says what to do, and says nothing of what is well."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bus.contracts.topics import Plan, TopicSpec
from credit_bus_deploy.doctor import checks
from credit_bus_deploy.doctor.checks import CHECKS, State, examine, exit_code
from credit_bus_deploy.doctor.facts import (
    Broker,
    Clock,
    Cluster,
    Disk,
    Facts,
    Group,
    OpenTransaction,
    Rights,
    Roles,
    SchemaIds,
    SchemaState,
    Unseen,
)
from credit_bus_deploy.doctor.look import unchecked_rows
from credit_bus_deploy.doctor.shown import as_value, show

GIB = 2**30
DONE = Plan(create=(), change=(), refused=(), unknown=())
TOPIC = TopicSpec(name="credit.records", partitions=4, replication=1, config={})
BROKER = Broker(
    number=1,
    version=(4, 1),
    settings={
        "auto.create.topics.enable": "false",
        "message.max.bytes": str(6 * 1024 * 1024),
        "transaction.max.timeout.ms": "900000",
        "offsets.retention.minutes": "10080",
        "group.coordinator.rebalance.protocols": "classic,consumer,streams",
    },
)
WELL = Facts(
    cluster=Cluster(
        brokers=(BROKER, replace(BROKER, number=2)),
        features={"transaction.version": 2, "group.version": 1},
    ),
    topics=DONE,
    rights=Rights(transact=None, consume=None, describe_groups=None),
    broker_clock=Clock(before=100.0, told=100.1, after=100.2),
    transactions=(OpenTransaction(name="worker", state="Ongoing", age_seconds=119.0),),
    groups=(Group(name="credit-bus.gate", state="Stable", members=1),),
    disks=(Disk(place="/state", free_bytes=20 * GIB, total_bytes=100 * GIB),),
    lock=(),
    schema_ids=SchemaIds(on_the_bus=frozenset({1, 2}), known=frozenset({1, 2, 3})),
    registry=(),
    unchecked={"parties.toml": 0},
    database_version=160_003,
    database_clock=Clock(before=100.0, told=98.1, after=100.2),
    roles=Roles(missing=(), foreign=()),
    schemas=(
        SchemaState(name="casework", found="0001", wanted="0001", is_made_by_its_process=False),
        SchemaState(name="intake", found=None, wanted="1", is_made_by_its_process=True),
    ),
)


def cluster(**changes: Any) -> Cluster:
    assert isinstance(WELL.cluster, Cluster)
    return replace(WELL.cluster, **changes)


def second(**changes: Any) -> Cluster:
    """Return a cluster whose second broker is not as the first."""
    return cluster(brokers=(BROKER, replace(BROKER, number=2, **changes)))


def settings(**changes: str) -> Cluster:
    told = {name.replace("_", "."): value for name, value in changes.items()}
    return second(settings={**BROKER.settings, **told})


def schema(found: str | None, wanted: str = "2") -> SchemaState:
    return SchemaState(name="site", found=found, wanted=wanted, is_made_by_its_process=False)


# The check that must find it, what is seeded, and a word of the sentence.
SEEDED: tuple[tuple[str, Mapping[str, Any], str], ...] = (
    ("broker-version", {"cluster": second(version=(3, 9))}, "broker 2 is Kafka 3.9"),
    ("broker-features", {"cluster": cluster(features={"transaction.version": 1})}, "is 1"),
    ("broker-features", {"cluster": cluster(features={})}, "is 0"),
    (
        "group-protocol",
        {"cluster": settings(group_coordinator_rebalance_protocols="consumer,streams")},
        "classic",
    ),
    ("broker-settings", {"cluster": settings(auto_create_topics_enable="true")}, "mistyped"),
    ("broker-settings", {"cluster": settings(transaction_max_timeout_ms="59999")}, "59999"),
    ("broker-settings", {"cluster": settings(offsets_retention_minutes="1440")}, "1440"),
    ("broker-settings", {"cluster": settings(message_max_bytes="1048588")}, "1048588"),
    ("topics", {"topics": replace(DONE, create=(TOPIC,))}, "create   credit.records"),
    ("topics", {"topics": replace(DONE, refused=("partitions",))}, "refused"),
    ("topics", {"topics": replace(DONE, unknown=("credit.odd",))}, "credit.odd"),
    (
        "broker-rights",
        {"rights": Rights(transact="AuthError", consume=None, describe_groups=None)},
        "AuthError",
    ),
    (
        "broker-rights",
        {"rights": Rights(transact=None, consume="AuthError", describe_groups=None)},
        "cannot be read",
    ),
    (
        "broker-rights",
        {"rights": Rights(transact=None, consume=None, describe_groups="AuthError")},
        "described",
    ),
    (
        "broker-clock",
        {
            "broker_clock": Clock(before=100, told=102.5, after=100.4),
            "database_clock": Clock(before=100, told=101, after=100.4),
        },
        "2.1 s ahead",
    ),
    ("broker-clock", {"broker_clock": Clock(before=100, told=97.9, after=100.4)}, "2.1 s behind"),
    (
        "stuck-transactions",
        {"transactions": (OpenTransaction(name="x-1", state="Ongoing", age_seconds=121.0),)},
        "x-1 is Ongoing for 121 s",
    ),
    ("groups", {"groups": (Group(name="g", state="Empty", members=0),)}, "Empty"),
    ("groups", {"groups": (Group(name="g", state="Stable", members=0),)}, "0 members"),
    (
        "disk",
        {"disks": (Disk(place="/x", free_bytes=GIB - 1, total_bytes=2 * GIB),)},
        "1.0 GiB of 2.0",
    ),
    ("disk", {"disks": (Disk(place="/x", free_bytes=9 * GIB, total_bytes=100 * GIB),)}, "/x"),
    ("schemas-lock", {"lock": ("penalty.decided/1.avsc was changed",)}, "was changed"),
    (
        "schemas-on-the-bus",
        {"schema_ids": SchemaIds(on_the_bus=frozenset({1, 99}), known=frozenset({1}))},
        "99",
    ),
    ("registry", {"registry": ("parties.toml: no hub",)}, "no hub"),
    ("registry-unchecked", {"unchecked": {"repair.toml": 3}}, "3 rows"),
    ("database-version", {"database_version": 130_011}, "is 13"),
    (
        "database-clock",
        {
            "database_clock": Clock(before=100, told=97.5, after=100.4),
            "broker_clock": Clock(before=100, told=99, after=100.4),
        },
        "2.5 s behind",
    ),
    (
        "clocks-apart",
        {
            "broker_clock": Clock(before=100, told=102, after=100.2),
            "database_clock": Clock(before=100, told=99, after=100.2),
        },
        "2.8 s apart",
    ),
    ("database-roles", {"roles": Roles(missing=("credit_bus_desk",), foreign=())}, "no role"),
    ("database-roles", {"roles": Roles(missing=(), foreign=("credit_bus_desk",))}, "act as"),
    ("database-schemas", {"schemas": (schema(None),)}, "is not there"),
    ("database-schemas", {"schemas": (schema("1"),)}, "is at 1, this release needs 2"),
    ("database-schemas", {"schemas": (schema("3"),)}, "is at 3"),
)


@pytest.mark.parametrize(("name", "seeded", "word"), SEEDED)
def test_what_is_seeded_is_found_by_its_own_check_alone(
    name: str, seeded: Mapping[str, Any], word: str
) -> None:
    outcomes = examine(replace(WELL, **seeded))

    found = [each for each in outcomes if each.state is not State.GOOD]
    assert [name] == [each.check.name for each in found]
    assert word in " ".join(found[0].sentences)


def test_every_check_of_the_table_has_a_seed() -> None:
    assert {each.name for each in CHECKS} == {name for name, _, _ in SEEDED}


def test_a_fact_that_nobody_judges_would_be_seen_for_nothing() -> None:
    assert {*Facts.__dataclass_fields__, "clocks"} == {each.fact for each in CHECKS}


def test_nothing_is_found_where_all_is_well() -> None:
    outcomes = examine(WELL)

    assert {State.GOOD} == {each.state for each in outcomes}
    assert 0 == exit_code(outcomes)


def test_what_cannot_be_seen_is_two_and_what_nobody_gave_is_none() -> None:
    unseen = examine(replace(WELL, cluster=Unseen(why="timeout")))
    skipped = examine(replace(WELL, cluster=Unseen(why="not given", is_asked=False)))
    both = examine(replace(WELL, cluster=Unseen(why="timeout"), registry=("bad",)))

    assert (2, 0, 1) == tuple(map(exit_code, (unseen, skipped, both)))


def test_an_unchecked_row_is_a_note_and_no_fault() -> None:
    outcomes = examine(replace(WELL, unchecked={"repair.toml": 3}))

    assert 0 == exit_code(outcomes)


@pytest.mark.parametrize("check", CHECKS, ids=lambda each: each.name)
def test_a_check_says_what_it_proves_and_what_to_do(check: checks.Check) -> None:
    assert check.proves
    assert check.remedy


@pytest.mark.parametrize(
    ("expected", "told"), [(0.0, 100.0), (0.0, 101.0), (-1.0, 99.0), (1.0, 102.0)]
)
def test_a_clock_is_off_only_as_far_as_is_certain(expected: float, told: float) -> None:
    assert expected == Clock(before=100.0, told=told, after=101.0).off_seconds


SECONDS = st.floats(min_value=0, max_value=5)


@given(
    offsets=st.tuples(*[st.floats(min_value=-100, max_value=100)] * 2),
    ways=st.tuples(SECONDS, SECONDS, SECONDS, SECONDS),
)
def test_no_clock_is_said_to_be_further_off_than_it_is(
    offsets: tuple[float, float], ways: tuple[float, ...]
) -> None:
    first, second = (
        Clock(before=1000.0, told=1000 + there + offset, after=1000 + there + back)
        for offset, there, back in zip(offsets, ways[::2], ways[1::2], strict=True)
    )

    assert abs(first.off_seconds) <= abs(offsets[0]) + 1e-6
    assert first.apart_seconds(second) <= abs(offsets[0] - offsets[1]) + 1e-6
    assert first.apart_seconds(second) == second.apart_seconds(first)


def test_rows_that_say_nothing_of_checks_are_not_counted() -> None:
    content = {"repair": [{"checked": False}, {"checked": True}, {}], "title": "x", "n": [1]}

    assert 1 == unchecked_rows(content)


def test_a_finding_is_shown_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = examine(replace(WELL, registry=("parties.toml: no [hub]",)))

    (row,) = [each for each in as_value(outcomes)["checks"] if each["state"] == "found"]
    assert ("registry", ["parties.toml: no [hub]"]) == (row["name"], row["says"])
    show(outcomes)
    shown = capsys.readouterr().out
    assert "no [hub]" in shown
    assert row["remedy"] in shown
