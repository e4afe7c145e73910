"""Positions of the database beside offsets of the broker: they belong together, or nothing begins.

A database put back to an earlier copy would miss what was read since; a log made anew under old
positions would be passed over.
"""

from collections.abc import Mapping

from aiokafka.structs import TopicPartition
from kafka import KafkaConsumer
from kafka import TopicPartition as Place

from credit_bus.domain.channels import RECORDS
from credit_bus.runtime.watchdog import committed_offsets


class WrongPositionError(Exception):
    """Database and broker do not belong together: going on would lose events."""


def check_positions(broker: str, group: str, positions: Mapping[int, int]) -> None:
    """Raise WrongPositionError unless every lane's position is one that its log can have."""
    places = {lane: Place(RECORDS, lane) for lane in positions}
    committed = committed_offsets(broker, group, places.values())
    consumer = KafkaConsumer(bootstrap_servers=broker, group_id=None, enable_auto_commit=False)
    try:
        ends = consumer.end_offsets(list(places.values()))
    finally:
        consumer.close()
    for lane, place in places.items():
        complaint = mistake(positions[lane], committed=committed[place], end=ends[place])
        if complaint:
            raise WrongPositionError(f"{RECORDS}/{lane}: {complaint}")


def mistake(position: int, *, committed: int, end: int) -> str:
    """Return what is wrong with a lane's position, "" when nothing is. Offsets are next ones."""
    if position < committed:
        return (
            f"the database has read up to {position}, the group has committed {committed}: the"
            " database is an earlier copy; set the group's offset back to the beginning with"
            " `kafka-consumer-groups.sh --reset-offsets --to-earliest`, what is done is passed over"
        )
    if position > end:
        return (
            f"the database has read up to {position}, the log ends at {end}: the log is another"
            " than the one that the database has read; give the database that belongs to it"
        )
    return ""


def lane_of_records(lane: int) -> TopicPartition:
    """Return the lane's partition of the log of record."""
    return TopicPartition(RECORDS, lane)
