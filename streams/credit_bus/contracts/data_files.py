"""Where the data folders are: inside an installed wheel, or beside the sources in a checkout.

Knows folder names only; what the files mean is known by `schemas` and `topics`.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_CHECKOUT = _PACKAGE.parent.parent


def data_folder(name: str) -> Path:
    """Return the folder `schemas/<name>` of this installation.

    Raises FileNotFoundError when neither the wheel's copy nor the checkout's own is there.
    """
    tried = (_PACKAGE / "schemas" / name, _CHECKOUT / "schemas" / name)
    for folder in tried:
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        f"no folder schemas/{name}: an installation carries it; looked at "
        f"{' and '.join(map(str, tried))}; install the package again"
    )
