"""The registry of the comparison: the example district with another fourth platform.

The district's routes to the hub's store, the city and the province lead a licence or a penalty to
three platforms; a fourth, which takes nothing about natural persons, makes four inboxes and a route
that looks at what an event says. The public site is left out, so that figures of before it compare.
"""

import re
import shutil
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "deploy/credit_bus_deploy/registry"
FOURTH = "compared-platform"
_LEFT_OUT = "public-site"

_PLATFORM = f"""
[[platform]]
code = "{FOURTH}"
name = "比对用平台"
since = 2018-03-23
publishes = ["delivery.confirmed", "delivery.refused"]
checked = false
"""

_ROUTE = f"""
[[route]]
id = "publicity-to-{FOURTH}"
types = ["licence.granted", "penalty.decided"]
to = "{FOURTH}"
categories = ["organisation", "individual_business"]
"""


def write_district(folder: Path) -> Path:
    """Write the registry's files into a new folder, and return it."""
    shutil.copytree(EXAMPLE, folder)
    for name, more in (("platforms.toml", _PLATFORM), ("routes.toml", _ROUTE)):
        path = folder / name
        path.write_text(_without_site(path.read_text(encoding="utf-8")) + more, encoding="utf-8")
    return folder


def _without_site(text: str) -> str:
    """Return the rows of a file without those of the public site."""
    rows = re.split(r"(?m)^(?=\[)", text)
    return "".join(row for row in rows if f'"{_LEFT_OUT}"' not in row)
