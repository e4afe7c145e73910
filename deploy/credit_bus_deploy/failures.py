"""The one failure an operator reads: a sentence with the thing, the rule and the remedy.

It knows no cause by itself; the command line prints the sentence and exits with EXIT_CODE.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EXIT_CODE = 2
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST})


class InstallationError(Exception):
    """The installation cannot start or answer; the text is one sentence for the operator."""


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn a full disk or a refused write below `folder` into InstallationError."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise InstallationError(
                f"the disk under {folder} is full: free some space or give another --home"
            ) from error
        if error.errno in _REFUSED:
            raise InstallationError(
                f"{error.filename or folder} cannot be written ({error.strerror}): "
                "give a --home that this user owns"
            ) from error
        raise
