"""The feed: whoever follows it holds what the site shows, whatever happens meanwhile."""

import random
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import pytest
from tests import samples
from tests.conformance.platforms import natural_person, rows
from tests.integration.site.conftest import Running

from credit_bus.domain.event import Event, document_key
from credit_bus.domain.event_types import (
    LISTING_ENTERED,
    LISTING_REMOVED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
)
from credit_bus_connectors.platforms.public_record import PublicRecord
from credit_bus_connectors.site.feed import NUMBER_MAX, FeedPage, FeedRecord
from credit_bus_connectors.site.store import CHANGES_MAX

HISTORIES = 25
EVENTS = 60
SUBJECTS = 4

# Everything that can come about a subject's penalty, licence or entry, in small revisions.
_MAKERS: tuple[Callable[[int, int], Event], ...] = (
    lambda n, r: samples.penalty(n, revision=r, content=f"罚款{r}万元"),
    lambda n, r: samples.licence(n, revision=r),
    lambda n, r: samples.of_standing(LISTING_ENTERED, n, revision=r, publish=r != 2),
    lambda n, r: samples.of_standing(RECORD_CORRECTED, n, record_revision=r),
    lambda n, r: samples.of_standing(RECORD_WITHDRAWN, n, record_revision=r),
    lambda n, r: samples.of_standing(PUBLICITY_ENDED, n, record_revision=r),
    lambda n, r: samples.of_standing(LISTING_REMOVED, n, revision=r),
    lambda n, r: samples.of_course(OBJECTION_RAISED, n, objection_number=f"异{r}号"),
    lambda n, r: samples.of_course(OBJECTION_DECIDED, n, objection_number=f"异{r}号"),
)


def history(chance: random.Random) -> list[Event]:
    """Random events of a few subjects, in a random order, some twice."""
    made = [
        chance.choice(_MAKERS)(chance.randrange(SUBJECTS), chance.randint(1, 3))
        for _ in range(EVENTS)
    ]
    return made + chance.choices(made, k=EVENTS // 6)


class Follower:
    """Asks on from the last number, and keeps what is shown."""

    def __init__(self, running: Running) -> None:
        self._get = running.client.get
        self.held: dict[str, dict[str, Any]] = {}
        self.number = 0

    def ask(self, limit: int) -> bool:
        """Take one page; return whether there are more."""
        answer = self._get("/feed/records", params={"after": self.number, "limit": limit})
        page = answer.json()
        numbers = [each["number"] for each in page["changes"]]
        assert sorted(set(numbers)) == numbers
        assert all(number > self.number for number in numbers)
        for change in page["changes"]:
            assert (change["state"] == "shown") == (change["record"] is not None)
            if change["record"] is None:
                self.held.pop(change["id"], None)
            else:
                self.held[change["id"]] = change
        self.number = page["next"]
        return bool(page["more"])


def shown(database: str) -> set[tuple[Any, ...]]:
    """What the site's table shows, a few columns of each."""
    return set(
        rows(
            database,
            "SELECT encode(document_key, 'hex'), revision, corrected, disputed, document_number,"
            " outcome FROM site.publication WHERE state = 'shown'",
        )
    )


def face(change: dict[str, Any]) -> tuple[Any, ...]:
    record = change["record"]
    marks = (change["id"], change["revision"], change["corrected"], change["disputed"])
    return (*marks, record["document_number"], record["outcome"])


@pytest.mark.parametrize("number", range(HISTORIES))
def test_whoever_follows_the_feed_holds_what_the_site_shows(
    running: Running, database: str, number: int
) -> None:
    chance = random.Random(number)
    follower, events = Follower(running), history(chance)
    while events:
        size = chance.randint(1, 9)
        batch, events = events[:size], events[size:]
        running.show(*batch)
        for _ in range(chance.randrange(3)):
            follower.ask(chance.randint(1, 7))
    while follower.ask(chance.randint(1, 7)):
        pass

    assert shown(database) == {face(change) for change in follower.held.values()}


def test_a_history_shows_and_hides_something(running: Running, database: str) -> None:
    """Else the property above would say nothing."""
    for event in history(random.Random(0)):
        running.show(event)

    states = {state for (state,) in rows(database, "SELECT state FROM site.publication")}
    assert states > {"shown"}


def test_a_withdrawal_tells_the_id_and_no_more(running: Running) -> None:
    running.show(samples.penalty(1))
    running.show(samples.of_standing(RECORD_WITHDRAWN, 1))
    (change,) = running.client.get("/feed/records").json()["changes"]

    assert (document_key(samples.penalty(1)).hex(), "withdrawn", None) == (
        change["id"],
        change["state"],
        change["record"],
    )


def test_what_was_never_shown_is_not_told_of(running: Running, database: str) -> None:
    running.show(
        samples.of_standing(LISTING_ENTERED, 1, publish=False),
        natural_person(database),  # a penalty
        samples.of_standing(RECORD_WITHDRAWN, 2),
    )
    running.show(samples.penalty(2))

    assert [] == running.client.get("/feed/records").json()["changes"]


def test_a_person_is_masked_in_the_feed(running: Running, database: str) -> None:
    running.show(natural_person(database, body=samples.licence_body))
    text = running.client.get("/feed/records").text

    assert "示**" in text
    assert "示例某" not in text


def test_what_comes_twice_is_told_once(running: Running) -> None:
    running.show(samples.penalty(1))
    before = running.client.get("/feed/records").json()
    running.show(samples.penalty(1), samples.penalty(1))

    assert before == running.client.get("/feed/records").json()


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        f"after={NUMBER_MAX + 1}",
        "limit=0",
        f"limit={CHANGES_MAX + 1}",
        "limit=1.5",
        "limt=5",
    ],
)
def test_what_is_out_of_bounds_is_refused(running: Running, query: str) -> None:
    assert 422 == running.client.get(f"/feed/records?{query}").status_code


def test_whoever_is_up_to_date_is_told_so(running: Running) -> None:
    assert {"changes": [], "next": 7, "more": False} == running.client.get(
        "/feed/records?after=7"
    ).json()


def test_the_interface_of_the_feed_is_documented_and_nothing_else(running: Running) -> None:
    document = running.client.get("/openapi.json").json()

    assert ["/feed/records"] == list(document["paths"])
    told: Sequence[str] = list(document["components"]["schemas"]["FeedPage"]["properties"])
    assert list(FeedPage.model_fields) == told
    content = {field.name for field in fields(PublicRecord)} - {"said_disputed"}  # see disputed
    assert content == set(FeedRecord.model_fields)
