"""Record batches of a transaction, built whole."""

from collections.abc import Mapping, Sequence

from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.structs import TopicPartition

from credit_bus.contracts.wire import Wire
from credit_bus.domain.value import value

RECORD_BATCH_BYTES = 512 * 1024
_MAGIC = 2
_NO_COMPRESSION = 0
_TRANSACTIONAL = 1


@value
class RecordBatch:
    """Records of one partition as they go over the wire."""

    data: bytes
    count: int


def rounds_of_batches(
    outputs: Mapping[TopicPartition, Sequence[Wire]], *, producer_id: int, epoch: int
) -> list[dict[TopicPartition, RecordBatch]]:
    """Return record batches, one for each partition a round: a request may hold no more.

    Sequences start anew, since every transaction has an epoch of its own (KIP-890).
    """
    rounds: list[dict[TopicPartition, RecordBatch]] = []
    for tp, wires in outputs.items():
        for number, batch in enumerate(_batches(wires, producer_id, epoch)):
            if number == len(rounds):
                rounds.append({})
            rounds[number][tp] = batch
    return rounds


def _batches(wires: Sequence[Wire], producer_id: int, epoch: int) -> list[RecordBatch]:
    batches: list[RecordBatch] = []
    begin = 0
    while begin < len(wires):
        builder = DefaultRecordBatchBuilder(
            _MAGIC, _NO_COMPRESSION, _TRANSACTIONAL, producer_id, epoch, begin, RECORD_BATCH_BYTES
        )
        count = 0
        for wire in wires[begin:]:
            if not builder.append(count, None, wire.key, wire.value, wire.headers):
                break
            count += 1
        assert count, "a builder takes the first record, whatever its size"
        batches.append(RecordBatch(data=bytes(builder.build()), count=count))
        begin += count
    return batches
