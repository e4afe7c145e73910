"""Kafka's requests of a transaction in the versions of KIP-890, which aiokafka does not have yet.

In these versions a produce request and a commit of offsets enter the transaction by themselves, so
a transaction is three requests, one after the other, where it was five; the end of one answers
with the epoch of the next, so a late request of an earlier transaction is refused; and the commit
of offsets names the group's generation, so a former member's is refused too (KIP-447).
Source of fields and versions: Apache Kafka 4.4, `clients/src/main/resources/common/message`.
"""

from typing import Any

from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    Boolean,
    CompactArray,
    CompactBytes,
    CompactString,
    Int16,
    Int32,
    Int64,
    Schema,
    TaggedFields,
)

_NO_TAGS: dict[int, bytes] = {}
_TEXT = CompactString("utf-8")
_TAGS = ("tags", TaggedFields)


def _topics(*row: Any) -> Any:
    """Return the field that all of these requests and answers have: rows by topic and partition."""
    rows = CompactArray(("partition", Int32), *row, _TAGS)
    return ("topics", CompactArray(("topic", _TEXT), ("partitions", rows), _TAGS))


class _ProduceResponse(Response):
    API_KEY = 0
    API_VERSION = 12
    SCHEMA = Schema(
        _topics(
            ("error_code", Int16),
            ("base_offset", Int64),
            ("log_append_time", Int64),
            ("log_start_offset", Int64),
            (
                "record_errors",
                CompactArray(("index", Int32), ("message", _TEXT), _TAGS),
            ),
            ("error_message", _TEXT),
        ),
        ("throttle_time_ms", Int32),
        _TAGS,
    )


class _ProduceStruct(RequestStruct):
    API_KEY = 0
    API_VERSION = 12
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _ProduceResponse
    SCHEMA = Schema(
        ("transactional_id", _TEXT),
        ("acks", Int16),
        ("timeout_ms", Int32),
        _topics(("records", CompactBytes)),
        _TAGS,
    )


class ProduceInTransaction(Request[_ProduceStruct]):
    """Record batches for partitions of one broker; each partition enters the transaction."""

    API_KEY = 0

    def __init__(
        self, *, transactional_id: str, timeout_ms: int, batches: dict[str, dict[int, bytes]]
    ) -> None:
        self._fields = (transactional_id, timeout_ms, batches)

    def build(self, request_struct_class: type[_ProduceStruct]) -> _ProduceStruct:
        """Return the request as it goes over the wire."""
        transactional_id, timeout_ms, batches = self._fields
        topics = [
            (topic, [(number, data, _NO_TAGS) for number, data in parts.items()], _NO_TAGS)
            for topic, parts in batches.items()
        ]
        all_in_sync = -1
        return request_struct_class(transactional_id, all_in_sync, timeout_ms, topics, _NO_TAGS)


class _CommitResponse(Response):
    API_KEY = 28
    API_VERSION = 5
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        _topics(("error_code", Int16)),
        _TAGS,
    )


class _CommitStruct(RequestStruct):
    API_KEY = 28
    API_VERSION = 5
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _CommitResponse
    SCHEMA = Schema(
        ("transactional_id", _TEXT),
        ("group", _TEXT),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        ("generation", Int32),
        ("member_id", _TEXT),
        ("group_instance_id", _TEXT),
        _topics(
            ("offset", Int64),
            ("leader_epoch", Int32),
            ("metadata", _TEXT),
        ),
        _TAGS,
    )


class CommitInTransaction(Request[_CommitStruct]):
    """Offsets of a group as of a generation and member; they enter the transaction."""

    API_KEY = 28

    def __init__(
        self,
        *,
        transactional_id: str,
        producer_id: int,
        producer_epoch: int,
        group: str,
        generation: int,
        member_id: str,
        offsets: dict[str, dict[int, int]],
    ) -> None:
        self._ids = (transactional_id, group, producer_id, producer_epoch, generation, member_id)
        self._offsets = offsets

    def build(self, request_struct_class: type[_CommitStruct]) -> _CommitStruct:
        """Return the request as it goes over the wire."""
        leader_epoch, metadata, instance = -1, None, None
        topics = [
            (
                topic,
                [(n, offset, leader_epoch, metadata, _NO_TAGS) for n, offset in parts.items()],
                _NO_TAGS,
            )
            for topic, parts in self._offsets.items()
        ]
        return request_struct_class(*self._ids, instance, topics, _NO_TAGS)


class _EndResponse(Response):
    API_KEY = 26
    API_VERSION = 5
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        _TAGS,
    )


class _EndStruct(RequestStruct):
    API_KEY = 26
    API_VERSION = 5
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _EndResponse
    SCHEMA = Schema(
        ("transactional_id", _TEXT),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        ("committed", Boolean),
        _TAGS,
    )


class CommitTransaction(Request[_EndStruct]):
    """The end of a transaction; answered with the producer's id and epoch for the next."""

    API_KEY = 26

    def __init__(self, *, transactional_id: str, producer_id: int, producer_epoch: int) -> None:
        self._fields = (transactional_id, producer_id, producer_epoch)

    def build(self, request_struct_class: type[_EndStruct]) -> _EndStruct:
        """Return the request as it goes over the wire."""
        return request_struct_class(*self._fields, True, _NO_TAGS)


class _FetchOffsetsResponse(Response):
    API_KEY = 9
    API_VERSION = 7
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        _topics(
            ("offset", Int64),
            ("leader_epoch", Int32),
            ("metadata", _TEXT),
            ("error_code", Int16),
        ),
        ("error_code", Int16),
        _TAGS,
    )


class _FetchOffsetsStruct(RequestStruct):
    API_KEY = 9
    API_VERSION = 7
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _FetchOffsetsResponse
    SCHEMA = Schema(
        ("group", _TEXT),
        (
            "topics",
            CompactArray(("topic", _TEXT), ("partitions", CompactArray(Int32)), _TAGS),
        ),
        ("require_stable", Boolean),
        _TAGS,
    )


class FetchStableOffsets(Request[_FetchOffsetsStruct]):
    """A group's committed offsets; an error for each that an open transaction may still move."""

    API_KEY = 9

    def __init__(self, *, group: str, partitions: dict[str, list[int]]) -> None:
        self._fields = (group, partitions)

    def build(self, request_struct_class: type[_FetchOffsetsStruct]) -> _FetchOffsetsStruct:
        """Return the request as it goes over the wire."""
        group, partitions = self._fields
        topics = [(topic, numbers, _NO_TAGS) for topic, numbers in partitions.items()]
        return request_struct_class(group, topics, True, _NO_TAGS)
