"""Which platforms hold what: the routes of the registry, followed on a day.

The router forwards by this, and casework expects confirmations by it.
"""

from datetime import date
from functools import lru_cache

from credit_bus.domain.event import Body, affected_record
from credit_bus.domain.registry import Registry, SubjectCategory

_ROUTES_REMEMBERED_MAX = 1_024  # for each day: types by categories of subjects


def platforms_of(event_type: str, body: Body, registry: Registry, day: date) -> tuple[str, ...]:
    """Return the party codes of the platforms that hold such an event on that day, each once.

    What changes how a record stands goes where the record's own routes lead. A platform that has
    not begun yet holds nothing; one that is gone is represented by its successor.
    """
    affected = affected_record(event_type, body)
    kind = event_type if affected is None else affected.type
    subject = body.get("subject")
    return _platforms(registry, kind, subject["category"] if subject else None, day)


@lru_cache(maxsize=_ROUTES_REMEMBERED_MAX)  # 4 of a router's 37 µs an event
def _platforms(registry: Registry, kind: str, category: str | None, day: date) -> tuple[str, ...]:
    wanted = None if category is None else SubjectCategory(category)
    platforms = {
        registry.successor_of(route.to, day): None
        for route in registry.routes
        if kind in route.types
        and (wanted is None or wanted in route.categories)
        # A route is there before its platform begins, and a router may be behind by a day.
        and registry.parties[route.to].since <= day
    }
    return tuple(platforms)
