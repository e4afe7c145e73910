"""Licences and penalties of the generation of 2016 that look odd and may stand."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from tests.unit.domain import world

from credit_bus.domain.event_types import LICENCE_GRANTED, PENALTY_DECIDED
from credit_bus.domain.identifiers import USCC_NONE

_LICENCE = world.OF_2016[LICENCE_GRANTED]
_PENALTY = world.OF_2016[PENALTY_DECIDED]
_NOTHING_OPTIONAL = dict.fromkeys(("usage_scope", "power_code", "remark"))

GOOD_2016: Mapping[str, tuple[str, Mapping[str, Any], Mapping[str, Any]]] = {
    "a licence of 2016": (LICENCE_GRANTED, _LICENCE, {}),
    "a penalty of 2016": (PENALTY_DECIDED, _PENALTY, {}),
    "a licence of 2016 without what is optional": (
        LICENCE_GRANTED,
        {**_LICENCE, **_NOTHING_OPTIONAL, "subject.representative_name": None},
        {},
    ),
    "a penalty of 2016 without what is optional": (
        PENALTY_DECIDED,
        {
            **_PENALTY,
            **_NOTHING_OPTIONAL,
            "severity": None,
            "valid_until": None,
            "publish_until": None,
            "subject.representative_name": None,
        },
        {},
    ),
    "a licence of 2016 for a natural person": (
        LICENCE_GRANTED,
        {**_LICENCE, "subject": world.NATURAL_PERSON},
        {"subject": world.PERSON},
    ),
    "a penalty of 2016 on a shop keyed by its operator": (
        PENALTY_DECIDED,
        {**_PENALTY, "subject": world.SHOP_WITHOUT_CODE},
        {"subject": world.PERSON},
    ),
    "a penalty of 2016 on a shop that states it has no code": (
        PENALTY_DECIDED,
        {**_PENALTY, "subject": {**world.SHOP_WITHOUT_CODE, "uscc": USCC_NONE}},
        {"subject": world.PERSON},
    ),
    "categories of 2016 in their combined words": (
        PENALTY_DECIDED,
        {
            **_PENALTY,
            "categories": ["没收违法所得、没收非法财物", "暂扣或者吊销许可证、暂扣或者吊销执照"],
        },
        {},
    ),
    "a fine of 2016, which states no amount": (
        PENALTY_DECIDED,
        {**_PENALTY, "categories": ["罚款", "其他"]},
        {},
    ),
    "a licence category that 2016 leaves unspecified": (
        LICENCE_GRANTED,
        {**_LICENCE, "category": "其他"},
        {},
    ),
    "another state of 2016": (LICENCE_GRANTED, {**_LICENCE, "publicity_state": "3"}, {}),
    "recorded in the last second of today": (
        LICENCE_GRANTED,
        {**_LICENCE, "recorded_at": datetime(2026, 6, 1, 15, 59, 59, tzinfo=UTC)},
        {},
    ),
    "recorded in the first second of the day of the decision": (
        LICENCE_GRANTED,
        {**_LICENCE, "recorded_at": datetime(2026, 4, 30, 16, tzinfo=UTC)},
        {},
    ),
    "a long-term licence of 2016": (
        LICENCE_GRANTED,
        {**_LICENCE, "valid_to": date(2099, 12, 31)},
        {},
    ),
    "an old registration number, and a tax number of 15": (
        PENALTY_DECIDED,
        {
            **_PENALTY,
            "subject.registration_number": "620702600012342",
            "subject.tax_number": "6" * 15,
        },
        {},
    ),
    "a registration number from before 2007, and a tax number of 17": (
        PENALTY_DECIDED,
        {
            **_PENALTY,
            "subject.registration_number": "6207026000123",
            "subject.tax_number": "6" * 17,
        },
        {},
    ),
    "a tax number of 18": (PENALTY_DECIDED, {**_PENALTY, "subject.tax_number": "6" * 18}, {}),
    "a tax number of 20": (PENALTY_DECIDED, {**_PENALTY, "subject.tax_number": "6" * 20}, {}),
    "blank words in fields that only 2018 has": (
        LICENCE_GRANTED,
        {**_LICENCE, "document_title": "/", "source_name": "无", "subject.society_certificate": ""},
        {},
    ),
    "blank words in fields that only 2016 has": (
        LICENCE_GRANTED,
        {"project_name": "/", "division": "无", "power_code": ""},
        {},
    ),
}
