"""The pump on a real broker: crashes, fencing, parking, rebalances, and what cannot be read."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread

import pytest
from kafka.errors import KafkaError
from tests import samples
from tests.conformance.platforms import rows
from tests.integration.connectors.inboxes import Line, read, until
from tests.unit.connectors.inbox import Clock, Platform

from credit_bus.domain.event import Event
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus_connectors.contract import Result, Sink
from credit_bus_connectors.kafka_ends import KafkaEnds, UnreadableRecordError
from credit_bus_connectors.platforms.district import DistrictSink
from credit_bus_connectors.pump import Pump

pytestmark = pytest.mark.broker


@pytest.fixture
def line(broker: str, unique_name: Callable[[str], str]) -> Line:
    made = Line(broker, unique_name("platform"))
    made.make_topics()
    return made


def pump_of(line: Line, sink: Sink, ends: KafkaEnds, clock: Callable[[], datetime]) -> Pump:
    return Pump(platform=line.platform, sink=sink, ends=ends, clock=clock, log=line.log)


def wall_clock() -> datetime:
    return datetime.now(UTC)


def penalties(count: int, subjects: int = 7) -> list[Event]:
    return [samples.penalty(n % subjects, document_number=f"第{n}号") for n in range(count)]


def test_a_record_that_does_not_read_is_our_mistake_and_names_its_place(line: Line) -> None:
    line.put_rubbish()
    ends = line.ends()

    with pytest.raises(UnreadableRecordError, match=r"credit\.inbox\..*@0 cannot be read"):
        read(ends, 1)
    ends.close()


@pytest.mark.parametrize("where", ["before", "within"])
def test_a_crash_after_delivery_and_before_commit_neither_loses_nor_doubles(
    where: str, line: Line, database: str
) -> None:
    events = penalties(60)
    line.put(events)

    code = line.crash(database, where)
    delivered_then = rows(database, "SELECT event_id, record_number FROM district.record")
    said_then = line.said()
    saved_then = line.saved()
    sink, ends = DistrictSink(database), line.ends()
    pump = pump_of(line, sink, ends, wall_clock)
    until(lambda: len(line.said()) >= 60, pump.turn)
    ends.close()
    sink.close()

    assert 9 == code
    assert delivered_then  # the effect was there before the crash
    assert ([], {}) == (said_then, saved_then)
    said = line.said()
    assert {event.id for event in events} == {one.causation_id for one in said}
    assert 60 == len(said) == len({one.id for one in said})
    assert [(60,)] == rows(database, "SELECT count(*) FROM district.record")
    told = {one.causation_id: one.body["acknowledgement"] for one in said}
    assert all(told[event_id] == f"district-{number}" for event_id, number in delivered_then)


def test_a_former_instance_of_the_same_name_can_save_and_say_nothing(line: Line) -> None:
    line.put(penalties(3))
    former = line.ends()
    taken = read(former, 3)
    successor = line.ends()

    with pytest.raises(KafkaError):
        former.commit([taken[0].event], {0: 99})
    former.close()
    successor.close()

    assert ([], {}) == (line.said(), line.saved())


def test_a_member_that_was_put_out_of_the_group_can_save_and_say_nothing(line: Line) -> None:
    line.put(penalties(3))
    ends = line.ends()
    taken = read(ends, 3)
    line.put_out_of_the_group()

    with pytest.raises(KafkaError):
        ends.commit([taken[0].event], {taken[0].partition: 99})
    successor = line.ends()
    again = read(successor, 3)
    ends.close()
    successor.close()

    assert ([], {}) == (line.said(), line.saved())
    assert {one.event.id for one in taken} == {one.event.id for one in again}


def test_a_start_after_a_kill_while_the_group_was_forming_is_given_the_inbox(line: Line) -> None:
    line.put(penalties(3))
    line.die_while_the_group_forms()
    successor = line.ends()

    again = read(successor, 3)
    successor.close()

    assert 3 == len(again)


@pytest.mark.parametrize("seconds", [0.001, 0.005])
def test_a_join_that_polls_cut_short_ends_as_a_join(seconds: float, line: Line) -> None:
    line.put(penalties(3))
    ends = line.ends()

    found = read(ends, 3, poll_seconds=seconds)
    ends.close()

    assert 3 == len(found)


def test_a_successor_reads_the_partitions_that_were_added_meanwhile(line: Line) -> None:
    line.put(penalties(3))
    former = line.ends()
    read(former, 3)
    line.add_a_partition()
    successor = line.ends()

    owned: set[int] = set()
    until(lambda: owned == {*range(line.partitions + 1)}, lambda: owned.update(places(successor)))
    successor.close()
    former.close()


def places(ends: KafkaEnds) -> set[int]:
    return set(ends.poll(events_max=10, wait_seconds=0.1).next_offsets)


def test_a_parked_subject_holds_its_order_and_the_position_while_others_go_on(line: Line) -> None:
    clock, stubborn, condition = Clock(), synthetic_uscc(0), [True]
    sink = Platform(
        judge=lambda event: (
            Result.TRY_LATER if event.subject == stubborn and condition[0] else Result.DELIVERED
        )
    )
    events = penalties(35)
    line.put(events)
    ends = line.ends()
    pump = pump_of(line, sink, ends, clock)

    until(lambda: len(sink.order) == 30, pump.turn)
    said_then, saved_then = line.said(), line.saved()
    condition[0] = False
    clock.pass_(2)
    until(lambda: len(sink.order) == 35, pump.turn)
    until(lambda: line.saved() == line.ends_of_log(), pump.turn)
    ends.close()

    assert 30 == len(said_then)
    assert stubborn not in {one.subject for one in said_then}
    assert 0 in saved_then.values()  # the stubborn subject's partition did not move
    for subject in {event.subject for event in events}:
        wanted = [event.id for event in events if event.subject == subject]
        assert wanted == [one.causation_id for one in line.said() if one.subject == subject]


def test_a_restart_takes_up_what_was_parked_and_says_the_rest_the_same_again(line: Line) -> None:
    clock, stubborn, condition = Clock(), synthetic_uscc(0), [True]
    sink = Platform(
        judge=lambda event: (
            Result.TRY_LATER if event.subject == stubborn and condition[0] else Result.DELIVERED
        )
    )
    line.put(penalties(14))
    first = line.ends()
    until(lambda: len(sink.order) == 12, pump_of(line, sink, first, clock).turn)
    first.close()

    condition[0] = False
    second = line.ends()
    until(lambda: len(sink.order) == 14, pump_of(line, sink, second, clock).turn)
    second.close()

    said = line.said()
    bodies = {one.id: one.body for one in said}
    assert 14 == len(bodies)
    assert all(bodies[one.id] == one.body for one in said)
    assert 14 == len(sink.order)


def test_a_poll_for_nothing_keeps_the_membership_and_loses_no_event(line: Line) -> None:
    line.put(penalties(10))
    ends = line.ends()

    quiet = [ends.poll(events_max=0, wait_seconds=0.3).deliveries for _ in range(20)]
    found = read(ends, 10)
    ends.close()

    assert [[]] * 20 == [list(one) for one in quiet]
    assert 10 == len({one.event.id for one in found})


def test_a_second_instance_takes_its_share_and_every_event_takes_effect_once(
    line: Line, database: str
) -> None:
    first_sink, second_sink = DistrictSink(database), DistrictSink(database)
    first = line.ends("1")
    pump = pump_of(line, first_sink, first, wall_clock)
    line.put(penalties(30))
    until(lambda: bool(line.saved()), pump.turn)

    second = line.ends("2")
    other = pump_of(line, second_sink, second, wall_clock)
    stopping = [False]
    worker = Thread(target=other.run, args=(lambda: stopping[0],))
    worker.start()  # a rebalance needs both at once
    until(lambda: all(end._consumer.assignment() for end in (first, second)), pump.turn)
    line.put([samples.penalty(n, document_number=f"后{n}号") for n in range(60)])
    until(lambda: len({one.id for one in line.said()}) == 90, pump.turn)
    stopping[0] = True
    worker.join(30)
    for end in (first, second):
        end.close()
    for sink in (first_sink, second_sink):
        sink.close()

    assert [(90,)] == rows(database, "SELECT count(*) FROM district.record")
    assert Counter({1: 90}) == Counter(Counter(one.id for one in line.said()).values())
