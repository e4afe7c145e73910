"""The quick way of a body is the full way, or none: same values, same bytes, same refusals."""

from datetime import UTC
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.exact import INT_MAX, LONG_MAX
from credit_bus.contracts.quick_read import UNUSUAL, compile_read
from credit_bus.contracts.schemas import load_catalogue, release
from credit_bus.contracts.shape import Field, Shape, shape_of

CATALOGUE = load_catalogue()
NEWEST = [CATALOGUE.latest(kind) for kind in sorted({each.type for each in CATALOGUE.all})]
SHAPES = {schema.type: shape_of(schema.parsed)[0] for schema in NEWEST}
PREFIX_BYTES = 5

many = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
of_every_type = pytest.mark.parametrize("kind", SHAPES)

_LEAVES: dict[str, st.SearchStrategy[Any]] = {
    # Lengths of one, two and three bytes.
    "string": st.text(max_size=80)
    | st.sampled_from(["x" * 63, "x" * 64, "x" * 8191, "x" * 8192, "示" * 3000]),
    "bytes": st.binary(max_size=80),
    "boolean": st.booleans(),
    "int": st.integers(-INT_MAX - 1, INT_MAX) | st.sampled_from([-INT_MAX - 1, -1, 63, 64]),
    "long": st.integers(-LONG_MAX - 1, LONG_MAX) | st.sampled_from([-LONG_MAX - 1, LONG_MAX]),
    "date": st.dates(),
    "timestamp-millis": st.datetimes(timezones=st.just(UTC)),
}


def bodies(shape: Shape) -> st.SearchStrategy[Any]:
    """Values of the shape."""
    match shape.kind:
        case "record":
            found = st.fixed_dictionaries({f.name: bodies(f.shape) for f in shape.fields})
        case "array":
            assert shape.item is not None
            found = st.lists(bodies(shape.item), max_size=3)
        case "enum":
            found = st.sampled_from(shape.symbols)
        case "decimal":
            found = st.decimals(-100, 10**11, places=shape.scale, allow_nan=False)
        case kind:
            found = _LEAVES[kind]
    return st.none() | found if shape.nullable else found


def hold(codec: Codec, kind: str, value: bytes | None) -> None:
    """Assert that both ways read the same, to the type of each value and the order of fields."""
    for expected in (kind, None, "penalty.decided"):
        full = codec.decode_fully(value, expected_type=expected)

        assert repr(full) == repr(codec.decode(value, expected_type=expected))


@of_every_type
@many
@given(data=st.data())
def test_bytes_are_read_alike_on_both_ways_whatever_is_bent_in_them(codec, kind, data):
    value = codec.encode(kind, data.draw(bodies(SHAPES[kind])))
    hold(codec, kind, value)
    start = data.draw(st.integers(PREFIX_BYTES, len(value)))
    end = data.draw(st.integers(start, min(start + 4, len(value))))
    put = data.draw(st.binary(max_size=4))
    for bent in (value[:start], value[:start] + put + value[end:], value + put):
        hold(codec, kind, bent)


@of_every_type
@many
@given(tail=st.binary(max_size=300))
def test_any_bytes_are_read_alike_on_both_ways(codec, kind, tail):
    prefix = b"\x00" + CATALOGUE.latest(kind).id.to_bytes(4, "big")

    hold(codec, kind, prefix + tail)


def test_the_quick_way_is_taken(codec, event):
    """Otherwise all of the above compares the full way with itself."""
    shape = SHAPES[event.type]
    value = codec.encode(event.type, event.body)

    assert (dict(event.body), len(value)) == compile_read(shape)(value, PREFIX_BYTES)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("array", b"\x01\x02\x00\x00"),  # a block that states its size
        ("array", b"\x02\x00\x02\x00\x00"),  # a second block
        ("boolean", b"\x02"),
        ("bytes", b"\x01"),  # a length below nought
        ("string", b"\x01"),
        ("string", b"\x02\xff"),
        ("int", b"\xff\xff\xff\xff\x7f"),
        ("long", b"\xff" * 10 + b"\x01"),
        ("enum", b"\x04"),
        ("date", b"\xfe\xff\xff\xff\x0f"),
        ("record", b"\x02\x01"),  # a text's length below nought
        ("record", b"\x02\x81\x01" + bytes(64)),
        ("record", b"\x02\x80\x80\x02" + bytes(16_384)),  # a length of three bytes
        ("record", b"\x01\x02a"),  # a branch below nought, and one that is not there
        ("record", b"\x04\x02a"),
    ],
)
def test_what_is_odd_is_left_to_the_full_way(kind, value):
    text = Shape(kind="string", path="", nullable=kind == "record")
    shape = Shape(
        kind=kind,
        path="",
        item=text if kind == "array" else None,
        fields=(Field(name="a", shape=text, has_default=False),) if kind == "record" else (),
        symbols=("a", "b"),
    )

    with pytest.raises(UNUSUAL):
        compile_read(shape)(value, 0)


def test_an_older_version_is_never_read_along_the_newest_plan(released, schema_file):
    """The same bytes fit both here, and mean something else."""

    def swap(schema):
        schema["fields"][:2] = schema["fields"][1::-1]

    folder = released()
    older = Codec(load_catalogue(folder)).encode("measure.responded", schema_file.RESPONSE)
    schema_file.next_version(folder, "measure.responded", swap)
    release(folder)
    read = Codec(load_catalogue(folder)).decode(older, expected_type="measure.responded")

    assert schema_file.RESPONSE == read
