"""Identity numbers: a pseudonym to key topics by, and a sealed box to carry the number in.

The number is encrypted under a key of its holder's own, so destroying that key erases it from
every topic at once. Knows no store: keys come through `KeyStore`.
Source: NIST SP 800-38D (AES-GCM), RFC 2104 (HMAC).
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
SECRET_BYTES_MIN = 32
NUMBER_CHARACTERS_MAX = 64

# Another purpose under the same secret must give another digest.
_PURPOSE = b"credit-bus identity pseudonym v1\x00"
_NONCE_PURPOSE = b"credit-bus identity nonce v1\x00"

# Full-width ASCII (U+FF01 to U+FF5E) and the ideographic space, as input methods produce them.
_HALF_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20}


class KeyStore(Protocol):
    """Keeps one key per holder, named by pseudonym."""

    def get_or_create(self, pseudonym: str) -> bytes:
        """Return the holder's key of `KEY_BYTES` bytes, made at random when there is none."""
        ...

    def find(self, pseudonym: str) -> bytes | None:
        """Return the holder's key, or None when there is none or it was destroyed."""
        ...

    def destroy(self, pseudonym: str) -> bool:
        """Erase the holder's key for ever; return whether there was one."""
        ...


class UnsealError(ValueError):
    """A box that is not what was sealed for this pseudonym: altered, exchanged or cut short."""


def normalise(number: str) -> str:
    """Return the number as it is hashed and sealed: no outer blanks, half-width, upper case."""
    return number.translate(_HALF_WIDTH).strip().upper()


def pseudonym(number: str, secret: bytes) -> str:
    """Return the 64 hex digits that stand for this number under the district's secret.

    Raises ValueError for a secret that is too short to keep numbers of few digits unguessable, and
    for a number that is blank or longer than any identity number.
    """
    if len(secret) < SECRET_BYTES_MIN:
        raise ValueError(
            f"the identity secret has {len(secret)} bytes, at least {SECRET_BYTES_MIN} are needed; "
            f"make one at random"
        )
    plain = normalise(number)
    if not 0 < len(plain) <= NUMBER_CHARACTERS_MAX:
        raise ValueError(
            f"an identity number has 1 to {NUMBER_CHARACTERS_MAX} characters; check it before "
            f"sealing"
        )
    return hmac.new(secret, _PURPOSE + plain.encode(), hashlib.sha256).hexdigest()


def seal(number: str, secret: bytes, keys: KeyStore) -> dict[str, Any]:
    """Return the number as a `Sealed` record: its pseudonym, and a box of nonce and ciphertext.

    The nonce follows from key and number, so that saying a thing again gives the same bytes and is
    recognised as said before. A nonce never meets two texts under one key; that two boxes hold the
    same number is what their equal pseudonyms say anyway. Raises ValueError as `pseudonym` does.
    """
    name = pseudonym(number, secret)
    key = keys.get_or_create(name)
    plain = normalise(number).encode()
    nonce = hmac.new(key, _NONCE_PURPOSE + plain, hashlib.sha256).digest()[:NONCE_BYTES]
    return {"pseudonym": name, "box": nonce + AESGCM(key).encrypt(nonce, plain, _of(name))}


def unseal(sealed: Mapping[str, Any], keys: KeyStore) -> str | None:
    """Return the normalised number of a `Sealed` record; None when its key was destroyed.

    Raises UnsealError when the box was not sealed for this pseudonym with this key.
    """
    name, box = sealed["pseudonym"], sealed["box"]
    key = keys.find(name)
    if key is None:
        return None
    if len(box) < NONCE_BYTES + TAG_BYTES:
        raise UnsealError("the sealed number is cut short; have its provider report it again")
    try:
        return AESGCM(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], _of(name)).decode()
    except (InvalidTag, UnicodeDecodeError) as error:
        raise UnsealError(
            "the sealed number was altered or belongs to another holder; have its provider "
            "report it again"
        ) from error


def _of(name: str) -> bytes:
    """Return the associated data that ties a box to its holder."""
    return name.encode()
