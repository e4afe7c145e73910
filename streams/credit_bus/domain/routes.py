"""Which platforms hold what: the routes of the registry, followed on a day.

The router forwards by this, and casework expects confirmations by it.
"""

from datetime import date
from functools import lru_cache

from credit_bus.domain.disputes import disputed_record
from credit_bus.domain.event import Body, affected_record
from credit_bus.domain.identifiers import is_pseudonym
from credit_bus.domain.registry import Registry, SubjectCategory

_ROUTES_REMEMBERED_MAX = 1_024  # for each day: types by categories of subjects

Categories = frozenset[SubjectCategory]
_ALONE = {category.value: frozenset({category}) for category in SubjectCategory}
_WITH_A_CODE = frozenset({SubjectCategory.ORGANISATION, SubjectCategory.INDIVIDUAL_BUSINESS})
_WITHOUT = frozenset({SubjectCategory.NATURAL_PERSON})


def platforms_of(
    event_type: str, body: Body, registry: Registry, day: date, *, key: str
) -> tuple[str, ...]:
    """Return the party codes of the platforms that hold such an event on that day, each once.

    What changes how a record stands goes where the record's own routes lead; what disputes it goes
    there beside where its own lead. `key` is the subject key. A platform that has not begun yet
    holds nothing; one that is gone is represented by its successor.
    """
    affected = affected_record(event_type, body)
    kind = event_type if affected is None else affected.type
    subject = body.get("subject")
    own = _platforms(registry, kind, _ALONE[subject["category"]] if subject else None, day)
    disputed = disputed_record(event_type, body)
    if disputed is None:
        return own
    shown = _platforms(registry, disputed["type"], categories_of(key), day)
    return tuple(dict.fromkeys((*own, *shown)))


def categories_of(key: str) -> Categories:
    """Return the categories that the subject of a dispute is taken for.

    A decision does not name its subject, so the objection is judged by the key as well, or one
    would go where the other does not. Whoever has no code is taken for a natural person: an
    individual business without one may be missed, a person is never told about.
    """
    return _WITHOUT if is_pseudonym(key) else _WITH_A_CODE


@lru_cache(maxsize=_ROUTES_REMEMBERED_MAX)  # 4 of a router's 37 µs an event
def _platforms(
    registry: Registry, kind: str, wanted: Categories | None, day: date
) -> tuple[str, ...]:
    platforms = {
        registry.successor_of(route.to, day): None
        for route in registry.routes
        if kind in route.types
        and (wanted is None or wanted & route.categories)
        # A route is there before its platform begins, and a router may be behind by a day.
        and registry.parties[route.to].since <= day
    }
    return tuple(platforms)
