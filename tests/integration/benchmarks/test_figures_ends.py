"""The ends that the figures measure with, on a real broker: what is said, and what is noted of it.

A measuring reader that could not see a loss would call every bus sound.
"""

import time
from collections.abc import Callable

from benchmarks.figures import publisher, reader
from benchmarks.figures.reader import Arrivals
from benchmarks.figures.stamped import NUMBER_FIRST, Stamps
from confluent_kafka import Producer

PARTITIONS = 3
EVENTS = 60
QUIET_SECONDS = 1.0
WAIT_SECONDS_MAX = 30.0
RATE = 50.0
NUMBERS = range(NUMBER_FIRST, NUMBER_FIRST + EVENTS)
STAMPS = Stamps(("market-regulation",), templates=10)

Topic = Callable[..., str]


def nothing_to_watch() -> None:
    """There is no worker that could end."""


def wait(arrivals: Arrivals, numbers: range, seconds_max: float = WAIT_SECONDS_MAX) -> None:
    arrivals.wait(numbers, alive=nothing_to_watch, seconds_max=seconds_max)


def test_a_lost_event_and_a_doubled_one_are_seen(broker: str, fresh_topic: Topic) -> None:
    topic = fresh_topic("inbox", partitions=PARTITIONS)
    lost, doubled = NUMBERS[7], NUMBERS[11]
    written = [number for number in NUMBERS if number != lost] + [doubled]
    arrivals = Arrivals(NUMBERS)
    with reader.reading(broker, [topic], arrivals):
        publisher.pour(broker, (STAMPS.message(number, topic=topic) for number in written))
        wait(arrivals, NUMBERS, seconds_max=QUIET_SECONDS)

    assert [lost] == [n for n in NUMBERS if arrivals.lost(range(n, n + 1))]
    assert [doubled] == [n for n in NUMBERS if arrivals.doubled(range(n, n + 1))]


def test_what_an_aborted_transaction_wrote_never_came(broker: str, fresh_topic: Topic) -> None:
    topic = fresh_topic("inbox")
    producer = Producer({"bootstrap.servers": broker, "transactional.id": topic})
    producer.init_transactions(WAIT_SECONDS_MAX)
    arrivals = Arrivals(NUMBERS)
    with reader.reading(broker, [topic], arrivals):
        for number, end in ((NUMBERS[0], "abort"), (NUMBERS[1], "commit")):
            message = STAMPS.message(number)
            producer.begin_transaction()
            producer.produce(topic, key=message.key, value=message.value)
            producer.flush(WAIT_SECONDS_MAX)
            getattr(producer, f"{end}_transaction")(WAIT_SECONDS_MAX)
        wait(arrivals, NUMBERS[1:2])

    assert 0 == arrivals.lost(NUMBERS[1:2])
    assert 1 == arrivals.lost(NUMBERS[:1])


def test_what_was_there_before_is_not_noted(broker: str, fresh_topic: Topic) -> None:
    topic = fresh_topic("inbox")
    publisher.pour(broker, [STAMPS.message(NUMBERS[0], topic=topic)])
    arrivals = Arrivals(NUMBERS)
    with reader.reading(broker, [topic], arrivals):
        publisher.pour(broker, [STAMPS.message(NUMBERS[1], topic=topic)])
        wait(arrivals, NUMBERS[1:2])

    assert [NUMBERS[1]] == list(arrivals.came(NUMBERS))


def test_a_publisher_says_everything_at_its_moment_and_no_earlier(
    broker: str, fresh_topic: Topic
) -> None:
    topic = fresh_topic("outbox", partitions=PARTITIONS)
    messages = [STAMPS.message(number, topic=topic) for number in NUMBERS]
    arrivals = Arrivals(NUMBERS)
    with (
        reader.reading(broker, [topic], arrivals),
        publisher.publishing(broker, messages, NUMBERS, rate=RATE) as feed,
    ):
        said = feed.ended(seconds_max=WAIT_SECONDS_MAX)
        wait(arrivals, NUMBERS)
    at = reader.timestamps(broker, [topic], NUMBERS)

    assert said == NUMBERS
    assert set(NUMBERS) == set(arrivals.came(NUMBERS))
    due = feed.schedule.due
    assert all(arrivals.first(number) > due(number) for number in NUMBERS)
    assert all(at[number] >= due(number) - 0.001 for number in NUMBERS)  # to the millisecond


def test_a_publisher_that_is_told_to_stop_says_how_far_it_came(
    broker: str, fresh_topic: Topic
) -> None:
    topic = fresh_topic("outbox")
    messages = (STAMPS.message(number, topic=topic) for number in NUMBERS)
    arrivals = Arrivals(NUMBERS)
    with (
        reader.reading(broker, [topic], arrivals),
        publisher.publishing(broker, messages, NUMBERS, rate=5.0) as feed,
    ):
        wait(arrivals, NUMBERS[:1])
        feed.stop.set()
        said = feed.ended(seconds_max=WAIT_SECONDS_MAX)
        wait(arrivals, said)

    assert 1 <= len(said) < EVENTS
    assert list(said) == list(arrivals.came(NUMBERS))


def test_a_publisher_that_nothing_answers_waits_when_it_is_far_ahead(
    broker: str, fresh_topic: Topic
) -> None:
    topic = fresh_topic("outbox")
    numbers = range(NUMBER_FIRST, NUMBER_FIRST + publisher.AHEAD_MAX + 1_000)
    messages = (STAMPS.message(number, topic=topic) for number in numbers)
    arrivals = Arrivals(numbers)
    with publisher.publishing(
        broker, messages, numbers, rate=float("inf"), arrived=arrivals.seen
    ) as feed:
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while feed.said.value <= publisher.AHEAD_MAX and time.monotonic() < deadline:
            time.sleep(reader.POLL_SECONDS)
        feed.stop.set()
        said = feed.ended(seconds_max=WAIT_SECONDS_MAX)

    assert publisher.AHEAD_MAX + 1 == len(said)


def test_the_brokers_times_are_of_the_events_asked_for(broker: str, fresh_topic: Topic) -> None:
    empty, topic = fresh_topic("outbox"), fresh_topic("outbox", partitions=PARTITIONS)
    began = time.time()
    publisher.pour(broker, (STAMPS.message(number, topic=topic) for number in NUMBERS[:-1]))
    found = reader.timestamps(broker, [empty, topic], NUMBERS[1:])

    assert list(NUMBERS[1:]) == list(found)
    assert 0.0 == found[NUMBERS[-1]]
    assert all(found[number] >= began - 0.001 for number in NUMBERS[1:-1])


def test_only_what_is_written_to_the_topics_asked_for_is_read(
    broker: str, fresh_topic: Topic
) -> None:
    ours, other = fresh_topic("inbox"), fresh_topic("inbox")
    arrivals = Arrivals(NUMBERS)
    with reader.reading(broker, [ours], arrivals):
        publisher.pour(broker, [STAMPS.message(NUMBERS[0], topic=other)])
        publisher.pour(broker, [STAMPS.message(NUMBERS[1], topic=ours)])
        wait(arrivals, NUMBERS[1:2])

    assert [NUMBERS[1]] == list(arrivals.came(NUMBERS))
