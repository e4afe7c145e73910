"""The container of an XLSX file: a zip with bounds, and XML parts as streams of elements.

Knows zip and XML; knows no sheet. A part is parsed chunk by chunk and never held whole. What makes
a parser grow without end is refused: a document type (entities), a tag or a comment without end,
elements in elements without end, ever new names.
"""

import errno
import io
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

READ_BYTES_MAX = 1024 * 1024  # of one read, so of the archive's directory too
UNPACKED_BYTES_MAX = 1024 * 1024 * 1024
CHUNK_BYTES = 64 * 1024
TOKEN_BYTES_MAX = 1024 * 1024
DEPTH_MAX = 64
NAMES_MAX = 10_000
_ENCRYPTED_FLAG = 0x1

BROKEN, TOO_LARGE, UNSAFE = "xlsx-broken", "xlsx-too-large", "xlsx-unsafe"

_ZIP_FAULTS = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OverflowError,
    ValueError,
    struct.error,
    zlib.error,
)

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class PackageError(Exception):
    """The file cannot be read, and why: a code of departments/rules.py."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


class Package:
    """An open XLSX file: its parts by name."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._unpacked = 0
        self._parts = {info.filename.lstrip("/").lower(): info for info in archive.infolist()}
        _check(self._parts)

    def has(self, part: str) -> bool:
        """Return whether there is such a part; its name is compared as Windows would."""
        return part.lower() in self._parts

    def names(self) -> list[str]:
        """Return the names of all parts, in small letters."""
        return list(self._parts)

    def parse(
        self, part: str, *, start: Start, end: End | None = None, text: Text | None = None
    ) -> Iterator[None]:
        """Parse the part, handing its elements to the functions; yields after each chunk.

        Element names come without their namespace. Raises PackageError.
        """
        info = self._parts.get(part.lower())
        if info is None:
            raise PackageError(BROKEN, f"no part {part}")
        reading = _Reading(start=start, end=end, text=text)
        with _faults():
            opened = self._archive.open(info)
        with opened as stream:
            while True:
                with _faults():
                    chunk = stream.read(CHUNK_BYTES)
                self._unpacked += len(chunk)
                if self._unpacked > UNPACKED_BYTES_MAX:  # one part may be asked for many times
                    raise PackageError(TOO_LARGE)
                reading.feed(chunk)
                yield
                if not chunk:
                    return


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Open the file as a package. Raises PackageError."""
    with _Thrifty(path) as stream:
        with _faults():
            archive = ZipFile(stream)
        with archive:
            yield Package(archive)


class _Thrifty(io.FileIO):
    """A file of which no read is large: `ZipFile` reads the archive's whole directory in one."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to so many bytes; refused beyond the bound."""
        if size is not None and size > READ_BYTES_MAX:
            raise BadZipFile(f"a read of {size} bytes")
        return super().read(size)


@contextmanager
def _faults() -> Iterator[None]:
    """Turn what zipfile raises for a bent archive into a PackageError."""
    try:
        yield
    except _ZIP_FAULTS as error:
        raise PackageError(BROKEN, type(error).__name__) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a seek to before the file's beginning
            raise
        raise PackageError(BROKEN, "an offset outside the file") from error


def _check(parts: dict[str, ZipInfo]) -> None:
    """Refuse an archive that is not what it says, before a byte of it is unpacked.

    `zipfile` gives no more of a part than its directory says, so this bound holds.
    """
    for info in parts.values():
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise PackageError("file-encrypted")
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise PackageError(UNSAFE, f"compression {info.compress_type}")
    if sum(info.file_size for info in parts.values()) > UNPACKED_BYTES_MAX:
        raise PackageError(TOO_LARGE)


class _Reading:
    """One part under way: an expat parser with bounds."""

    def __init__(self, *, start: Start, end: End | None, text: Text | None) -> None:
        self._start, self._end = start, end
        self._local: dict[str, str] = {}  # names without their namespace
        self._depth = self._namespaces = self._fed = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = text
        self._parser = parser

    def feed(self, chunk: bytes) -> None:
        """Parse a chunk; an empty one is the end."""
        try:
            self._parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            raise PackageError(BROKEN, str(error)) from error
        except (LookupError, ValueError) as error:
            if self._fed:
                raise
            # An encoding that nobody knows; it stands in the first chunk.
            raise PackageError(BROKEN, type(error).__name__) from error
        self._fed += len(chunk)
        if self._fed - self._parser.CurrentByteIndex > TOKEN_BYTES_MAX:
            raise PackageError(UNSAFE, "a tag without end")
        if len(self._parser.intern) > NAMES_MAX:
            raise PackageError(UNSAFE, "too many names")

    def _open(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise PackageError(UNSAFE, "elements too deep")
        local = self._local.get(name)
        if local is None:
            local = self._local[name] = name[name.rfind(" ") + 1 :]
        self._start(local, attributes)

    def _close(self, name: str) -> None:
        self._depth -= 1
        if self._end is not None:
            self._end(self._local[name])

    def _doctype(self, *_: object) -> None:
        raise PackageError(UNSAFE, "a document type")

    def _namespace(self, *_: object) -> None:
        self._namespaces += 1
        if self._namespaces > NAMES_MAX:
            raise PackageError(UNSAFE, "too many namespaces")
