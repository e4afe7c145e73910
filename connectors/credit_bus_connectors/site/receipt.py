"""Receipt numbers of petitions: made from a token of the form, never guessed, easily read out.

Pure, but for the token's chance. The site keeps a digest of the number alone: whoever reads the
table can follow nobody's petition with it.
"""

import base64
import hashlib
import re
import secrets

TOKEN_BYTES = 16
RECEIPT_CHARACTERS = 24  # of 5 bits each: 120 bits
ENTERED_CHARACTERS_MAX = 100

_GROUP = 4
_TOKEN = re.compile(r"[0-9a-f]{32}")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015]+")
_RECEIPT = re.compile(rf"[A-Z2-7]{{{RECEIPT_CHARACTERS}}}")
# What people write for letters of the alphabet, which has no 0, 1 and 8.
_READ_AS = str.maketrans("018", "OIB")


def new_token() -> str:
    """Return a token for one form: 32 hex digits of chance."""
    return secrets.token_hex(TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Return whether the text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None


def receipt_of(token: str) -> str:
    """Return the receipt number of whatever the form with that token says: six groups of four.

    The same token gives the same number, so that a form sent twice is one petition.
    """
    digest = hashlib.sha256(f"receipt\x1f{token}".encode()).digest()
    letters = base64.b32encode(digest).decode()[:RECEIPT_CHARACTERS]
    return "-".join(letters[at : at + _GROUP] for at in range(0, RECEIPT_CHARACTERS, _GROUP))


def digest_of(entered: str) -> bytes | None:
    """Return the digest under which a receipt's petition is kept, or None for no receipt number."""
    if len(entered) > ENTERED_CHARACTERS_MAX:
        return None
    letters = _BETWEEN.sub("", entered).upper().translate(_READ_AS)
    if not _RECEIPT.fullmatch(letters):
        return None
    return hashlib.sha256(letters.encode()).digest()
