"""The rows of the reader of the bus: one transaction, one reader, and what the pure fold says."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest
from tests import samples
from tests.unit.operations.faults import FAULTS
from tests.unit.operations.histories import (
    PLATFORMS,
    READER,
    History,
    MemoryBus,
    read_whole,
    usual,
    word_of,
)

from credit_bus.contracts.topics import load_topic_files
from credit_bus.domain.calendar import moment_of
from credit_bus.domain.channels import RECORDS, inbox
from credit_bus.domain.event_types import CANARY_SENT, DELIVERY_CONFIRMED
from credit_bus.operations.adding_up.repeats import REPEATS_MAX
from credit_bus.operations.trace.hops import name_of
from credit_bus_connectors.monitor import following_store, hop_rows
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.following_store import (
    CANARIES_KEPT_FOR,
    KEPT_FOR,
    FollowStore,
    OvertakenError,
    Place,
)
from credit_bus_connectors.monitor.trace_store import TraceStore

LATER = timedelta(minutes=1)


@pytest.fixture
def store(connections: Connections) -> FollowStore:
    return FollowStore(connections, platforms=frozenset(PLATFORMS))


def end_of(history: History) -> datetime:
    return moment_of(max(each.timestamp_ms for each in history))


def keep(store: FollowStore, history: History, *, batch: int = 60) -> None:
    """Read it all, as a reader does that begins before it."""
    kept: dict[Place, int] = store.begin(samples.NOW)
    for start in range(0, len(history), batch):
        part = history[start : start + batch]
        moved = {(each.topic, each.partition): each.offset + 1 for each in part}
        before = {place: kept[place] for place in moved if place in kept}
        store.keep([READER.hop(each) for each in part], before, moved)
        kept |= moved


def read_on(store: FollowStore, history: History, before: History) -> None:
    """Read what came since."""
    known = {(each.topic, each.partition) for each in before}
    for each in history:
        place = (each.topic, each.partition)
        since = {place: each.offset} if place in known else {}
        known.add(place)
        store.keep([READER.hop(each)], since, {place: each.offset + 1})


def saved(database: str, positions: Mapping[tuple[str, int], int], at: datetime) -> None:
    """Keep a sample of lag in which the platforms' connectors have saved these."""
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO operations.lag_sample VALUES (%s, 1, 1, 1)", [at])
        for (topic, partition), offset in positions.items():
            connection.execute(
                "INSERT INTO operations.lag_now (group_id, topic, partition, status, completeness,"
                " committed, log_start, end_offset, events, lost, ahead)"
                " VALUES (%s, %s, %s, 'OK', 1, %s, 0, 99, 0, 0, 0)",
                ["connector-" + topic.removeprefix(inbox("")), topic, partition, offset],
            )


def open_alarms(database: str) -> set[tuple[str, str]]:
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT fault, place FROM operations.alarm WHERE cleared_at IS NULL"
        )
        return {(fault, place) for fault, place in rows}


def rows_in(database: str, table: str) -> int:
    with psycopg.connect(database) as connection:
        (found,) = connection.execute(f"SELECT count(*) FROM operations.{table}").fetchone() or (0,)
        return int(found)


def test_a_true_history_raises_nothing_and_leaves_nothing_open(
    store: FollowStore, provisioned: str
) -> None:
    history = usual()
    keep(store, history)
    changed = store.passed(end_of(history) + LATER)
    with psycopg.connect(provisioned) as connection:
        counted = {
            (hour, kind, word): times
            for hour, kind, word, times in connection.execute(
                "SELECT hour, type, word, times FROM operations.tally"
            )
        }

    assert ((), set()) == (tuple(changed.raised), open_alarms(provisioned))
    assert (len(history), 0) == (rows_in(provisioned, "hop"), rows_in(provisioned, "unsettled"))
    assert read_whole(history).counts == counted


@pytest.mark.parametrize("fault", list(FAULTS)[::3])
def test_each_fault_becomes_the_alarm_that_the_fold_names(
    store: FollowStore, provisioned: str, fault: str
) -> None:
    history = FAULTS[fault][0](usual(is_answered=False))
    keep(store, history)
    saved(provisioned, read_whole(history).saved, end_of(history))
    store.passed(end_of(history) + LATER)

    assert read_whole(history).faults == open_alarms(provisioned)


def test_what_is_met_late_clears_its_alarm_and_stays_written_down(
    store: FollowStore, provisioned: str
) -> None:
    history = usual(is_answered=False)
    late = [each for each in history if each.topic == inbox("district-platform")][-1]
    keep(store, [each for each in history if each is not late])
    raised = store.passed(end_of(history) + LATER).raised
    place = (late.topic, late.partition)
    changed = store.keep([READER.hop(late)], {place: late.offset}, {place: late.offset + 1})

    assert [("unrouted", late.topic)] == [(each.fault, each.place) for each in raised]
    assert list(raised) == list(changed.cleared)
    assert set() == open_alarms(provisioned)
    assert 1 == rows_in(provisioned, "alarm")


def test_a_disaster_raises_a_bounded_number_of_alarms_and_the_rest_when_there_is_room(
    store: FollowStore, provisioned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following_store, "ALARMS_OPEN_MAX", 1)
    monkeypatch.setattr(following_store, "DUE_AT_ONCE_MAX", 1)
    history = [each for each in usual() if each.topic.startswith("credit.outbox.market")]
    expected = len(read_whole(history).amiss)
    keep(store, history)
    first = store.passed(end_of(history) + LATER)
    at_first = rows_in(provisioned, "alarm")
    monkeypatch.setattr(following_store, "ALARMS_OPEN_MAX", 1_000)
    early = store.passed(end_of(history) + LATER)
    store.passed(end_of(history) + LATER + following_store.LOOK_AGAIN)

    assert (True, 1) == (first.is_full, at_first)
    assert not early.raised
    assert expected == rows_in(provisioned, "alarm") > 1


def test_a_disaster_hides_no_disorder_which_nobody_could_find_again(
    store: FollowStore, provisioned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following_store, "ALARMS_OPEN_MAX", 0)
    history = FAULTS["an inbox in another order than the log"][0](usual(is_answered=False))
    keep(store, history)

    assert {("disordered", inbox("district-platform"))} == open_alarms(provisioned)


@pytest.mark.parametrize("step", [1, 1_000])
def test_what_a_connector_passed_without_a_word_is_undelivered_until_the_word_comes(
    store: FollowStore,
    connections: Connections,
    provisioned: str,
    monkeypatch: pytest.MonkeyPatch,
    step: int,
) -> None:
    """What it keeps its position below is parked or on its way, and no fault."""
    monkeypatch.setattr(following_store, "PASSED_AT_ONCE_MAX", step)
    bus = MemoryBus()
    bus.say(*(samples.penalty(1, revision=number) for number in (1, 2, 3)))
    given = [each for each in bus.history if each.topic == inbox("public-site")]
    bus.say(word_of("public-site", DELIVERY_CONFIRMED, given[1]))
    keep(store, bus.history)
    read = len(bus.history)
    now = end_of(bus.history)
    saved(provisioned, {(given[0].topic, given[0].partition): 2}, now)
    early = store.passed(now)
    for seconds in range(1, 4):
        store.passed(now + timedelta(seconds=seconds))
    amiss = open_alarms(provisioned)
    traces = TraceStore(connections)
    ways = [traces.way(samples.penalty(1, revision=number).id) for number in (1, 2, 3)]
    bus.say(word_of("public-site", DELIVERY_CONFIRMED, given[0]))
    read_on(store, bus.history[read:], bus.history[:read])

    assert not early.raised
    assert {("undelivered", inbox("public-site"))} == amiss
    assert ["passed-over", "delivered", "in-flight"] == [
        each.state.value
        for way in ways
        if way
        for each in way.deliveries
        if each.platform == "public-site"
    ]
    assert set() == open_alarms(provisioned)


def test_an_event_that_is_said_without_end_leaves_a_bounded_number_of_rows(
    store: FollowStore, connections: Connections, provisioned: str
) -> None:
    bus = MemoryBus()
    for _ in range(100):
        bus.say(samples.penalty(1))
    keep(store, bus.history)
    store.passed(end_of(bus.history) + LATER)
    traces = TraceStore(connections)
    (counts,) = (each.times for each in traces.counts(samples.NOW - timedelta(hours=1)))
    way = traces.way(samples.penalty(1).id)

    assert set() == open_alarms(provisioned)
    assert 2 * REPEATS_MAX + 1 + len(PLATFORMS) == rows_in(provisioned, "hop")
    assert (100, 1, 99) == (counts["said"], counts["accepted"], counts["repeated"])
    assert way is not None
    assert not way.is_whole


def test_of_two_readers_one_keeps_a_record(
    store: FollowStore, connections: Connections, provisioned: str
) -> None:
    other = FollowStore(connections, platforms=frozenset(PLATFORMS))
    history = [each for each in usual() if each.topic == RECORDS][:3]
    keep(store, history, batch=1)
    first = history[0]
    place = (first.topic, first.partition)

    with pytest.raises(OvertakenError):
        other.keep([READER.hop(first)], {}, {place: first.offset + 1})
    assert len(history) == rows_in(provisioned, "hop")


def test_lost_records_are_an_alarm_that_nothing_clears(
    store: FollowStore, provisioned: str
) -> None:
    store.begin(samples.NOW)
    place = (RECORDS, 1)
    once = store.lost([place], samples.NOW).raised
    again = store.lost([place], samples.NOW).raised

    assert (1, 0) == (len(once), len(again))
    assert {("unread", f"{RECORDS}/1")} == open_alarms(provisioned)


def test_what_is_older_than_it_is_kept_goes_in_bounded_steps(
    store: FollowStore, provisioned: str
) -> None:
    history = usual()
    keep(store, history)
    kept = store.drop_old(end_of(history) + KEPT_FOR - timedelta(days=1))
    before = rows_in(provisioned, "hop")
    store.drop_old(end_of(history) + KEPT_FOR + LATER)

    assert (False, len(history), 0) == (kept, before, rows_in(provisioned, "hop"))


def test_canaries_go_sooner_with_every_word_on_them_and_nothing_else(
    store: FollowStore, connections: Connections, provisioned: str
) -> None:
    bus = MemoryBus()
    bus.say(samples.of_upkeep(CANARY_SENT))
    for platform in PLATFORMS:
        bus.answer(platform, twice=True)
    of_canary = len(bus.history)
    bus.say(samples.penalty(1), samples.licence(1))
    keep(store, bus.history)
    said_at = moment_of(bus.history[0].timestamp_ms)
    early = store.drop_old(said_at + CANARIES_KEPT_FOR)
    kept = rows_in(provisioned, "hop")
    dropped = store.drop_old(said_at + CANARIES_KEPT_FOR + LATER)

    assert (False, len(bus.history)) == (early, kept)
    assert (True, len(bus.history) - of_canary) == (dropped, rows_in(provisioned, "hop"))
    assert not store.drop_old(said_at + CANARIES_KEPT_FOR + LATER)


def test_canaries_are_kept_longer_than_a_word_on_one_may_come_again() -> None:
    retention = max(
        topic.config.retention_ms
        for topic in load_topic_files()
        if topic.name.startswith(("credit.inbox", "credit.outbox"))
    )

    assert timedelta(milliseconds=retention) < CANARIES_KEPT_FOR


def test_a_hop_is_read_back_as_it_was(store: FollowStore, connections: Connections) -> None:
    history = usual()
    keep(store, history)
    seen = [replace(READER.hop(each), about_type="") for each in history]  # which is not kept
    hops = {hop.place: hop for hop in seen}
    with connections.transaction() as connection:
        found = hop_rows.of_accounts(connection, {hop.of for hop in hops.values()})

    assert hops == {hop.place: hop for hop in found}


def test_no_row_holds_a_subject_or_a_body(store: FollowStore, provisioned: str) -> None:
    history = usual()
    keep(store, history)
    keys = {(each.key or b"").decode() for each in history}
    with psycopg.connect(provisioned) as connection:
        rows = connection.execute("SELECT hop::text FROM operations.hop").fetchall()

    assert not [row for (row,) in rows if any(key in row for key in keys if key)]
    assert name_of("x" * 40) != name_of("x" * 41)
