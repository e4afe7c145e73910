"""The same made-up decisions as rows of the 2016 templates, with what only those templates have."""

from credit_bus.domain.event_types import LICENCE_GRANTED
from credit_bus.domain.records_2016 import PENALTY_CATEGORIES
from credit_bus_connectors.departments.files.columns import Template
from credit_bus_connectors.departments.files.templates import LICENCE, PENALTY
from credit_bus_deploy.demo.rows import Maker, Row

_OTHER = "其他"
_NORMAL = "0"  # 当前状态: 正常
_EVENING = "18:30:00"


def good_2016(maker: Maker, template: Template, number: int, *, division: str) -> Row:
    """Return a row that must be accepted."""
    own = _licence if template.type == LICENCE_GRANTED else _penalty
    row = own(maker, number)
    return {
        **row,
        "publicity_state": _NORMAL,
        "division": division,
        "recorded_at": f"{row['decided_on']} {_EVENING}",
    }


def _licence(maker: Maker, number: int) -> Row:
    row = maker.good(LICENCE, number)
    category = _OTHER if row["category"].startswith(_OTHER) else row["category"]
    return {**row, "project_name": row["document_title"], "category": category}


def _penalty(maker: Maker, number: int) -> Row:
    row = maker.good(PENALTY, number)
    words = [_word(word) for word in row["categories"].split("；")]
    return {
        **row,
        "title": f"{row['violation']}案",
        "categories[0]": words[0],
        "categories[1]": words[1] if len(words) > 1 else "",
    }


def _word(word: str) -> str:
    """Return the category of 2016 that a category of 2018 belongs to."""
    return next((old for old in PENALTY_CATEGORIES if word[:4] in old), _OTHER)
