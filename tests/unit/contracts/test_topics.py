"""Topics as files: what is refused, what a broker lacks, what is never changed or deleted."""

import shutil
from dataclasses import replace

import pytest

from credit_bus.contracts.data_files import data_folder
from credit_bus.contracts.topics import (
    TopicFilesError,
    describe,
    describe_files,
    desired_topics,
    load_topic_files,
    plan,
)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(data_folder("topics"), tmp_path / "topics")


@pytest.fixture
def desired():
    return desired_topics(load_topic_files(), ["tax"], partitions=3, replication=3)


def check(folder, *sentences):
    with pytest.raises(TopicFilesError) as caught:
        load_topic_files(folder)

    assert len(sentences) == len(caught.value.mistakes), caught.value.mistakes
    for sentence, mistake in zip(sentences, caught.value.mistakes, strict=True):
        assert sentence in mistake


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[config]", 'owner = "tax"\n[config]', "inbox.toml: owner: Extra inputs"),
        ('"retention.ms"', '"retention.hours"', "inbox.toml: config.retention.ms: Field required"),
        ("LogAppendTime", "CreateTime", "config.message.timestamp.type"),
        ("2_097_152", '"2_097_152"', "config.max.message.bytes"),
        ("7_776_000_000", "-2", "config.retention.ms"),
        ("262_144", "10_485_760", "config.segment.index.bytes"),
        ('"delete"', '"forget"', "config.cleanup.policy"),
        ('["router"]', '["roter"]', "inbox.toml: written_by.0"),
        ('["router"]', "[]", "inbox.toml: written_by"),
        ("credit.inbox.{party}", "inbox.{party}", "inbox.toml: name"),
        ("credit.inbox.{party}", "credit.box.{party}", "name it box.toml"),
        ('name = "credit', "name = credit", "inbox.toml is not TOML"),
    ],
)
def test_a_topic_file_with_a_mistake_is_refused(folder, old, new, sentence):
    path = folder / "inbox.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")

    with pytest.raises(TopicFilesError, match=sentence.replace(".", r"\.")):
        load_topic_files(folder)


def test_mistakes_of_all_files_come_in_one_report(folder):
    (folder / "notes.txt").write_text("")
    (folder / "inbox.toml").write_text("= 1", "utf-8")

    check(folder, "inbox.toml is not TOML", "notes.txt is no topic file")


def test_an_empty_folder_is_refused(tmp_path):
    check(tmp_path, "holds no topic file")


@pytest.mark.parametrize("code", ["", "Tax", "tax.office", "tax_office", "-tax", "税务局"])
def test_a_party_code_that_cannot_name_a_topic_is_refused(code):
    with pytest.raises(ValueError, match="party codes"):
        desired_topics(load_topic_files(), [code], partitions=1, replication=1)


def test_a_party_code_too_long_for_a_topic_is_refused():
    with pytest.raises(ValueError, match="too long"):
        desired_topics(load_topic_files(), ["a" * 240], partitions=1, replication=1)


@pytest.mark.parametrize(("partitions", "replication"), [(0, 1), (1, 0), (1_001, 1)])
def test_counts_out_of_bounds_are_refused(partitions, replication):
    with pytest.raises(ValueError, match="correct the settings"):
        desired_topics(load_topic_files(), [], partitions=partitions, replication=replication)


def test_another_partition_count_is_refused_and_says_why(desired):
    actual = desired | {
        "credit.records": replace(desired["credit.records"], partitions=6),
    }

    result = plan(desired, actual)

    assert 1 == len(result.refused)
    assert "credit.records has 6 partitions and should have 3" in result.refused[0]
    assert "breaks their order" in result.refused[0]
    assert not result.is_done


def test_another_replication_is_refused_and_says_what_to_do(desired):
    actual = desired | {"credit.records": replace(desired["credit.records"], replication=1)}

    (sentence,) = plan(desired, actual).refused

    assert "reassignment" in sentence


def test_an_unknown_topic_is_named_and_never_deleted(desired):
    stray = replace(desired["credit.records"], name="credit.outbox.nobody")
    foreign = replace(stray, name="metrics")

    result = plan(desired, desired | {"credit.outbox.nobody": stray, "metrics": foreign})

    assert ("credit.outbox.nobody",) == result.unknown
    assert result.is_done
    assert "credit.outbox.nobody" in describe(result)
    assert "metrics" not in describe(result)


def test_a_missing_topic_is_created(desired):
    actual = {name: spec for name, spec in desired.items() if name != "credit.inbox.tax"}

    assert (desired["credit.inbox.tax"],) == plan(desired, actual).create


def test_a_setting_that_differs_is_changed_and_others_are_left_alone(desired):
    spec = desired["credit.records"]
    config = {**spec.config, "retention.ms": "1000", "segment.ms": "1"}
    del config["cleanup.policy"]

    result = plan(desired, desired | {"credit.records": replace(spec, config=config)})

    assert [
        ("credit.records", "cleanup.policy", None, "delete"),
        ("credit.records", "retention.ms", "1000", "-1"),
    ] == [(each.topic, each.setting, each.before, each.after) for each in result.change]


def test_nothing_is_to_be_done_when_all_is_as_it_should_be(desired):
    result = plan(desired, desired)

    assert result.is_done
    assert "topics are as they should be; nothing to do" == describe(result)


def test_a_plan_is_told_in_lines(desired):
    actual = {
        "credit.records": replace(
            desired["credit.records"], partitions=1, config={"retention.ms": "5"}
        )
    }
    lines = describe(plan(desired, actual)).splitlines()

    assert ["refused"] + ["create"] * 4 + ["change"] * 7 == [line.split()[0] for line in lines]


def test_every_party_has_its_own_topics_and_the_bus_has_two():
    topics = desired_topics(load_topic_files(), ["tax", "hub", "tax"], 3, 3)

    assert {
        "credit.records",
        "credit.quarantine",
        *(
            f"credit.{family}.{party}"
            for family in ("outbox", "inbox", "replies")
            for party in ("tax", "hub")
        ),
    } == set(topics)
    assert {3} == {topic.partitions for topic in topics.values()}


@pytest.mark.parametrize(("replication", "in_sync"), [(1, "1"), (3, "2"), (5, "3")])
def test_a_write_needs_a_majority_of_replicas(replication, in_sync):
    topics = desired_topics(load_topic_files(), [], 1, replication)

    assert {in_sync} == {topic.config["min.insync.replicas"] for topic in topics.values()}


def test_the_files_tell_who_writes_and_who_reads():
    lines = describe_files(load_topic_files()).splitlines()

    assert 5 == len(lines)
    assert any(
        line.startswith("credit.records:") and "Written by gate; read by router" in line
        for line in lines
    )
