"""Messages bent at random: what a broken, careless or hostile producer may send."""

import random
from collections.abc import Callable
from dataclasses import replace

from credit_bus.contracts.wire import Message

FRAME_BYTES = 5  # the zero byte and the schema id before the body
# A long of Avro in its widest form: as a length, a count of items or a branch of a union.
HUGE = (b"\xfe\xff\xff\xff\x0f", b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"\xff\xff\xff\x7f")
UNIONS_DEEP = 2_000


def mutate(message: Message, dice: random.Random) -> Message:
    """Return the message with one thing of it bent; the seed of the dice says which."""
    return dice.choice(MUTATIONS)(message, dice)


def flipped_bytes(message: Message, dice: random.Random) -> Message:
    """A few bytes of the value, frame included, are others."""
    value = bytearray(message.value or b"")
    for _ in range(dice.randint(1, 4)):
        value[dice.randrange(len(value))] = dice.randrange(256)
    return replace(message, value=bytes(value))


def flipped_bit(message: Message, dice: random.Random) -> Message:
    """One bit of the body is another: the nearest neighbours of what is right."""
    value = bytearray(message.value or b"")
    value[dice.randrange(FRAME_BYTES, len(value))] ^= 1 << dice.randrange(8)
    return replace(message, value=bytes(value))


def truncated(message: Message, dice: random.Random) -> Message:
    """The value ends early, or is empty."""
    value = message.value or b""
    return replace(message, value=value[: dice.randrange(len(value))])


def lengthened(message: Message, dice: random.Random) -> Message:
    """Bytes stand where none belong."""
    value = message.value or b""
    at = dice.randrange(FRAME_BYTES, len(value) + 1)
    return replace(message, value=value[:at] + dice.randbytes(dice.randint(1, 12)) + value[at:])


def other_schema(message: Message, dice: random.Random) -> Message:
    """The body claims another schema: one that exists, or any."""
    number = dice.choice((dice.randrange(64), dice.randrange(2**32)))
    value = message.value or b""
    return replace(message, value=value[:1] + number.to_bytes(4, "big") + value[FRAME_BYTES:])


def huge_length(message: Message, dice: random.Random) -> Message:
    """A length, a count or a branch says more than there can be."""
    value = message.value or b""
    at = dice.randrange(FRAME_BYTES, len(value))
    return replace(message, value=value[:at] + dice.choice(HUGE) + value[at + 1 :])


def nested_unions(message: Message, dice: random.Random) -> Message:
    """Thousands of branches, one in the other, as far as a reader follows them."""
    value = message.value or b""
    at = dice.randrange(FRAME_BYTES, len(value))
    return replace(
        message, value=value[:at] + dice.choice((b"\x02", b"\x04", b"\x01")) * UNIONS_DEEP
    )


def changed_header(message: Message, dice: random.Random) -> Message:
    """A header is gone, there twice, of any bytes, or has the value of its neighbour."""
    headers = list(message.headers)
    at = dice.randrange(len(headers))
    name, value = headers[at]
    headers[at : at + 1] = dice.choice(
        (
            [],
            [(name, value)] * 2,
            [(name, dice.randbytes(dice.randint(0, 40)))],
            [(name, headers[at - 1][1])],
            [(name, value + b"\x00")],
            [(name, value * 3_000)],
        )
    )
    return replace(message, headers=tuple(headers))


def changed_key(message: Message, dice: random.Random) -> Message:
    """The record key is gone, empty, another, or longer than any."""
    key = message.key or b""
    keys = (None, b"", dice.randbytes(18), key[:-1], key + b" ", key * 1_000)
    return replace(message, key=dice.choice(keys))


def no_value(message: Message, dice: random.Random) -> Message:
    """A tombstone, or nothing but a frame."""
    return replace(message, value=dice.choice((None, b"", (message.value or b"")[:FRAME_BYTES])))


MUTATIONS: tuple[Callable[[Message, random.Random], Message], ...] = (
    flipped_bytes,
    flipped_bit,
    truncated,
    lengthened,
    other_schema,
    huge_length,
    nested_unions,
    changed_header,
    changed_key,
    no_value,
)
