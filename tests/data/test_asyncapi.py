"""The AsyncAPI document is one, and says what the program does."""

import copy
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from tests import samples
from tests.examples import EXAMPLES, body_of
from tests.unit.domain.test_checks import CASES

from credit_bus.contracts.examples import load_examples
from credit_bus.contracts.headers import HEADERS, to_headers
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.topics import load_topic_files
from credit_bus.domain.channels import QUARANTINE, RECORDS
from credit_bus.domain.event import Event, action_of
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus.domain.rules import RULES
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus.flows.outcome import Forward, Say
from credit_bus.flows.routing import ROUTES, route
from credit_bus_deploy.interface import document_of, text_of

OFFICIAL = Path(__file__).with_name("asyncapi") / "3.0.0.json"
OFFICIAL_SHA256 = "d4571a420e6ffb7fcc7066c95a6db1202f299a3c51daa103d0706bf30f95e626"

Document = dict[str, Any]


@cache
def official() -> Draft7Validator:
    return Draft7Validator(json.loads(OFFICIAL.read_bytes()))


@cache
def made() -> Document:
    return document_of(None)


def changed(change: Callable[[Document], Any]) -> Document:
    document = copy.deepcopy(made())
    change(document)
    return document


def put(*path: str, value: Any) -> Callable[[Document], None]:
    """A change that puts a value there."""

    def change(document: Document) -> None:
        for name in path[:-1]:
            document = document[name]
        document[path[-1]] = value

    return change


def drop(*path: str) -> Callable[[Document], None]:
    """A change that removes what is there."""

    def change(document: Document) -> None:
        for name in path[:-1]:
            document = document[name]
        del document[path[-1]]

    return change


MESSAGE = ("components", "messages", "penalty.decided")


def test_the_official_schema_is_the_official_one() -> None:
    assert OFFICIAL_SHA256 == hashlib.sha256(OFFICIAL.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        drop("info", "title"),
        put("asyncapi", value="4.0.0"),
        put("colour", value="red"),
        put("operations", "party-send-outbox", "action", value="publish"),
        put("channels", "inbox", "parameters", "party", "enum", value=[1]),
        put(
            "channels", "inbox", "bindings", "kafka", "topicConfiguration", "retention.ms",
            value="long",
        ),
        put(*MESSAGE, "payload", "schema", "type", value="recrod"),
        put(*MESSAGE, "correlationId", value={"location": "ce_id"}),
        put("components", "schemas", "headers", "required", value="all"),
    ],
)  # fmt: skip
def test_a_planted_mistake_of_form_is_found(change: Callable[[Document], Any]) -> None:
    assert not official().is_valid(changed(change))


def test_the_document_is_valid_by_the_official_schema() -> None:
    assert [] == [
        (list(each.absolute_path), each.message) for each in official().iter_errors(made())
    ]


def disagreements(document: Document) -> list[str]:
    """Everything in which the document and the code differ."""
    return [
        *_about_types(document),
        *_about_topics(document),
        *_about_rights(document),
        *_about_headers(document),
        *(f"no {each}" for each in _references(document, document)),
    ]


def _about_types(document: Document) -> Iterator[str]:
    found = document["components"]["messages"]
    catalogue = load_catalogue()
    if list(EVENT_TYPES) != list(found):
        yield f"types {set(EVENT_TYPES) ^ set(found)}"
    for name, message in found.items():
        versions = catalogue.versions(name)
        if not versions:
            continue
        if message["payload"]["schema"] != json.loads(versions[-1].raw):
            yield f"{name}: another schema"
        if [v["schema-id"] for v in message["x-versions"]] != [v.id for v in versions]:
            yield f"{name}: other versions"
        if message["title"] != EVENT_TYPES[name].term:
            yield f"{name}: another term"
        for kind, valid in (("examples", True), ("x-invalid-examples", False)):
            ours = [
                each.body
                for each in load_examples()
                if (each.type, each.valid, each.version) == (name, valid, versions[-1].version)
            ]
            if not ours or ours != [each["payload"] for each in message[kind]]:
                yield f"{name}: other {kind}"


def _about_topics(document: Document) -> Iterator[str]:
    files = {file.name.split(".")[1]: file for file in load_topic_files()}
    channels = document["channels"]
    if set(files) != set(channels):
        yield f"topics {set(files) ^ set(channels)}"
    for family, file in files.items():
        if family not in channels:
            continue
        channel = channels[family]
        settings = channel["bindings"]["kafka"]["topicConfiguration"]
        told = {
            name: ",".join(value) if isinstance(value, list) else str(value)
            for name, value in settings.items()
        }
        if (channel["address"], told) != (file.name, file.config.as_kafka()):
            yield f"{family}: another topic"
        for action, actors in (("send", file.written_by), ("receive", file.read_by)):
            operations = {
                each["x-actor"]
                for each in document["operations"].values()
                if each["action"] == action and each["channel"]["$ref"] == f"#/channels/{family}"
            }
            if set(actors) != operations:
                yield f"{family}: {action} by {operations}"


def _about_rights(document: Document) -> Iterator[str]:
    registry = samples.registry()
    for name, message in document["components"]["messages"].items():
        row = EVENT_TYPES.get(name)
        if row is None:
            continue
        ours = {code for code, party in registry.parties.items() if party.may_say(row)}
        if set(message["x-said-by"]) != (ours or {"hub"}):
            yield f"{name}: other speakers"
        if ("outbox" in _channels(document, name)) == row.said_by_bus:
            yield f"{name}: who says it"
    if set(document["channels"]["outbox"]["parameters"]["party"]["enum"]) != set(registry.parties):
        yield "other parties"


def _about_headers(document: Document) -> Iterator[str]:
    schema = document["components"]["schemas"]["headers"]
    told = [
        (name, each["maxLength"], name in schema["required"])
        for name, each in schema["properties"].items()
    ]
    if list(HEADERS) != told:
        yield "other headers"
    judge = Draft7Validator(schema)
    event = samples.initiation()
    good = {name: value.decode() for name, value in to_headers(event)}
    if not judge.is_valid(good):
        yield "good headers are refused"
    for name, value in (
        ("ce_time", "2026-06-01"),
        ("ce_revision", "01"),
        ("ce_type", "tax.paid"),
        ("ce_specversion", "2"),
        ("content-type", "text/plain"),
        ("ce_id", ""),
        ("ce_id", "x" * 129),
    ):
        if judge.is_valid(good | {name: value}):
            yield f"{name} {value} is not refused"


def _references(document: Document, value: Any) -> Iterator[str]:
    """References that lead to nothing."""
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and not _leads(document, reference):
            yield reference
        for each in value.values():
            yield from _references(document, each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(document, each)


def _leads(document: Any, reference: str) -> bool:
    for name in reference.removeprefix("#/").split("/"):
        if name not in document:
            return False
        document = document[name]
    return True


def _channels(document: Document, name: str) -> set[str]:
    return {key for key, each in document["channels"].items() if name in each["messages"]}


@pytest.mark.parametrize(
    "change",
    [
        drop(*MESSAGE),
        put("components", "messages", "tax.paid", value={"x-said-by": []}),
        put(*MESSAGE, "payload", "schema", "doc", value="other"),
        put(*MESSAGE, "title", value="处罚"),
        put(*MESSAGE, "x-said-by", value=["finance"]),
        put(*MESSAGE, "x-versions", value=[]),
        put(*MESSAGE, "examples", value=[]),
        drop("channels", "quarantine"),
        put("channels", "inbox", "address", value="credit.in.{party}"),
        put(
            "channels", "inbox", "bindings", "kafka", "topicConfiguration", "retention.ms", value=1
        ),
        drop("channels", "outbox", "messages", "penalty.decided"),
        drop("operations", "gate-send-records"),
        put("components", "schemas", "headers", "properties", "ce_id", "maxLength", value=99),
        drop("components", "schemas", "headers", "properties", "traceparent"),
        put("components", "schemas", "headers", "properties", "ce_time", "pattern", value=".*"),
    ],
)
def test_a_planted_disagreement_is_found(change: Callable[[Document], Any]) -> None:
    assert [] != disagreements(changed(change))


def test_the_document_and_the_code_agree() -> None:
    assert [] == disagreements(made())


def routed() -> Iterator[tuple[str, set[tuple[str, str]]]]:
    """For each valid example: its type, and the (family, type) pairs that the router makes."""
    registry = samples.registry()
    for path in sorted(EXAMPLES.glob("*/*/valid-*.json")):
        kind = path.parts[-3]
        if kind not in ROUTES:
            continue
        value = samples.codec().encode(kind, body_of(kind, json.loads(path.read_text("utf-8"))))
        body: Any = samples.codec().decode(value, expected_type=kind)
        event = Event(
            id="0" * 32,
            source="market-regulation",
            type=kind,
            time=samples.NOW,
            subject=synthetic_uscc(0),
            revision=1,
            body=body,
            correlation_id=action_of(body),
        )
        outputs = route(event, registry=registry, now=samples.NOW).outputs
        yield (
            kind,
            {
                (
                    each.topic.split(".")[1],
                    each.event.type if isinstance(each, Say) else kind,
                )
                for each in outputs
                if isinstance(each, Say | Forward)
            },
        )


def test_the_ways_are_those_that_the_router_really_goes() -> None:
    real: dict[str, set[tuple[str, str]]] = {kind: set() for kind in ROUTES}
    for kind, outputs in routed():
        real[kind] |= outputs
    messages = made()["components"]["messages"]
    told = {
        kind: {(way["channel"], way.get("says", kind)) for way in messages[kind]["x-ways"]}
        for kind in ROUTES
    }

    assert real == told
    for kind, ways in told.items():
        for family, said in ways:
            assert family in _channels(made(), said), (kind, family)


def test_the_topics_that_belong_to_nobody_have_the_names_of_the_code() -> None:
    assert (RECORDS, QUARANTINE) == tuple(
        made()["channels"][family]["address"] for family in ("records", "quarantine")
    )


def test_every_rule_that_refuses_a_case_is_told_of_its_type() -> None:
    messages = made()["components"]["messages"]
    missing = {
        (case.kind, reason)
        for case in CASES
        for reason in (each.split()[0] for each in case.reasons)
        if reason not in messages[case.kind]["x-rules"]
    }

    assert set() == missing
    assert set(RULES) == {code for each in messages.values() for code in each["x-rules"]}
    assert "measures-missing" not in messages["penalty.decided"]["x-rules"]
    assert [64] == messages["licence.granted"]["x-lengths"]["document_number"]


def test_two_runs_give_the_same_bytes() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-m", "credit_bus_deploy", "asyncapi"],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert runs[0] == runs[1] == text_of(made()).encode()
