"""Where an accepted event goes, as data: each follower of the routing table in words.

The words stand here, who follows whom stands in `flows/routing`. A follower without words is an
error, so that the document cannot pass over a way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from credit_bus.domain.channels import inbox, replies
from credit_bus.domain.event_types import MEASURE_ORDERED
from credit_bus.flows.notices import (
    ToNamed,
    answer_initiator,
    ask_hub,
    ask_owner,
    remind,
    tell_implementers,
)
from credit_bus.flows.routing import ROUTES, order_measures, to_platforms


class Family(StrEnum):
    """A family of topics, by the name of its file."""

    OUTBOX = "outbox"
    RECORDS = "records"
    INBOX = "inbox"
    REPLIES = "replies"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way on: to whose topic, of which family, and as what."""

    family: Family
    whom: str  # Chinese
    says: str | None = None  # a type that the bus says itself; None: the event as it came
    by_routes: bool = False  # which parties, the registry's routes say


_WAYS: Mapping[Callable[..., Any], tuple[Way, ...]] = MappingProxyType(
    {
        to_platforms: (Way(family=Family.INBOX, whom="登记册路由所列的平台", by_routes=True),),
        order_measures: (
            Way(family=Family.INBOX, whom="每项措施的每个实施部门", says=MEASURE_ORDERED),
        ),
        answer_initiator: (Way(family=Family.REPLIES, whom="行动的发起部门"),),
        tell_implementers: (Way(family=Family.INBOX, whom="推送时冻结名单中的每个实施部门"),),
        ask_owner: (Way(family=Family.INBOX, whom="须核实的单位：信息提供单位或者发起部门"),),
        ask_hub: (Way(family=Family.INBOX, whom="信用总线，由其答复"),),
        remind: (
            Way(family=Family.INBOX, whom="被催办单位"),
            Way(family=Family.REPLIES, whom="已逾期的，行动的发起部门"),
        ),
    }
)
_NAMED: Mapping[str, str] = MappingProxyType(
    {
        "entered_by": "列入名单的单位",
        "raised_by": "提出异议的单位",
        "recogniser": "认定单位",
        "requested_by": "转交修复申请的单位",
        "asker": "查询单位",
        "provider": "信息提供单位",
    }
)
_FAMILIES: Mapping[Callable[[str], str], Family] = MappingProxyType(
    {inbox: Family.INBOX, replies: Family.REPLIES}
)


def ways_of(event_type: str) -> tuple[Way, ...]:
    """Return the ways of an accepted event of this type; none for what the bus itself says.

    KeyError for a follower that has no words here.
    """
    return tuple(way for follow in ROUTES.get(event_type, ()) for way in _ways(follow))


def _ways(follow: Callable[..., Any]) -> tuple[Way, ...]:
    if isinstance(follow, ToNamed):
        return (Way(family=_FAMILIES[follow.channel], whom=_NAMED[follow.field]),)
    return _WAYS[follow]
