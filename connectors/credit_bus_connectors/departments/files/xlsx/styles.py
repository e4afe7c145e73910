"""Which cell styles show a number as a date, or with leading zeros. Knows the part `styles`."""

import re
from collections.abc import Sequence

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from credit_bus_connectors.departments.files.xlsx.package import (
    TOO_LARGE,
    Attributes,
    Package,
    PackageError,
)
from credit_bus_connectors.departments.files.xlsx.values import PLAIN, Format

STYLES_MAX = 65_536
FORMATS_MAX = 10_000
FORMAT_CHARACTERS_MAX = 255

# East Asian spreadsheets write these without a definition (ECMA-376, 18.8.30): 年月日, 上午, …
_EAST_ASIAN_DATES = frozenset({*range(27, 37), *range(50, 59)})
_LEADING_ZEROS = re.compile(r"0{2,18}")

DATE = Format(is_date=True)


def read_styles(package: Package, part: str | None) -> Sequence[Format]:
    """Return the format of each cell style, in the order by which cells refer to them."""
    if part is None:
        return ()
    codes: dict[str, str] = {}
    styles: list[Format] = []
    within = ""

    def start(name: str, attributes: Attributes) -> None:
        nonlocal within
        if name in ("cellXfs", "cellStyleXfs", "dxfs"):
            within = name
        elif name == "numFmt" and within != "dxfs":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and within == "cellXfs":
            styles.append(_format_of(attributes.get("numFmtId", "0"), codes))
        if len(styles) > STYLES_MAX or len(codes) > FORMATS_MAX:
            raise PackageError(TOO_LARGE)

    for _ in package.parse(part, start=start):
        pass
    return styles


def _format_of(id_: str, codes: dict[str, str]) -> Format:
    number = int(id_) if id_.isascii() and id_.isdigit() and len(id_) < 10 else 0
    code = codes.get(id_, BUILTIN_FORMATS.get(number))
    if code is None:
        return DATE if number in _EAST_ASIAN_DATES else PLAIN
    if len(code) > FORMAT_CHARACTERS_MAX:
        return PLAIN
    if _LEADING_ZEROS.fullmatch(code):
        return Format(digits=len(code))
    return DATE if is_date_format(code) else PLAIN
