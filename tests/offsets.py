"""Offsets of groups that nobody is a member of, set from outside."""

import time
from collections.abc import Mapping

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NoError
from kafka.structs import OffsetAndMetadata

WAIT_SECONDS_MAX = 60.0
POLL_SECONDS = 0.2


def set_offsets(admin: KafkaAdminClient, group: str, offsets: Mapping[TopicPartition, int]) -> None:
    """Commit the offsets for the group; a broker that has just started has no coordinator yet."""
    told = {tp: OffsetAndMetadata(offset, "", -1) for tp, offset in offsets.items()}
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while wrong := _wrong(admin, group, told):
        assert time.monotonic() < deadline, wrong
        time.sleep(POLL_SECONDS)


def _wrong(
    admin: KafkaAdminClient, group: str, told: Mapping[TopicPartition, OffsetAndMetadata]
) -> set[str]:
    """Commit, and return what went wrong; the client raises some of it and returns the rest."""
    try:
        answered = admin.alter_group_offsets(group, told)
    except (CoordinatorNotAvailableError, CoordinatorLoadInProgressError) as error:
        return {type(error).__name__}
    return {each.__name__ for each in answered.values()} - {NoError.__name__}
