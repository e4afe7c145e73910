"""Identity numbers: what may not leak, what may not be exchanged, what erasing means."""

import os

import pytest

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.identity import (
    KEY_BYTES,
    SECRET_BYTES_MIN,
    UnsealError,
    normalise,
    pseudonym,
    seal,
    unseal,
)
from credit_bus.domain.synthetic import synthetic_resident_id

SECRET = bytes(range(SECRET_BYTES_MIN))
NUMBER = synthetic_resident_id(0)
OTHER = synthetic_resident_id(1)


class MemoryKeys:
    """A key store that forgets when the test ends."""

    def __init__(self):
        self.keys = {}

    def get_or_create(self, pseudonym):
        return self.keys.setdefault(pseudonym, os.urandom(KEY_BYTES))

    def find(self, pseudonym):
        return self.keys.get(pseudonym)

    def destroy(self, pseudonym):
        return self.keys.pop(pseudonym, None) is not None


@pytest.fixture
def keys():
    return MemoryKeys()


@pytest.mark.parametrize("secret", [b"", b"short", bytes(SECRET_BYTES_MIN - 1)])
def test_a_short_secret_is_refused(secret):
    with pytest.raises(ValueError, match="secret"):
        pseudonym(NUMBER, secret)


@pytest.mark.parametrize("number", ["", "  ", "\u3000", "1" * 65])
def test_a_number_that_is_none_is_refused(number, keys):
    with pytest.raises(ValueError, match="identity number"):
        seal(number, SECRET, keys)


def test_the_message_of_a_refusal_does_not_hold_the_number(keys):
    with pytest.raises(ValueError, match="identity number") as caught:
        seal(NUMBER * 4, SECRET, keys)

    assert NUMBER not in str(caught.value)


@pytest.mark.parametrize("place", [0, 11, 12, 20, -1])
def test_an_altered_box_is_refused(keys, place):
    sealed = seal(NUMBER, SECRET, keys)
    box = bytearray(sealed["box"])
    box[place] ^= 1

    with pytest.raises(UnsealError):
        unseal(sealed | {"box": bytes(box)}, keys)


@pytest.mark.parametrize("size", [0, 1, 12, 27, 28])
def test_a_box_cut_short_is_refused(keys, size):
    sealed = seal(NUMBER, SECRET, keys)

    with pytest.raises(UnsealError):
        unseal(sealed | {"box": sealed["box"][:size]}, keys)


def test_a_box_of_another_holder_is_refused(keys):
    mine, theirs = seal(NUMBER, SECRET, keys), seal(OTHER, SECRET, keys)
    keys.keys[mine["pseudonym"]] = keys.keys[theirs["pseudonym"]]

    with pytest.raises(UnsealError):
        unseal(mine | {"box": theirs["box"]}, keys)


def test_a_destroyed_key_erases_the_number_everywhere(keys):
    copies = [seal(NUMBER, SECRET, keys), seal(NUMBER, SECRET, keys)]

    assert keys.destroy(copies[0]["pseudonym"])
    assert [None, None] == [unseal(copy, keys) for copy in copies]
    assert not keys.destroy(copies[0]["pseudonym"])


def test_a_number_sealed_after_its_erasure_does_not_bring_the_old_back(keys):
    old = seal(NUMBER, SECRET, keys)
    keys.destroy(old["pseudonym"])
    seal(NUMBER, SECRET, keys)

    with pytest.raises(UnsealError):
        unseal(old, keys)


def test_a_sealed_number_is_unsealed(keys):
    assert NUMBER == unseal(seal(NUMBER, SECRET, keys), keys)


def test_a_box_holds_no_number(keys):
    assert NUMBER.encode() not in seal(NUMBER, SECRET, keys)["box"]


def test_saying_a_number_again_gives_the_same_bytes(keys):
    assert 1 == len({seal(NUMBER, SECRET, keys)["box"] for _ in range(50)})


def test_two_numbers_never_share_a_nonce_and_two_keys_never_a_box(keys):
    other = seal(OTHER, SECRET, keys)["box"]
    first = seal(NUMBER, SECRET, keys)
    keys.destroy(first["pseudonym"])

    assert first["box"][:12] != other[:12]
    assert first["box"] != seal(NUMBER, SECRET, keys)["box"]


def test_a_sealed_number_fits_the_schemas(codec: Codec, body, keys):
    sealed = seal(NUMBER, SECRET, keys)
    value = codec.encode(
        "penalty.decided", body | {"subject": body["subject"] | {"representative_id": sealed}}
    )
    decoded = codec.decode(value, expected_type="penalty.decided")

    assert NUMBER == unseal(decoded["subject"]["representative_id"], keys)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (" 99999919000101000x ", "99999919000101000X"),
        ("９９９９９９１９０００１０１０００ｘ", "99999919000101000X"),
        ("\u3000e1234\t", "E1234"),
        ("", ""),
    ],
)
def test_a_number_has_one_form(written, normal):
    assert normal == normalise(written)


def test_every_form_of_a_number_has_one_pseudonym():
    wide = "".join(chr(ord(character) + 0xFEE0) for character in NUMBER)

    assert 1 == len({pseudonym(form, SECRET) for form in (NUMBER, f" {NUMBER.lower()} ", wide)})


def test_a_pseudonym_depends_on_number_and_secret():
    names = {
        pseudonym(number, secret)
        for number in (NUMBER, OTHER)
        for secret in (SECRET, bytes(SECRET_BYTES_MIN))
    }

    assert 4 == len(names)
    assert {64} == {len(name) for name in names}
    assert all(set(name) <= set("0123456789abcdef") for name in names)


def test_a_pseudonym_never_changes():
    assert "70e4d586429da740747d726822bc899eb6088eea9ef3f1e5124ba18c5214e932" == pseudonym(
        NUMBER, SECRET
    ), "topics are keyed by it: another digest would part every person's records"
