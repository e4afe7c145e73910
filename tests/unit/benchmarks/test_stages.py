"""The stages: what the floor reads and writes is what was there, and nothing is skipped."""

from benchmarks.peers import work
from benchmarks.stages.__main__ import corpus, gate_all, pure_stages, route_all, whole_stages
from benchmarks.stages.floor import batch_of, decode, floor, read, records_of, schemas_of, write
from benchmarks.stages.measure import Cost, Stage, costs, table
from tests import samples

from credit_bus.contracts.schemas import load_catalogue

GIVEN = corpus(list(work.messages(60, bad_share=0.3, repeated_share=0.2)))
SCHEMAS = schemas_of(load_catalogue())


def test_bad_messages_are_among_those_that_are_measured() -> None:
    assert len(GIVEN.readable) < len(GIVEN.messages)
    assert not all(GIVEN.decodable)


def test_a_batch_that_is_read_holds_the_messages_it_was_made_of() -> None:
    found = read(batch_of(GIVEN.messages), GIVEN.messages)

    assert [(m.topic, m.partition, m.key, m.value) for m in GIVEN.messages] == [
        (m.topic, m.partition, m.key, m.value) for m in found
    ]
    assert [dict(m.headers) for m in GIVEN.messages] == [dict(m.headers) for m in found]


def test_the_floor_writes_every_record_as_it_came() -> None:
    batch = batch_of(GIVEN.messages)

    assert batch == bytes(floor(batch, GIVEN.decodable, SCHEMAS).build())


def test_the_floor_decodes_what_the_codec_decodes() -> None:
    message = samples.message(samples.penalty())

    body = decode(message.value or b"", SCHEMAS)

    assert isinstance(body, dict)
    assert samples.penalty().body["facts"] == body["facts"]


def test_every_record_that_the_gate_makes_is_appended() -> None:
    produced = gate_all(GIVEN.messages)

    written = [list(records_of(bytes(batch.build()))) for batch in write(produced.records)]

    assert [len(wires) for wires in produced.records.values()] == list(map(len, written))
    assert len(route_all(GIVEN.readable).records) > 0


def test_every_stage_runs_and_is_compared_with_a_stage_of_the_table() -> None:
    stages = {**pure_stages(GIVEN), **whole_stages(GIVEN)}

    lines = table(stages, costs(stages, rounds=1))

    assert len(stages) + 2 == len(lines)
    assert all(stage.base in stages for stage in stages.values())


def test_what_is_kept_is_counted_and_what_is_needed_for_a_moment_is_told_apart() -> None:
    events = 1000
    stages = {
        "keeps": Stage(work=lambda: [object() for _ in range(events)], events=events, base="keeps"),
        "drops": Stage(work=lambda: len(bytearray(events * 500)), events=events, base="keeps"),
    }

    found = costs(stages, rounds=1)

    assert 1.0 == round(found["keeps"].blocks_left, 1)
    assert 0.0 == round(found["drops"].blocks_left, 1)
    assert 500 <= found["drops"].bytes_needed < 550


def test_a_ratio_is_that_of_the_shortest_rounds() -> None:
    stages = {name: Stage(work=list, events=1, base="a") for name in ("a", "b")}
    found = {
        "a": Cost(microseconds=(2.0, 9.0, 5.0), blocks_left=0.0, bytes_needed=0.0),
        "b": Cost(microseconds=(7.0, 5.0, 40.0), blocks_left=1.5, bytes_needed=320.4),
    }

    assert "| b | 5.0 | 7.0 | 40.0 | 1.5 | 320 | 2.50 | a |" == table(stages, found)[-1]
