"""Who answers for whom: a party, or the one that took its duties over."""

from collections.abc import Collection

from credit_bus.domain.context import Context


def is_one_of(parties: Collection[str], context: Context) -> bool:
    """Return whether the source is one of the parties, or answers today for one that is gone.

    Raises as `Registry.successor_of` does when a party is unknown or ended without a successor,
    which the loader refuses.
    """
    return any(answers_for(context.source, party, context) for party in parties)


def answers_for(code: str, party: str, context: Context) -> bool:
    """Return whether that code is the party's own, or answers today for one that is gone.

    Raises as `is_one_of` does.
    """
    return code == party or (
        _is_gone(party, context) and context.registry.successor_of(party, context.today) == code
    )


def _is_gone(code: str, context: Context) -> bool:
    until = context.registry.parties[code].until
    return until is not None and until <= context.today
